import type {ReadRecord} from "../../runlog/reading/read-stream.js";
import type {RunLayout} from "../../runlog/run-layout.js";
import {formatMinute, HOUR_MS, MINUTE_MS, SECOND_MS} from "../../time/epoch.js";
import {timeOfDayIn} from "../../time/zone.js";

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
  const shifts = records
    .map((record) => ({...record, shift: shiftOf(record)}))
    .filter((record) => isMoved(record, layout));
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
    `${shifts.length} of ${records.length} records hold rows stamped ${size} the record's own ` +
    `time, the first ${first.path} of bar ${formatMinute(first.barEnd)} UTC: expected one clock, ` +
    "found two; check the clock and the time zone of what wrote them"
  );
}

interface Shifted extends ReadRecord {
  /** Of the rows against the record, ms. */
  readonly shift: number;
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
