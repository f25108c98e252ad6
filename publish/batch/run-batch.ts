import {availableParallelism} from "node:os";
import {dirname, join, resolve} from "node:path";
import {exitCodeOfError, PublishError} from "../errors.js";
import type {KernelSource} from "../kernel/kernel.js";
import {importFolder} from "../kernel/package-root.js";
import {withKernelPool} from "../kernel/pool/with-kernel-pool.js";
import {runNotebook} from "../notebook/run-notebook.js";
import {withFigurePainter} from "../render/picture/figure-painter.js";
import {createRunnerLog, type RunnerLog} from "../result/log/runner-log.js";
import type {PublishRequest} from "../result/publish-request.js";
import {readProvenance} from "../result/record/provenance.js";
import {fileStamp} from "../result/result-folder.js";
import {nowMs} from "../timers.js";
import {writeWhole} from "../whole-file.js";
import {cacheNotes, keepResult, reuseCached} from "./batch-cache.js";
import {planBatch, withConfig} from "./batch-plan.js";
import type {BatchEffects, BatchRequest, BatchResult, BatchRun} from "./batch-request.js";
import type {PlannedRun} from "./planned-run.js";

const realEffects: BatchEffects = {
  runNotebook,
  writeFile: writeWhole,
  withPainter: withFigurePainter,
  readProvenance,
  withKernels: ({threads, ...options}, use) => {
    const maxKernels = Math.max(threads, availableParallelism());
    return withKernelPool({...options, maxKernels, ahead: threads}, use);
  },
};

/**
 * Runs a notebook once for each config, each into a `result_{index}` of its own, several at once
 * where asked for. One browser and one pool of kernels serve them all.
 *
 * A run that fails ends the batch (those under way are finished) unless `skipOnError`. What a
 * success marker says is done, with the same notebook and values, is left out.
 *
 * @throws PublishError `bad-notebook` or `bad-parameter` before anything runs or is written
 */
export async function runBatch(
  request: BatchRequest,
  effects: BatchEffects = realEffects,
): Promise<BatchResult> {
  const {dstDir, now = nowMs} = request;
  const plan = await planBatch(request);
  const path = join(dstDir, `log.${fileStamp(now())}.txt`);
  const runnerLog = createRunnerLog(path, {now, writeFile: effects.writeFile});
  const reused = await reuseCached(plan, request, effects.writeFile);
  const todo = plan.filter(({index, isDone}) => !isDone && !reused.has(index));
  if (todo.length === 0) {
    return toResult(plan, reused, request);
  }
  const ended = await effects.withPainter((ownPainter) =>
    withKernelsOf(request, {effects, runs: todo.length}, async (kernels) => {
      const painter = request.painter ?? ownPainter;
      const shared = {...request, kernels, painter, now};
      return runAll(todo, {request: shared, effects, runnerLog});
    }),
  );
  return toResult(plan, new Map([...reused, ...ended]), request);
}

/** The kernels that the request brings, else those of a pool for this many runs. */
function withKernelsOf<T>(
  {cwd, kernels, notebookPath, signal, threads = 1, timeouts}: BatchRequest,
  {effects, runs}: {readonly effects: BatchEffects; readonly runs: number},
  use: (kernels: KernelSource) => Promise<T>,
): Promise<T> {
  if (kernels !== undefined) {
    return use(kernels);
  }
  const folder = cwd ?? importFolder(dirname(resolve(notebookPath)));
  const wanted = {threads: Math.min(threads, runs), runs, cwd: folder};
  return effects.withKernels({...wanted, startMs: timeouts?.startMs, signal}, use);
}

interface BatchWork {
  readonly request: BatchRequest;
  readonly effects: BatchEffects;
  readonly runnerLog: RunnerLog;
}

/** Each of `threads` workers takes the next run until there is none, or a failure stops them. */
async function runAll(
  todo: readonly PlannedRun[],
  work: BatchWork,
): Promise<ReadonlyMap<number, BatchRun>> {
  const {signal, skipOnError = false, threads = 1} = work.request;
  const ended = new Map<number, BatchRun>();
  const waiting = [...todo];
  let isStopped = false;
  const worker = async () => {
    for (;;) {
      const next = isStopped || signal?.aborted === true ? undefined : waiting.shift();
      if (next === undefined) return;
      const run = await runOne(next, work);
      ended.set(next.index, run);
      isStopped ||= exitCodeOfRun(run) !== 0 && !skipOnError;
      work.request.onRunEnded?.(run);
    }
  };
  await Promise.all(Array.from({length: Math.max(1, threads)}, worker));
  return ended;
}

async function runOne({cacheKey, index}: PlannedRun, work: BatchWork): Promise<BatchRun> {
  const {effects, request, runnerLog} = work;
  const {
    configs: _configs,
    onEvent,
    onRunEnded: _onRunEnded,
    ...common
  } = withConfig(request, index);
  const one: PublishRequest = {
    ...common,
    index,
    runnerLog,
    ...(onEvent && {onEvent: (event) => onEvent(index, event)}),
  };
  try {
    // What makes a page is loaded while the first kernel starts.
    const {publishNotebook} = await import("../result/publish-notebook.js");
    const result = await publishNotebook(one, effects);
    await keepResult(result, cacheKey, withConfig(request, index));
    return {index, state: "published", result};
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return {index, state: "broken", error};
  }
}

function toResult(
  plan: readonly PlannedRun[],
  ended: ReadonlyMap<number, BatchRun>,
  {signal}: BatchRequest,
): BatchResult {
  const runs = plan.map(({folder, index, isDone}): BatchRun => {
    if (isDone) return {index, state: "done-before", folder};
    return ended.get(index) ?? {index, state: "not-run"};
  });
  const failed = runs.filter((run) => exitCodeOfRun(run) !== 0);
  const first = failed[0];
  const exitCode = first === undefined ? 0 : exitCodeOfRun(first);
  return {
    runs,
    failed: failed.map(({index}) => index),
    cacheNotes: cacheNotes(plan),
    exitCode: signal?.aborted === true ? 130 : exitCode,
  };
}

/** Of one run; a run that was never begun has done nothing wrong. */
export function exitCodeOfRun(run: BatchRun): number {
  switch (run.state) {
    case "published":
      return run.result.exitCode;
    case "broken":
      return run.error instanceof PublishError ? exitCodeOfError[run.error.code] : 1;
    default:
      return 0;
  }
}
