import type {ReadRecord} from "../../runlog/reading/read-stream.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import type {GridRecord} from "./node-rows.js";
import type {BarNote} from "./not-compared.js";

/** A record of a node that holds rows which end after its bar. */
export interface PastRecord {
  readonly barEnd: EpochMs;
  /** End of its newest row. */
  readonly newest: EpochMs;
}

/**
 * Records of a node of which the rows end where another's bar does, whose own rows are of a later
 * bar: the two files stand in each other's place.
 */
export function swappedRecords(
  records: readonly (Pick<ReadRecord, "path"> & GridRecord)[],
  past: readonly PastRecord[],
): BarNote[] {
  const bars = new Set(past.map(({barEnd}) => barEnd));
  return records.flatMap(({path, barEnd, grid}) => {
    const newest = grid.ends.at(-1) ?? Number.NaN;
    return newest < barEnd && bars.has(newest) ? [{barEnd, why: misplacedText(path, newest)}] : [];
  });
}

/** That a file is of another bar than its name tells. */
export function misplacedText(path: string, newest: EpochMs): string {
  return (
    `the record contradicts itself: its file has the rows up to ${formatMinute(newest)} UTC; ` +
    `${path} is of another bar: restore it or run again`
  );
}
