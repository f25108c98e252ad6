import type {EpochMs} from "../../time/epoch.js";
import {type DayGaps, findGaps, type Gap, gapsByDay} from "./find-gaps.js";
import {type Lateness, summariseLateness} from "./lateness.js";
import type {CheckRange, RawBars} from "./raw-bars.js";
import {FAULTS, type Fault, type FaultyRow, faultsOf} from "./row-faults.js";

/** What was found in the rows of one instrument. */
export interface SymbolQuality {
  readonly symbol: string;
  /** Rows looked at, unreadable ones included. */
  readonly rows: number;
  /** Different bars on the grid that the rows make. */
  readonly bars: number;
  /** First and last bar end; NaN without any. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Bars from the first to the last, or of the range. */
  readonly expected: number;
  readonly missing: number;
  readonly gaps: readonly Gap[];
  readonly days: readonly DayGaps[];
  /** Rows that repeat the values of another row of their bar. */
  readonly duplicates: number;
  /** Rows with other values than an earlier row of their bar: late corrections, or a conflict. */
  readonly revisions: number;
  /** Rows that are older than one before them. */
  readonly outOfOrder: number;
  /** Rows whose time is no end of a bar. */
  readonly offGrid: number;
  readonly unreadable: number;
  /** Rows with each fault. */
  readonly faults: Readonly<Record<Fault, number>>;
  /** The first faulty rows. */
  readonly faultyRows: readonly FaultyRow[];
  /** Bars without a trade. */
  readonly zeroVolume: number;
  /** How late bars became known; missing where the source does not note it. */
  readonly lateness?: Lateness;
}

const SHOWN_FAULTS = 10;

/** Checks the rows of one instrument: gaps, repeated rows, times, values, lateness. */
export function checkBars(raw: RawBars, range: CheckRange = {}): SymbolQuality {
  const {rows, offGrid, unreadable, outOfOrder} = usableRows(raw, range);
  const {ends, first: firstRows, duplicates, revisions} = barsOfRows(raw, rows);
  const gaps = findGaps(ends, raw.barMs, range);
  const {first, last} = span(ends, gaps);
  const lateness = latenessOf(raw, firstRows);
  return {
    symbol: raw.symbol,
    rows: rows.length + offGrid + unreadable,
    bars: ends.length,
    first: ends[0] ?? Number.NaN,
    last: ends.at(-1) ?? Number.NaN,
    expected: first <= last ? (last - first) / raw.barMs + 1 : 0,
    missing: gaps.reduce((sum, {bars}) => sum + bars, 0),
    gaps,
    days: gapsByDay(gaps, raw.barMs, {first, last}),
    duplicates,
    revisions,
    outOfOrder,
    offGrid,
    unreadable,
    ...checkValues(raw, rows),
    ...(lateness === undefined ? {} : {lateness}),
  };
}

/** From the first bar that is there or missing to the last. */
function span(
  ends: Float64Array,
  gaps: readonly Gap[],
): {readonly first: EpochMs; readonly last: EpochMs} {
  return {
    first: Math.min(ends[0] ?? Infinity, gaps[0]?.first ?? Infinity),
    last: Math.max(ends.at(-1) ?? -Infinity, gaps.at(-1)?.last ?? -Infinity),
  };
}

/** Rows on the grid and in the range, sorted by bar end and then by place; counts of the others. */
function usableRows(
  {barEnd, barMs, unreadableRows}: RawBars,
  {from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY}: CheckRange,
): {rows: Uint32Array; offGrid: number; unreadable: number; outOfOrder: number} {
  const rows = new Uint32Array(barEnd.length);
  let count = 0;
  let offGrid = 0;
  let unreadable = unreadableRows;
  let outOfOrder = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < barEnd.length; row++) {
    const end = barEnd[row] as number;
    if (Number.isNaN(end)) {
      unreadable += 1;
    } else if (end > from && end <= to) {
      outOfOrder += end < newest ? 1 : 0;
      newest = Math.max(newest, end);
      if (end % barMs === 0) {
        rows[count] = row;
        count += 1;
      } else {
        offGrid += 1;
      }
    }
  }
  const usable = rows.subarray(0, count);
  if (outOfOrder > 0) {
    usable.sort((a, b) => (barEnd[a] as number) - (barEnd[b] as number) || a - b);
  }
  return {rows: usable, offGrid, unreadable, outOfOrder};
}

/** The different bars of the rows, each with its first row, and how the other rows relate. */
function barsOfRows(
  {barEnd, values}: RawBars,
  rows: Uint32Array,
): {ends: Float64Array; first: Uint32Array; duplicates: number; revisions: number} {
  const ends = new Float64Array(rows.length);
  const first = new Uint32Array(rows.length);
  let count = 0;
  let duplicates = 0;
  let revisions = 0;
  let previous = -1;
  for (const row of rows) {
    const end = barEnd[row] as number;
    if (count === 0 || ends[count - 1] !== end) {
      ends[count] = end;
      first[count] = row;
      count += 1;
    } else if (values.every((column) => Object.is(column[previous], column[row]))) {
      duplicates += 1;
    } else {
      revisions += 1;
    }
    previous = row;
  }
  return {ends: ends.subarray(0, count), first: first.subarray(0, count), duplicates, revisions};
}

function checkValues(
  {barEnd, values}: RawBars,
  rows: Uint32Array,
): Pick<SymbolQuality, "faults" | "faultyRows" | "zeroVolume"> {
  const [open, high, low, close, volume] = values as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  const faultyRows: FaultyRow[] = [];
  let zeroVolume = 0;
  for (const row of rows) {
    const rest = {
      low: low[row] as number,
      close: close[row] as number,
      volume: volume[row] as number,
    };
    zeroVolume += rest.volume === 0 ? 1 : 0;
    for (const fault of faultsOf(open[row] as number, high[row] as number, rest)) {
      faults[fault] += 1;
      if (faultyRows.length < SHOWN_FAULTS) {
        const cells = values.map((column) => column[row] as number);
        faultyRows.push({fault, barEnd: barEnd[row] as number, values: cells});
      }
    }
  }
  return {faults, faultyRows, zeroVolume};
}

/** Of each bar's first row: what comes after it is a correction. */
function latenessOf({knowledgeTime, barEnd}: RawBars, first: Uint32Array): Lateness | undefined {
  return knowledgeTime === undefined
    ? undefined
    : summariseLateness(
        Float64Array.from(first, (row) => (knowledgeTime[row] as number) - (barEnd[row] as number)),
      );
}
