import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {withKernelPool} from "../kernel/pool/with-kernel-pool.js";
import {monotonicMs, startTimer} from "../timers.js";
import type {BatchRequest, BatchResult} from "./batch-request.js";
import {runBatch} from "./run-batch.js";

export interface Repetition {
  /** From one beginning to the next; a run that takes longer is followed by the next at once. */
  readonly everyMs: number;
  /** Ends the repeating, and what runs then. */
  readonly signal: AbortSignal;
  readonly onEnded: (result: BatchResult) => void;
  /** A later run could not even begin, for example because the notebook is being edited. */
  readonly onFault: (error: unknown) => void;
}

type RepeatedRequest = Omit<BatchRequest, "dstDir" | "signal">;

/**
 * Runs a notebook again and again, each time in a kernel that was started ahead, and publishes to
 * the site that the request names; what stays is there, not in a result folder.
 *
 * @throws PublishError when the first run could not begin
 */
export async function repeatBatch(
  request: RepeatedRequest,
  {everyMs, signal, onEnded, onFault}: Repetition,
  run: typeof runBatch = runBatch,
): Promise<void> {
  await withKernelPool({maxKernels: 2, ahead: 1, signal}, async (kernels) => {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const begun = monotonicMs();
      try {
        onEnded(await inScratch((dstDir) => run({...request, kernels, signal, dstDir})));
      } catch (error) {
        if (isFirst && !signal.aborted) throw error;
        if (!signal.aborted) onFault(error);
      }
      await wait(begun + everyMs - monotonicMs(), signal);
    }
  });
}

async function inScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "reckon-refresh-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** Until the time is over, or the signal comes. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      timer.clear();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = startTimer(ms, end);
    signal.addEventListener("abort", end);
  });
}
