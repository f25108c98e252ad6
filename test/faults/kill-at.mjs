// Preloaded: the process kills itself before its change of the disk of number KILL_AT. A process
// that ends by itself writes how many changes it made to the file KILL_COUNT, where that is set.
import fs from "node:fs";
import {syncBuiltinESMExports} from "node:module";
import process from "node:process";

const at = Number(process.env.KILL_AT);
const write = fs.writeFileSync;
let changes = 0;

function counted(real) {
  return function (...args) {
    if (++changes === at) {
      process.kill(process.pid, "SIGKILL");
    }
    return real.apply(this, args);
  };
}

for (const name of ["mkdir", "mkdtemp", "writeFile", "rename", "rm", "rmdir", "chmod", "cp"]) {
  fs[`${name}Sync`] = counted(fs[`${name}Sync`]);
  fs.promises[name] = counted(fs.promises[name]);
}
syncBuiltinESMExports();
process.on("exit", () => {
  if (process.env.KILL_COUNT !== undefined) {
    write(process.env.KILL_COUNT, String(changes));
  }
});
