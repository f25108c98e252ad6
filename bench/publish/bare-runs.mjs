// node bench/publish/bare-runs.mjs NOTEBOOK COUNT THREADS: runs of the bare client, some at once.
import process from "node:process";
import {runBare} from "./bare-client.mjs";

const [notebook, count, threads] = process.argv.slice(2);
const start = performance.now();
let left = Number(count);
const worker = async () => {
  while (left-- > 0) await runBare(notebook);
};
await Promise.all(Array.from({length: Number(threads)}, worker));
console.log(JSON.stringify({ms: performance.now() - start}));
