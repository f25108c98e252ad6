import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import {type EpochMs, formatMinute, HOUR_MS, MINUTE_MS, SECOND_MS} from "../../time/epoch.js";
import {timeOfDayIn} from "../../time/zone.js";
import {formatCount} from "../../words.js";
import {PORTFOLIO_DIR, PORTFOLIO_STREAMS, TARGETS_DIR} from "../layout.js";
import type {RunLayout} from "../run-layout.js";
import type {ReadRecord} from "./read-stream.js";
import type {RunFolder} from "./run-folder.js";
import {usableTables} from "./usable-records.js";

/** Rows are stamped with the clock of the file's name, which is cut to seconds. */
const OWN_SLACK_MS = SECOND_MS;
/** The reference names a file when it writes it, after the row was made. */
const REFERENCE_SLACK_MS = MINUTE_MS;

const eastern = timeOfDayIn("America/New_York");

/**
 * That rows of tables are stamped with another time than the name of their file, or the record's
 * own, says; undefined where all agree.
 */
export function movedRows(records: readonly ReadRecord[], layout: RunLayout): string | undefined {
  const shifts = movedOf(records, layout);
  const [first] = shifts;
  if (first === undefined) {
    return undefined;
  }
  const isEqual = shifts.every(({shift}) => shift === first.shift);
  const seconds = Math.round(Math.max(...shifts.map(({shift}) => Math.abs(shift))) / SECOND_MS);
  const size = isEqual
    ? `${seconds} s ${first.shift > 0 ? "after" : "before"}`
    : `up to ${seconds} s off`;
  return (
    `${shifts.length} of ${formatCount(records.length, "record")} hold rows stamped ${size} ` +
    `the record's own time; expected one clock, found two, first in ${first.path} of bar ` +
    `${formatMinute(first.barEnd)} UTC: ` +
    "check the clock and the time zone of what wrote them"
  );
}

/** A record that holds another bar's row, and whose. */
export interface MisplacedRecord {
  readonly barEnd: EpochMs;
  readonly why: string;
}

/**
 * Records whose rows are stamped with the time of another record of their stream: these rows are of
 * that bar. None where most records are stamped with another time, which is a matter of clocks.
 */
export function misplacedRecords(
  records: readonly ReadRecord[],
  layout: RunLayout,
): MisplacedRecord[] {
  const moved = movedOf(records, layout);
  const slack = layout === "reckon" ? OWN_SLACK_MS : REFERENCE_SLACK_MS;
  return 2 * moved.length > records.length
    ? []
    : moved.flatMap(({path, barEnd, wallClock, shift}) => {
        const owner = records.find(
          (other) => Math.abs(wallClock + shift - other.wallClock) < slack && other.path !== path,
        );
        if (owner === undefined) {
          return [];
        }
        const why =
          "the record contradicts itself: its file has the row of the bar " +
          `${formatMinute(owner.barEnd)} UTC; ${path} is of another bar: restore it or run again`;
        return [{barEnd, why}];
      });
}

/** A stream of tables of which rows are stamped with another time than their record's. */
export interface MovedStream {
  readonly stream: string;
  readonly why: string;
}

/** {@link movedRows} of each stream of portfolio and targets, as far as it can be read. */
export async function movedStreams(run: RunFolder): Promise<MovedStream[]> {
  const streams = [
    ...PORTFOLIO_STREAMS.map((stream) => [join(PORTFOLIO_DIR, stream), stream] as const),
    [TARGETS_DIR, "target_positions"] as const,
  ];
  const moved: MovedStream[] = [];
  for (const [dir, stream] of streams) {
    const why = movedRows(await tablesOf(run, dir, stream), run.layout);
    if (why !== undefined) {
      moved.push({stream, why: why.replaceAll(`${join(run.dir, dir)}/`, "")});
    }
  }
  return moved;
}

/** None of a stream that is damaged altogether, which is told by whoever needs it. */
async function tablesOf(run: RunFolder, dir: string, name: string): Promise<readonly ReadRecord[]> {
  try {
    return await run.records(dir, name);
  } catch {}
  try {
    return (await usableTables(run, dir, name)).records;
  } catch (error) {
    if (error instanceof ReckonError) {
      return [];
    }
    throw error;
  }
}

interface Shifted extends ReadRecord {
  /** Of the rows against the record, ms. */
  readonly shift: number;
}

function movedOf(records: readonly ReadRecord[], layout: RunLayout): Shifted[] {
  return records
    .map((record) => ({...record, shift: shiftOf(record)}))
    .filter((record) => isMoved(record, layout));
}

/** Of the row that is furthest off. */
function shiftOf({columns, wallClock}: ReadRecord): number {
  let furthest = 0;
  for (const {name, kind, data} of columns) {
    if (kind === "time" && (name === "index" || name === "wall_clock_timestamp")) {
      for (const time of data) {
        const shift = time - wallClock;
        furthest = Math.abs(shift) > Math.abs(furthest) ? shift : furthest;
      }
    }
  }
  return furthest;
}

function isMoved({shift, wallClock}: Shifted, layout: RunLayout): boolean {
  if (layout === "reckon") {
    return Math.abs(shift) >= OWN_SLACK_MS;
  }
  // In the hour that comes twice in autumn, names do not tell which of the two is meant.
  const isSecondHour = eastern(wallClock) === eastern(wallClock + HOUR_MS);
  const off = isSecondHour ? Math.min(Math.abs(shift), Math.abs(shift - HOUR_MS)) : Math.abs(shift);
  return off >= REFERENCE_SLACK_MS;
}
