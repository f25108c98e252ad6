import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import {type Panel, panelOnRows} from "../../table/panel.js";
import type {EpochMs} from "../../time/epoch.js";
import {NODE_DATA_DIR, type NodeStem, nodeStreamName} from "../layout.js";
import {type LostRecord, type ReadableStream, type ReadRecord, readRecords} from "./read-stream.js";
import {lastRowsOf, toPanel} from "./record-columns.js";
import {requireTable} from "./record-table.js";
import type {RunFolder} from "./run-folder.js";

/**
 * Of the records that could be read those that a check lets pass, as it returns them; the others
 * are lost like those that could not be read.
 */
export function usableRecords<T extends ReadRecord>(
  read: ReadableStream,
  check: (record: ReadRecord) => T,
): {readonly records: readonly T[]; readonly lost: readonly LostRecord[]} {
  const records: T[] = [];
  const lost = [...read.lost];
  for (const record of read.records) {
    try {
      records.push(check(record));
    } catch (error) {
      if (!(error instanceof ReckonError)) {
        throw error;
      }
      const {path, barEnd, wallClock} = record;
      lost.push({path, barEnd, wallClock, error});
    }
  }
  return {records, lost: lost.sort((a, b) => a.barEnd - b.barEnd)};
}

/**
 * The records of a stream of tables that can be used.
 *
 * @param dir relative to the run folder
 * @throws ReckonError `bad-data` when the stream's one file is damaged
 */
export async function usableTables(
  run: RunFolder,
  dir: string,
  name: string,
): Promise<ReadableStream> {
  const read = await readRecords(join(run.dir, dir), name, {layout: run.layout});
  return usableRecords(read, requireTable);
}

/** What a node put out at each bar, of the records that can be used. */
export interface UsableWindows {
  readonly windows: readonly {readonly barEnd: EpochMs; readonly panel: Panel}[];
  readonly lost: readonly LostRecord[];
}

/**
 * The rows that each bar recorded of a node, as far as its records can be used.
 *
 * @throws ReckonError `bad-data` when the stream's one file is damaged
 */
export async function usableWindows(run: RunFolder, stem: NodeStem): Promise<UsableWindows> {
  const dir = join(run.dir, NODE_DATA_DIR);
  const name = nodeStreamName(stem, "df_out");
  const read = await readRecords(dir, name, {isPrefixed: true, layout: run.layout});
  const withPanel = (record: ReadRecord) => ({...record, panel: toPanel(record)});
  const {records, lost} = usableRecords(read, withPanel);
  return {windows: records.map(({barEnd, panel}) => ({barEnd, panel})), lost};
}

/**
 * The newest row of each bar's record, as `RunFolder.nodeOutput` gives it; a bar of which the
 * record is lost is a row that says nothing. Undefined where no record can be used.
 */
export function usableOutput({windows, lost}: UsableWindows): Panel | undefined {
  const output = lastRowsOf(windows.map(({panel}) => panel));
  const missing = lost.map(({barEnd}) => barEnd);
  return (
    output && panelOnRows(output, Float64Array.from(new Set([...output.index, ...missing])).sort())
  );
}
