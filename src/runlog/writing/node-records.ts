import {totalmem} from "node:os";
import type {ProcessMemory} from "../../dag/process-memory.js";
import {type NodeRun, nodeStem} from "../../dag/run-dag.js";
import type {Panel} from "../../table/panel.js";
import type {FileColumn} from "../../table/parquet.js";
import {type EpochMs, formatStamp} from "../../time/epoch.js";
import {NODE_DATA_DIR, NODE_PROFILE_DIR, type RecordTime} from "../layout.js";
import {describePanel} from "./frame-description.js";
import type {StreamRecord} from "./record.js";

/** How much of each node's output is recorded per bar, and in which files. */
export interface NodeIo {
  /** Newest rows that are kept; 0 keeps none, Infinity all. */
  readonly nodeRows: number;
  /** Of per-bar files, Parquet where left out; a stream's one file is always Parquet. */
  readonly nodeFormats?: readonly NodeFormat[];
}

/** A format of a node's recorded output. */
export type NodeFormat = "parquet" | "csv.gz";

const REFERENCE_NODE_IO: Readonly<Record<string, readonly NodeFormat[]>> = {
  "": [],
  df_as_csv: ["csv.gz"],
  df_as_pq: ["parquet"],
  df_as_csv_and_pq: ["csv.gz", "parquet"],
};

/**
 * What a config's `save_node_io` asks for: `last:N`, `full` or `none`, in Parquet; or the
 * reference's words, which record whole outputs: `""` (none), `df_as_csv`, `df_as_pq`,
 * `df_as_csv_and_pq`.
 */
export function nodeIoOf(saveNodeIo: string): NodeIo {
  const nodeFormats = REFERENCE_NODE_IO[saveNodeIo];
  if (nodeFormats !== undefined) {
    return {nodeRows: nodeFormats.length === 0 ? 0 : Number.POSITIVE_INFINITY, nodeFormats};
  }
  const nodeRows = {none: 0, full: Number.POSITIVE_INFINITY}[saveNodeIo];
  return {nodeRows: nodeRows ?? Number(saveNodeIo.split(":")[1]), nodeFormats: ["parquet"]};
}

/** A node's rows: one per bar and instrument, `end_timestamp`, `asset_id`, then the features. */
export function outputRecord(
  times: RecordTime,
  run: NodeRun,
  options: {readonly panel: Panel; readonly perBar: NodeFormat},
): StreamRecord {
  const {panel, perBar} = options;
  return {
    stream: {dir: NODE_DATA_DIR, name: `${nodeStem(run)}.df_out`, isPrefixed: true, perBar},
    ...times,
    columns: panelColumns(panel),
  };
}

/** The text that describes a node's whole output. */
export function descriptionRecord(times: RecordTime, run: NodeRun): StreamRecord {
  const name = `${nodeStem(run)}.df_out`;
  return {
    stream: {dir: NODE_DATA_DIR, name, isPrefixed: true, isDescription: true, perBar: "text"},
    ...times,
    columns: [{name: "line", kind: "text", data: describePanel(run.output)}],
  };
}

/**
 * What running a node cost. The text before it ran holds the memory then; the one after it the
 * time it took, alone and with what recording its output took, and both memory readings.
 *
 * Memory is resident memory and, on Linux, the virtual one (`vms`).
 *
 * @param recordingMs what recording the node's output took
 */
export function profileRecord(
  times: RecordTime,
  run: NodeRun,
  profile: {readonly when: "before" | "after"; readonly recordingMs: number},
): StreamRecord {
  const {when, recordingMs} = profile;
  const name = `${nodeStem(run)}.${when}_execution`;
  const lines =
    when === "before"
      ? memoryLines(times.wallClock, run.memoryBefore)
      : afterLines(times.wallClock, run, recordingMs);
  return {
    stream: {dir: NODE_PROFILE_DIR, name, isPrefixed: true, perBar: "text"},
    ...times,
    columns: [{name: "line", kind: "text", data: lines}],
  };
}

function afterLines(wallClock: EpochMs, run: NodeRun, recordingMs: number): string[] {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(6);
  const [before, after] = [run.memoryBefore, run.memoryAfter];
  const [start, end, diff] = [before, after, difference(after, before)].map(memoryText);
  return [
    ...memoryLines(wallClock, after),
    `node_execution done (${seconds(run.durationMs)} s)`,
    `run_node done (${seconds(run.durationMs + recordingMs)} s)`,
    `run_node done: start=(${start}) end=(${end}) diff=(${diff})`,
  ];
}

function memoryLines(wallClock: EpochMs, {rss, vms}: ProcessMemory): string[] {
  const virtual = vms === undefined ? "" : ` vms=${gigabytes(vms)}`;
  return [
    `timestamp=${formatStamp(wallClock)}`,
    `memory=rss=${gigabytes(rss)}${virtual} mem_pct=${percentOf(rss)}%`,
  ];
}

function difference(after: ProcessMemory, before: ProcessMemory): ProcessMemory {
  const isTold = after.vms !== undefined && before.vms !== undefined;
  const vms = isTold ? (after.vms as number) - (before.vms as number) : undefined;
  return {rss: after.rss - before.rss, vms};
}

const MACHINE_BYTES = totalmem();

function memoryText({rss, vms}: ProcessMemory): string {
  const virtual = vms === undefined ? "" : ` ${gigabytes(vms)}`;
  return `${gigabytes(rss)}${virtual} ${percentOf(rss)}%`;
}

function percentOf(bytes: number): number {
  return Math.round((100 * bytes) / MACHINE_BYTES);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(3)}GB`;
}

function panelColumns({index, columns, features}: Panel): FileColumn[] {
  const rows = index.length * columns.length;
  const ends = new Float64Array(rows);
  const ids: string[] = [];
  for (let t = 0; t < index.length; ++t) {
    ends.fill(index[t] as number, t * columns.length, (t + 1) * columns.length);
    ids.push(...columns);
  }
  const values = Array.from(features, ([name, data]): FileColumn => {
    const cells = new Float64Array(rows);
    for (const [j, column] of data.entries()) {
      for (let t = 0; t < index.length; ++t) {
        cells[t * columns.length + j] = column[t] as number;
      }
    }
    return {name, kind: "number", data: cells};
  });
  return [
    {name: "end_timestamp", kind: "time", data: ends},
    {name: "asset_id", kind: "text", data: ids},
    ...values,
  ];
}
