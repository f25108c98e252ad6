import {join} from "node:path";
import {type CacheKey, cacheKey} from "../cache/cache-key.js";
import {openResultCache} from "../cache/result-cache.js";
import type {Notebook} from "../notebook/file/nbformat.js";
import {readNotebook} from "../notebook/file/read-notebook.js";
import type {PublishResult} from "../result/publish-request.js";
import type {WriteFile} from "../whole-file.js";
import type {BatchRequest, BatchRun} from "./batch-request.js";
import type {PlannedRun} from "./planned-run.js";

/** The key of one run and what the cache has under it; nothing where no cache was asked for. */
export async function lookUp(notebook: Notebook, request: BatchRequest) {
  const {cache, publishTo} = request;
  if (cache === undefined) return {cacheKey: null, kept: null};
  const found: CacheKey =
    publishTo === undefined ? cacheKey(notebook, request) : {reason: "it is published to a site"};
  const mayReuse = "key" in found && !cache.refresh;
  return {
    cacheKey: found,
    kept: mayReuse ? await openResultCache(cache.dir).peek(found.key) : null,
  };
}

/** Puts what the cache has into the folders of the runs; a result that was damaged is left out. */
export async function reuseCached(
  plan: readonly PlannedRun[],
  {cache, dstDir, onRunEnded}: BatchRequest,
  writeFile: WriteFile,
): Promise<ReadonlyMap<number, BatchRun>> {
  const runs = new Map<number, BatchRun>();
  for (const {cacheKey: found, index, isCached} of plan) {
    if (cache === undefined || !isCached || found === null || !("key" in found)) continue;
    const target = {folder: join(dstDir, `result_${index}`), index, writeFile};
    const reused = await openResultCache(cache.dir).reuse(found.key, target);
    if (reused === null) continue;
    const run: BatchRun = {index, state: "cached", reused};
    runs.set(index, run);
    onRunEnded?.(run);
  }
  return runs;
}

/** Keeps a result for later, unless what it depends on changed while it ran. */
export async function keepResult(
  result: PublishResult,
  before: CacheKey | null,
  request: BatchRequest,
): Promise<void> {
  if (request.cache === undefined || before === null || !("key" in before)) return;
  const after = cacheKey(await readNotebook(request.notebookPath), request);
  if ("key" in after && after.key === before.key) {
    await openResultCache(request.cache.dir).keep(before.key, result);
  }
}

/** Why some runs have no place in the cache. */
export function cacheNotes(plan: readonly PlannedRun[]): string[] {
  const reasons = plan.flatMap(({cacheKey: found, parameters}) => {
    if (found === null) return [];
    if ("reason" in found) return [found.reason];
    return parameters.some(({isSecret}) => isSecret === true) ? ["it has a secret"] : [];
  });
  return [...new Set(reasons)].map((reason) => `not in the cache: ${reason}`);
}
