import type {ReusedResult} from "../cache/result-cache.js";
import type {KernelSource} from "../kernel/kernel.js";
import type {RunEvent} from "../notebook/run-outcome.js";
import type {PublishEffects, PublishRequest, PublishResult} from "../result/publish-request.js";

type OfOneRun = "index" | "configJson" | "configText" | "runnerLog" | "onEvent";

/** One notebook, run once for each of several sets of values. */
export interface BatchRequest extends Omit<PublishRequest, OfOneRun> {
  /** The parameters of each run, by name; they go over `parameters`, which all runs share. */
  readonly configs: readonly Readonly<Record<string, unknown>>[];
  /** Only the run at this position. */
  readonly only?: number;
  /** Only this run and those after it. */
  readonly startFrom?: number;
  /** How many run at once; defaults to 1. */
  readonly threads?: number;
  /** A run that failed does not keep the others from running. */
  readonly skipOnError?: boolean;
  /** Leave out what a success marker says is done, with the same notebook and the same values. */
  readonly incremental?: boolean;
  /** Take the result of an earlier run on which nothing has changed; `refresh` only keeps. */
  readonly cache?: {readonly dir: string; readonly refresh: boolean};
  readonly onEvent?: (index: number, event: RunEvent) => void;
  readonly onRunEnded?: (run: BatchRun) => void;
}

/** What became of one run of a batch. */
export type BatchRun =
  | {readonly index: number; readonly state: "published"; readonly result: PublishResult}
  /** It went well before, and nothing it depends on has changed since. */
  | {readonly index: number; readonly state: "done-before"; readonly folder: string}
  /** A copy of what an earlier run, here or elsewhere, left. */
  | {readonly index: number; readonly state: "cached"; readonly reused: ReusedResult}
  /** Nothing could be published, for example because the disk is full. */
  | {readonly index: number; readonly state: "broken"; readonly error: Error}
  /** An earlier run failed, or the batch was interrupted. */
  | {readonly index: number; readonly state: "not-run"};

export interface BatchResult {
  /** In the order of the configs, those that were selected. */
  readonly runs: readonly BatchRun[];
  /** Positions of the runs that failed. */
  readonly failed: readonly number[];
  /** Why no result was taken from the cache or kept in it, where one was asked for. */
  readonly cacheNotes: readonly string[];
  /** 0, or the exit code of the first run that failed. */
  readonly exitCode: number;
}

/** Which kernels a batch will ask for. */
export interface BatchKernels {
  /** How many at once. */
  readonly threads: number;
  /** How many in all, if no run has to be repeated. */
  readonly runs: number;
  readonly cwd: string;
  readonly startMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The world of a batch: that of its runs, and where their kernels come from. */
export interface BatchEffects extends PublishEffects {
  readonly withKernels: <T>(
    options: BatchKernels,
    use: (kernels: KernelSource) => Promise<T>,
  ) => Promise<T>;
}
