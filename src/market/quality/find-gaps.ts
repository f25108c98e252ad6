import {DAY_MS, type EpochMs, toIso} from "../../time/epoch.js";
import type {CheckRange} from "./raw-bars.js";

/** A run of bars that nobody recorded. */
export interface Gap {
  /** Ends of the first and of the last missing bar. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** How many bars are missing. */
  readonly bars: number;
}

/** How much of a UTC day is missing. */
export interface DayGaps {
  /** `YYYY-MM-DD`; a bar that ends at midnight is the day before's. */
  readonly day: string;
  /** Bars of the day that lie in the range looked at. */
  readonly expected: number;
  readonly missing: number;
}

/**
 * The runs of missing bars, oldest first: between the first and the last bar, and up to the ends of
 * the range where it has them.
 *
 * @param ends bar ends, strictly increasing
 */
export function findGaps(
  ends: Float64Array,
  barMs: number,
  {from, to}: CheckRange = {},
): readonly Gap[] {
  const gaps: Gap[] = [];
  let before = from === undefined ? undefined : Math.floor(from / barMs) * barMs;
  const look = (end: EpochMs): void => {
    if (before !== undefined && end - before > barMs) {
      const bars = (end - before) / barMs - 1;
      gaps.push({first: before + barMs, last: end - barMs, bars});
    }
    before = end;
  };
  ends.forEach(look);
  if (to !== undefined && before !== undefined) {
    look(Math.floor(to / barMs) * barMs + barMs);
  }
  return gaps;
}

/** Bars of the longest gap; 0 without any. */
export function longestGapBars(gaps: readonly Gap[]): number {
  return gaps.reduce((longest, {bars}) => Math.max(longest, bars), 0);
}

/**
 * The UTC days from the first to the last bar end, each with what is missing of it.
 *
 * @param first end of the first bar that is expected
 * @param last end of the last one
 */
export function gapsByDay(
  gaps: readonly Gap[],
  barMs: number,
  {first, last}: {readonly first: EpochMs; readonly last: EpochMs},
): readonly DayGaps[] {
  if (!(first <= last)) {
    return [];
  }
  const dayOf = (end: EpochMs): number => Math.floor((end - 1) / DAY_MS);
  const firstDay = dayOf(first);
  const missing = new Float64Array(dayOf(last) - firstDay + 1);
  for (const gap of gaps) {
    let start = gap.first;
    while (start <= gap.last) {
      const day = dayOf(start);
      const stop = Math.min(gap.last, Math.floor(((day + 1) * DAY_MS) / barMs) * barMs);
      missing[day - firstDay] = (missing[day - firstDay] as number) + (stop - start) / barMs + 1;
      start = stop + barMs;
    }
  }
  return Array.from(missing, (count, i) => {
    const dayStart = (firstDay + i) * DAY_MS;
    const from = Math.max(first - barMs, Math.floor(dayStart / barMs) * barMs);
    const to = Math.min(last, Math.floor((dayStart + DAY_MS) / barMs) * barMs);
    return {day: toIso(dayStart).slice(0, 10), expected: (to - from) / barMs, missing: count};
  });
}
