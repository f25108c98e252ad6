// node bench/publish/fifty-runs.mjs NOTEBOOK COUNT THREADS SCRATCH: one batch, to the last page.
import {join} from "node:path";
import process from "node:process";
import {runBatch} from "../../dist/publish/batch/run-batch.js";

const [notebookPath, count, threads, scratch] = process.argv.slice(2);
const start = performance.now();
const {failed, runs} = await runBatch({
  notebookPath,
  dstDir: join(scratch, "fifty"),
  configs: Array(Number(count)).fill({}),
  threads: Number(threads),
});
if (failed.length > 0 || runs.length !== Number(count)) {
  throw new Error(`expected ${count} good runs, found ${runs.length} with ${failed.length} failed`);
}
console.log(JSON.stringify({ms: performance.now() - start}));
