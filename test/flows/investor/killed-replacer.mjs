// Replaces a set of pictures by another and kills itself before its n-th change of the disk:
// killed-replacer.mjs DIR N. Ends with 0 when there are fewer changes.
import fs from "node:fs";
import {syncBuiltinESMExports} from "node:module";
import process from "node:process";

const [, , dir, at] = process.argv;
const {planReplacement, replacePictures} = await import(
  new URL("../../../dist/src/flows/investor/replace-pictures.js", import.meta.url)
);
const names = ["since_2019", "since_2022", "last_24hours", "last_5minutes"];
const painted = names.map((name) => ({
  fileName: `cumulative_pnl.${name}.png`,
  png: Buffer.from(`${name} b`),
  facts: {name, first: "2019-09-01 00:00", last: "2025-09-02 11:05", bars: 9, netPnl: 1_234},
  caption: "",
}));

let changes = 0;
for (const name of ["mkdirSync", "writeFileSync", "renameSync", "rmSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (++changes === Number(at)) {
      process.kill(process.pid, "SIGKILL");
    }
    return real(...args);
  };
}
syncBuiltinESMExports();
const set = {model: "C1", painted, newestRun: undefined, now: 0};
replacePictures([planReplacement(dir, set)], painted);
