import {existsSync} from "node:fs";
import {expect, it} from "vitest";
import type {BatchRequest, BatchResult} from "../../../publish/batch/batch-request.js";
import {repeatBatch} from "../../../publish/batch/repeat-batch.js";

const ended: BatchResult = {runs: [], failed: [], exitCode: 0, cacheNotes: []};
const request = {notebookPath: "pnl.ipynb", configs: [{}]};

/** Repeats a run that ends as each of `ends` says, and stops after the last. */
async function repeat(ends: readonly ("well" | "fault")[]) {
  const stop = new AbortController();
  const seen: string[] = [];
  const folders: string[] = [];
  const run = async ({dstDir, kernels}: BatchRequest) => {
    expect([existsSync(dstDir), typeof kernels]).toEqual([true, "function"]);
    folders.push(dstDir);
    const end = ends[folders.length - 1];
    if (folders.length === ends.length) stop.abort();
    if (end === "fault") throw new Error("no such notebook");
    return ended;
  };
  const work = repeatBatch(
    request,
    {
      everyMs: 1,
      signal: stop.signal,
      onEnded: () => seen.push("well"),
      onFault: () => seen.push("fault"),
    },
    run,
  );
  const error = await work.catch((thrown: Error) => thrown.message);
  return {seen, error, left: folders.filter((folder) => existsSync(folder)), runs: folders.length};
}

it("goes on after a fault, until it is stopped, and leaves no folder", async () => {
  expect(await repeat(["well", "fault", "well"])).toEqual({
    seen: ["well", "fault", "well"],
    error: undefined,
    left: [],
    runs: 3,
  });
});

it("tells at once when the first run cannot begin", async () => {
  const {error, seen, runs, left} = await repeat(["fault", "well"]);
  expect({error, seen, runs, left}).toEqual({
    error: "no such notebook",
    seen: [],
    runs: 1,
    left: [],
  });
});
