// `node bench/publish/warm.mjs ONE_CELL HUNDRED_CELLS SCRATCH`: in one process, with kernels that
// wait in a pool; prints {oneCellMs: [whole runs, to the page], cellMs: [from a cell's start to the
// next one's]}.
import {mkdtempSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {setTimeout as sleep} from "node:timers/promises";
import {fileURLToPath} from "node:url";
import {withKernelPool} from "../../dist/publish/kernel/pool/with-kernel-pool.js";
import {publishNotebook} from "../../dist/publish/result/publish-notebook.js";

const [oneCell, hundredCells, scratch] = process.argv.slice(2);
const cwd = fileURLToPath(new URL("../../", import.meta.url));
const runs = 4;
/** Far longer than a kernel takes to start: what is measured shall find one that waits. */
const warmingMs = 4_000;

const measured = await withKernelPool({maxKernels: 1, cwd}, async (kernels) => {
  const dstDir = mkdtempSync(join(scratch, "warm-"));
  const publish = async (notebookPath, options) => {
    await sleep(warmingMs);
    const start = performance.now();
    const {status} = await publishNotebook({notebookPath, dstDir, cwd, kernels, ...options});
    if (status !== "ok") throw new Error(`${notebookPath}: expected ok, found ${status}`);
    return performance.now() - start;
  };
  await publish(oneCell); // loads what the first run of a process loads
  const oneCellMs = [];
  for (let run = 0; run < runs; ++run) oneCellMs.push(await publish(oneCell));
  const starts = [];
  const onEvent = ({type}) => type === "cell-started" && starts.push(performance.now());
  await publish(hundredCells, {onEvent});
  return {oneCellMs, cellMs: starts.slice(1).map((time, i) => time - starts[i])};
});
console.log(JSON.stringify(measured));
