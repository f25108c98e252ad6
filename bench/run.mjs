// `npm run bench [-- NAME…] [-- --json]`: measures every row of bench/rows against its target.
//
// A row is a file that exports `row`:
//   name     what is measured
//   target   the limit as people write it, and `limitMs` (and `limitMb`) as numbers
//   repeat   how many fresh processes measure it; the median counts
//   peer     what it is compared with: {name, ms}, or nothing
//   missing  () => why it cannot be measured here, or undefined
//   prepare  (scratchFolder) => anything; not measured
//   run      (prepared) => answer; measured
//   part     (ms, prepared) => the time that counts, for example a bar's; all of it where left out
//   check    (answer, prepared) => what is wrong with the answer, or undefined; not measured
//   note     (ms, prepared) => what else is to be said; of the run with the median time
import {spawn} from "node:child_process";
import {mkdtempSync, readdirSync, rmSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {formatTable} from "./table.mjs";

const rowFolder = fileURLToPath(new URL("rows/", import.meta.url));
const childFile = fileURLToPath(new URL("measure.mjs", import.meta.url));
const deadlineMs = 10 * 60_000;

const args = process.argv.slice(2);
const isJson = args.includes("--json");
const wanted = args.filter((arg) => !arg.startsWith("--"));

const results = [];
for (const file of readdirSync(rowFolder).sort()) {
  if (wanted.length === 0 || wanted.some((name) => file.includes(name))) {
    const {row} = await import(join(rowFolder, file));
    process.stderr.write(`bench: ${row.name}\n`);
    results.push(await measureRow(row, join(rowFolder, file)));
  }
}
if (isJson) {
  console.log(JSON.stringify({node: process.version, cores: cpus().length, results}, null, 2));
} else {
  console.log(formatTable(results));
}
process.exitCode = results.some(({state}) => state === "wrong" || state === "failed") ? 1 : 0;

/** One row: the median time and the largest memory of its processes. */
async function measureRow(row, file) {
  const {name, target, peer} = row;
  const missing = row.missing?.();
  if (missing !== undefined) {
    return {name, target, state: "not measured", note: missing};
  }
  const runs = [];
  for (let i = 0; i < (row.repeat ?? 3); i += 1) {
    runs.push(await measureOnce(file));
  }
  const failure = runs.find(({error}) => error !== undefined);
  if (failure) {
    return {name, target, state: "failed", note: failure.error};
  }
  const ms = median(runs.map((run) => run.ms));
  const maxRssMb = Math.max(...runs.map((run) => run.maxRssMb));
  const wrong = runs.find((run) => run.wrong !== undefined)?.wrong;
  const isOver = ms > (row.limitMs ?? Infinity) || maxRssMb > (row.limitMb ?? Infinity);
  const state = wrong !== undefined ? "wrong" : isOver ? "over" : "ok";
  const note = wrong ?? (runs.find((run) => run.ms === ms) ?? runs[0]).note;
  return {name, target, ms, maxRssMb, runs: runs.length, peer, state, note};
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A process of its own, so that memory and warm caches of one run do not colour the next. */
async function measureOnce(file) {
  const scratch = mkdtempSync(join(tmpdir(), "reckon-bench-"));
  try {
    const stdio = ["ignore", "ignore", "inherit", "ipc"];
    const child = spawn(process.execPath, [childFile, file, scratch], {stdio});
    const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
    let result = {error: "ended without a result"};
    child.on("message", (message) => {
      result = message;
    });
    await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    clearTimeout(timer);
    return result;
  } finally {
    rmSync(scratch, {recursive: true, force: true});
  }
}
