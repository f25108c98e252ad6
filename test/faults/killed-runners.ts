import {type ChildProcess, spawn} from "node:child_process";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {formatNotebook} from "../../publish/notebook/file/write-notebook.js";
import {notebookOf} from "../publish/notebook/code-notebook.js";
import {markName} from "./marked-processes.js";

/** A process that runs notebooks and will be killed. */
export interface KilledRunner {
  readonly name: string;
  /** It is killed at a moment of this span. */
  readonly lifeMs: number;
  readonly start: (place: {folder: string; mark: string}) => Promise<ChildProcess>;
}

const dist = (path: string) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

const poolModule = JSON.stringify(dist("publish/kernel/pool/with-kernel-pool.js"));
const pool = `
const {withKernelPool} = await import(${poolModule});
const never = new Promise(() => {});
setInterval(() => {}, 1000);
await withKernelPool({maxKernels: 2, cwd: process.cwd()}, () => never);`;

const figure = `
const figure = JSON.stringify({data: [{y: [1, 2]}], layout: {}});
require("tslab").display.raw("application/vnd.plotly.v1+json", figure);`;

export const killedRunners: readonly KilledRunner[] = [
  {
    name: "the runner killed",
    lifeMs: 1_500,
    start: async (place) => startRun(place, "const a = 1;"),
  },
  {
    name: "the runner killed, with its browser",
    lifeMs: 5_000,
    start: async (place) => startRun(place, figure),
  },
  {
    name: "the process of a pool killed",
    lifeMs: 1_500,
    start: async ({mark}) => startMarked(["--input-type=module", "-e", pool], mark),
  },
];

/** Runs a cell and then another that goes on for ever. */
function startRun({folder, mark}: {folder: string; mark: string}, cell: string): ChildProcess {
  const path = join(folder, `${mark}.ipynb`);
  writeFileSync(path, formatNotebook(notebookOf(cell, "while (true) {}")));
  const args = [dist("src/cli/main.js"), "notebook", "run", path, "--dst-dir", join(folder, mark)];
  return startMarked(args, mark);
}

function startMarked(args: readonly string[], mark: string): ChildProcess {
  const env = {...process.env, [markName]: mark};
  return spawn(process.execPath, args, {env, stdio: "ignore"});
}
