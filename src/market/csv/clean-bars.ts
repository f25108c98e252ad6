import type {EpochMs} from "../../time/epoch.js";
import type {SymbolBars} from "../bars.js";
import {barsOf} from "../bars.js";
import {decimalsOf} from "../instruments/instrument.js";
import {type RawRows, SHAPE} from "./read-csv.js";

/** Why rows were left out, and how many. */
export interface Rejection {
  readonly reason: string;
  readonly count: number;
}

/** What was found in the rows of one instrument. */
export interface BarQuality {
  /** Rows that were read. */
  readonly rows: number;
  /** Bars that are left. */
  readonly bars: number;
  /** First and last bar end; NaN when no bar is left. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Stretches without a bar between the first and the last. */
  readonly gaps: number;
  /** Bars that are missing in them. */
  readonly missingBars: number;
  /** Rows that repeat a row; they count once. */
  readonly duplicates: number;
  /** Rows with other values for a bar that an earlier row had; the later row counts. */
  readonly conflicts: number;
  /** Rows that are older than one before them; they were sorted in. */
  readonly outOfOrder: number;
  readonly rejected: readonly Rejection[];
}

const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const [OPEN, HIGH, LOW, CLOSE, VOLUME] = [0, 1, 2, 3, 4] as const;

/**
 * Bars from rows in file order: bad rows left out, sorted, one per bar end, and a count of it all.
 *
 * A bar ends at its open time + `barMs` and is known at its end.
 */
export function cleanBars(raw: RawRows, barMs: number): {bars: SymbolBars; quality: BarQuality} {
  const reasons = new Map<string, number>();
  if (raw.unreadableLines > 0) {
    reasons.set("unreadable line", raw.unreadableLines);
  }
  const good: number[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  let outOfOrder = 0;
  for (let row = 0; row < raw.openTime.length; row++) {
    const reason = reasonToReject(raw, row, barMs);
    if (reason !== undefined) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      continue;
    }
    const time = raw.openTime[row] as number;
    outOfOrder += time < newest ? 1 : 0;
    newest = Math.max(newest, time);
    good.push(row);
  }
  if (outOfOrder > 0) {
    good.sort((a, b) => (raw.openTime[a] as number) - (raw.openTime[b] as number) || a - b);
  }
  const {kept, duplicates, conflicts} = lastOfEachBar(raw, good);
  const bars = pickBars(raw, kept, barMs);
  const quality = {
    rows: raw.openTime.length + raw.unreadableLines,
    bars: kept.length,
    first: bars.barEnd[0] ?? Number.NaN,
    last: bars.barEnd.at(-1) ?? Number.NaN,
    ...countGaps(bars.barEnd, barMs),
    duplicates,
    conflicts,
    outOfOrder,
    rejected: Array.from(reasons, ([reason, count]) => ({reason, count})),
  };
  return {bars, quality};
}

/** What is wrong with a row, the first thing found; undefined when nothing is. */
function reasonToReject(raw: RawRows, row: number, barMs: number): string | undefined {
  if (raw.shape[row] === SHAPE.tooManyFields) {
    return "too many fields";
  }
  if (raw.shape[row] === SHAPE.missingValue) {
    return "missing value";
  }
  const value = (column: number): number => (raw.values[column] as Float64Array)[row] as number;
  return (
    complaintAboutTime(raw.openTime[row] as number, barMs) ??
    complaintAboutValues(value(OPEN), value(HIGH), {
      low: value(LOW),
      close: value(CLOSE),
      volume: value(VOLUME),
    })
  );
}

function complaintAboutTime(time: EpochMs, barMs: number): string | undefined {
  if (!Number.isInteger(time)) {
    return "time is not a whole number of milliseconds";
  }
  if (time < EARLIEST || time > LATEST) {
    return "time is not in milliseconds since 1970";
  }
  return time % barMs === 0 ? undefined : "time is off the bar grid";
}

function complaintAboutValues(
  open: number,
  high: number,
  {low, close, volume}: {low: number; close: number; volume: number},
): string | undefined {
  if (!Number.isFinite(open + high + low + close + volume)) {
    return "not a number";
  }
  if (Math.min(open, high, low, close) <= 0) {
    return "price is not positive";
  }
  if (volume < 0) {
    return "volume is negative";
  }
  if (high < low) {
    return "high is below low";
  }
  if (open < low || open > high) {
    return "open is outside low to high";
  }
  return close < low || close > high ? "close is outside low to high" : undefined;
}

/** The last of the rows of each bar; `rows` are sorted by time, then by place in the file. */
function lastOfEachBar(
  {openTime, values}: RawRows,
  rows: readonly number[],
): {kept: number[]; duplicates: number; conflicts: number} {
  const kept: number[] = [];
  let duplicates = 0;
  let conflicts = 0;
  for (const row of rows) {
    const previous = kept.at(-1);
    if (previous === undefined || openTime[previous] !== openTime[row]) {
      kept.push(row);
      continue;
    }
    const isSame = values.every((column) => column[previous] === column[row]);
    duplicates += isSame ? 1 : 0;
    conflicts += isSame ? 0 : 1;
    kept[kept.length - 1] = row;
  }
  return {kept, duplicates, conflicts};
}

function pickBars({openTime, values}: RawRows, rows: readonly number[], barMs: number): SymbolBars {
  // No row left out and none moved: the columns are the answer.
  const isWhole = rows.length === openTime.length && rows.every((row, i) => row === i);
  const pick = (column: Float64Array): Float64Array =>
    isWhole ? column : Float64Array.from(rows, (row) => column[row] as number);
  const barEnd = pick(openTime).map((time) => time + barMs);
  return barsOf(barEnd, barEnd, values.map(pick));
}

/** Stretches without a bar between the first and the last, and how many bars they miss. */
export function countGaps(
  barEnd: Float64Array,
  barMs: number,
): {gaps: number; missingBars: number} {
  let gaps = 0;
  let missingBars = 0;
  for (let i = 1; i < barEnd.length; i++) {
    const missing = ((barEnd[i] as number) - (barEnd[i - 1] as number)) / barMs - 1;
    gaps += missing > 0 ? 1 : 0;
    missingBars += missing;
  }
  return {gaps, missingBars};
}

/**
 * The most decimals any of the values was written with: the shortest text that reads back to the
 * same double is the text in the file, without trailing zeros.
 */
export function decimalsIn(columns: readonly Float64Array[]): number {
  let decimals = 0;
  let scale = 1;
  for (const column of columns) {
    for (const value of column) {
      // A multiple of the step so far has no more decimals; only others need their text looked at.
      if (Math.round(value * scale) / scale !== value) {
        decimals = Math.max(decimals, decimalsOf(value));
        scale = Number(`1e${decimals}`);
      }
    }
  }
  return decimals;
}
