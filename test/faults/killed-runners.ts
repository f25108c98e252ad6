import {type ChildProcess, spawn} from "node:child_process";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {formatNotebook} from "../../publish/notebook/write-notebook.js";
import {notebookOf} from "../publish/notebook/code-notebook.js";
import {markName} from "./marked-processes.js";

/** A process that runs notebooks and will be killed. */
export interface KilledRunner {
  readonly name: string;
  readonly start: (place: {folder: string; mark: string}) => Promise<ChildProcess>;
}

const dist = (path: string) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

const poolModule = JSON.stringify(dist("publish/kernel/pool/with-kernel-pool.js"));
const pool = `
const {withKernelPool} = await import(${poolModule});
const never = new Promise(() => {});
setInterval(() => {}, 1000);
await withKernelPool({maxKernels: 2, cwd: process.cwd()}, () => never);`;

export const killedRunners: readonly KilledRunner[] = [
  {
    name: "the runner killed",
    start: async ({folder, mark}) => {
      const path = join(folder, `${mark}.ipynb`);
      writeFileSync(path, formatNotebook(notebookOf("const a = 1;", "while (true) {}")));
      const results = join(folder, mark);
      const args = [dist("src/cli/main.js"), "notebook", "run", path, "--dst-dir", results];
      return startMarked(args, mark);
    },
  },
  {
    name: "the process of a pool killed",
    start: async ({mark}) => startMarked(["--input-type=module", "-e", pool], mark),
  },
];

function startMarked(args: readonly string[], mark: string): ChildProcess {
  const env = {...process.env, [markName]: mark};
  return spawn(process.execPath, args, {env, stdio: "ignore"});
}
