// Runs a notebook against a kernel that is none, saving it as it goes, until it is killed:
// node saving-runner.mjs NOTEBOOK SAVE_PATH PROGRESS_FILE SEED. After each save the number of
// ended cells in it is noted, or of pieces where the only cell goes on for ever.
import {appendFileSync, readFileSync} from "node:fs";
import files from "node:fs/promises";
import {syncBuiltinESMExports} from "node:module";
import process from "node:process";
import {runNotebook} from "../../dist/publish/notebook/run-notebook.js";

const [notebookPath, savePath, progress, seed] = process.argv.slice(2);
let state = Number(seed);
const random = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return state / 2 ** 32;
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let cells = 0;

const {rename} = files;
files.rename = async (aside, path) => {
  const ends = readFileSync(aside, "utf8").match(/"(piece|end of) \d+\\n"/g) ?? [];
  await rename(aside, path);
  appendFileSync(progress, `${ends.length}\n`);
};
syncBuiltinESMExports();

async function printForEver(onOutput) {
  for (let piece = 0; ; ++piece) {
    onOutput({kind: "stream", name: "stdout", text: `piece ${piece}\n`});
    await sleep(random() * 8);
  }
}

const kernel = {
  pid: -1,
  startMs: 0,
  versions: {},
  ended: new Promise(() => {}),
  async execute(code, {onOutput}) {
    if (code === "for ever") await printForEver(onOutput);
    const number = cells++;
    for (let piece = 0; piece < 4; ++piece) {
      onOutput({kind: "stream", name: "stdout", text: `${"x".repeat(random() * 20_000)}\n`});
      await sleep(random() * 4);
    }
    const data = {"text/html": `<b>${number}</b>`, "application/json": {number}};
    onOutput({kind: "display", data, metadata: {}, displayId: null, isUpdate: false});
    onOutput({kind: "stream", name: "stderr", text: `end of ${number}\n`});
    return {status: "ok", executionCount: number + 1, outputComplete: true, error: null};
  },
  hear: () => {},
  facts: async () => null,
  rawTail: () => "",
  shutdown: async () => {},
};

await runNotebook({
  notebookPath,
  savePath,
  saveEveryMs: 50,
  kernels: (_options, use) => use(kernel),
});
