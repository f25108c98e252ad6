import {DAY_MS, type EpochMs} from "../../time/epoch.js";

/** The number of the day an instant belongs to; it never falls as time goes on. */
export type DayOf = (time: EpochMs) => number;

/** UTC days, midnight belonging to the day it begins. */
export const utcDay: DayOf = (time) => Math.floor(time / DAY_MS);

/** Days of a zone at a fixed offset, for example `-5 * HOUR_MS`. */
export function dayAtOffset(utcOffsetMs: number): DayOf {
  return (time) => Math.floor((time + utcOffsetMs) / DAY_MS);
}

/** Where days begin in a time index. */
export interface TradingDays {
  /** The first row of every day, and after them the number of rows. */
  readonly bounds: Int32Array;
}

/** The days of an increasing time index. */
export function tradingDays(index: Float64Array, dayOf: DayOf): TradingDays {
  const bounds: number[] = [];
  let last = Number.NaN;
  index.forEach((time, t) => {
    const day = dayOf(time);
    if (day !== last) {
      bounds.push(t);
      last = day;
    }
  });
  bounds.push(index.length);
  return {bounds: Int32Array.from(bounds)};
}

/** Calls `visit` with the first row of every day and the row after its last. */
export function forEachDay({bounds}: TradingDays, visit: (from: number, to: number) => void): void {
  for (let d = 0; d + 1 < bounds.length; ++d) {
    visit(bounds[d] as number, bounds[d + 1] as number);
  }
}

/** 1 at the first row of every day. */
export function firstRows(days: TradingDays, rows: number): Uint8Array {
  const isFirst = new Uint8Array(rows);
  forEachDay(days, (from) => {
    isFirst[from] = 1;
  });
  return isFirst;
}
