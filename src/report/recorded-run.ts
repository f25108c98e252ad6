import {type NodeTiming, RunFolder, type RunPortfolio} from "../runlog/run-folder.js";
import type {Frame} from "../table/frame.js";
import type {EpochMs} from "../time/epoch.js";
import type {Order} from "../trading/order.js";
import {type RunFacts, runFacts} from "./run-facts.js";

/** Everything of a run that pages are made of, read once. */
export interface RecordedRun {
  readonly dir: string;
  readonly facts: RunFacts;
  /** Indexed by bar end; frames without rows when no bar was recorded. */
  readonly portfolio: RunPortfolio;
  /** One frame per column of the target positions, indexed by bar end. */
  readonly targets: Readonly<Record<string, Frame>>;
  readonly orders: readonly (Order & {readonly barEnd: EpochMs})[];
  /** Empty when the run was not profiled. */
  readonly timings: readonly NodeTiming[];
  /** What each node put out at each bar, in topological order; empty when not recorded. */
  readonly outputs: readonly NodeOutput[];
}

/** Size of what a node recorded. */
export interface NodeOutput {
  readonly id: string;
  readonly bars: number;
  /** Rows recorded at one bar. */
  readonly rows: number;
  readonly instruments: number;
  readonly features: number;
}

/**
 * Reads a run folder.
 *
 * @throws ReckonError `bad-data` when the folder is missing, holds no run or has a damaged file
 */
export async function loadRun(dir: string): Promise<RecordedRun> {
  const run = new RunFolder(dir);
  return {
    dir,
    facts: runFacts(run),
    portfolio: await run.portfolio(),
    targets: await run.targets(),
    orders: await run.orders(),
    timings: await run.timings(),
    outputs: await outputsOf(run),
  };
}

async function outputsOf(run: RunFolder): Promise<NodeOutput[]> {
  const outputs: NodeOutput[] = [];
  for (const stem of run.nodes().filter(({method}) => method === "predict")) {
    const windows = await run.nodeWindows(stem);
    const panel = windows.at(-1)?.panel;
    outputs.push({
      id: stem.id,
      bars: windows.length,
      rows: panel?.index.length ?? 0,
      instruments: panel?.columns.length ?? 0,
      features: panel?.features.size ?? 0,
    });
  }
  return outputs;
}
