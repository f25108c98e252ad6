import {join} from "node:path";
import {ReckonError} from "../errors.js";
import {NODE_DATA_DIR, type NodeStem, nodeStreamName} from "../runlog/layout.js";
import type {NodeTiming} from "../runlog/reading/node-timing.js";
import {type ReadRecord, readRecords, readStream} from "../runlog/reading/read-stream.js";
import {RunFolder, type RunPortfolio} from "../runlog/reading/run-folder.js";
import type {Frame} from "../table/frame.js";
import type {EpochMs} from "../time/epoch.js";
import type {Order} from "../trading/orders/order.js";
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
  /** What each node put out at a bar, in topological order; empty when not recorded. */
  readonly outputs: readonly NodeOutput[];
}

/** Size of what a node recorded. */
export interface NodeOutput {
  readonly id: string;
  /** Rows recorded at one bar. */
  readonly rows: number;
  readonly instruments: number;
  readonly features: number;
}

/**
 * Reads a run folder, given by its path or already open.
 *
 * @throws ReckonError `bad-data` when the folder is missing, holds no run or has a damaged file
 */
export async function loadRun(folder: string | RunFolder): Promise<RecordedRun> {
  const run = typeof folder === "string" ? new RunFolder(folder) : folder;
  return {
    dir: run.dir,
    facts: runFacts(run),
    portfolio: await run.portfolio(),
    targets: await run.targets(),
    orders: await run.orders(),
    timings: await run.timings(),
    outputs: await outputsOf(run),
  };
}

/**
 * What a run that may be damaged tells of itself and of its nodes; what cannot be read is as if it
 * had not been recorded.
 *
 * @throws ReckonError `bad-data` when there is no run folder
 */
export async function readableTimes(
  run: RunFolder,
): Promise<Omit<RecordedRun, "portfolio" | "targets" | "orders">> {
  return {
    dir: run.dir,
    facts: await readable(async () => runFacts(run), unknownFacts),
    timings: await timingsOf(run),
    outputs: await outputsOf(run, readableLast),
  };
}

async function readable<T>(read: () => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ReckonError && error.code === "bad-data") {
      return await otherwise();
    }
    throw error;
  }
}

/** Of each node whose profiles can be read. */
async function timingsOf(run: RunFolder): Promise<NodeTiming[]> {
  const timings: NodeTiming[] = [];
  for (const stem of run.nodes()) {
    timings.push(
      ...(await readable(
        () => run.nodeTimings(stem),
        () => [],
      )),
    );
  }
  return timings;
}

/** Of a folder without a config or a run record. */
function unknownFacts(): RunFacts {
  return runFacts({config: () => ({}), runRecord: () => undefined});
}

/** The last bar's record of each node stands for all: windows are of one size. */
async function outputsOf(run: RunFolder, last = lastRecord): Promise<NodeOutput[]> {
  const outputs: NodeOutput[] = [];
  for (const stem of run.nodes()) {
    const {method, id} = stem;
    const name = method === "predict" ? id : `${id} (${method})`;
    outputs.push({id: name, ...sizeOf(await last(run, stem))});
  }
  return outputs;
}

async function lastRecord(run: RunFolder, stem: NodeStem): Promise<ReadRecord | undefined> {
  const name = nodeStreamName(stem, "df_out");
  return (await readStream(join(run.dir, NODE_DATA_DIR), name, {isPrefixed: true, last: 1}))[0];
}

async function readableLast(run: RunFolder, stem: NodeStem): Promise<ReadRecord | undefined> {
  const name = nodeStreamName(stem, "df_out");
  const all = () => readRecords(join(run.dir, NODE_DATA_DIR), name, {isPrefixed: true});
  return await readable(
    () => lastRecord(run, stem),
    () =>
      readable(
        async () => (await all()).records.at(-1),
        () => undefined,
      ),
  );
}

/** A record holds one row per bar and instrument. */
function sizeOf(record: ReadRecord | undefined): Omit<NodeOutput, "id"> {
  const columns = record?.columns ?? [];
  const ids = columns.find(({name}) => name === "asset_id")?.data ?? [];
  const instruments = new Set<string | number>(ids).size;
  return {
    rows: instruments === 0 ? 0 : ids.length / instruments,
    instruments,
    features: columns.filter(({kind}) => kind === "number").length,
  };
}
