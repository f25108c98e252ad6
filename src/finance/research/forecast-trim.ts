import {type Column, type Frame, makeFrame, requireSameAxes, sliceRows} from "../../table/frame.js";
import {DAY_MS} from "../../time/epoch.js";
import type {DayOf} from "./trading-day.js";

/** What the research portfolio is computed from, all on the same axes. */
export interface ForecastInputs {
  /**
   * Marks at bar ends, also the prices of trades unless the two below are given; the value of one
   * contract where that is another thing, negative for an inverse one.
   */
  readonly price: Frame;
  /** Forecast of the next bar's volatility, as a fraction. */
  readonly volatility: Frame;
  /** Forecast of the next bar's return; only its order or sign counts. */
  readonly prediction: Frame;
  /** Bid-ask spread as a fraction of the price. */
  readonly spread?: Frame;
  /** Price of the bar's buys, NaN where none could be done; needs `sellPrice` too. */
  readonly buyPrice?: Frame;
  readonly sellPrice?: Frame;
}

/**
 * The rows a research portfolio stands on.
 *
 * Kept are times of day (UTC) at which any day has any price, on days with any price, from the
 * first row by which there was both a prediction and a volatility; later gaps stay.
 */
export function trimToActive(
  inputs: ForecastInputs,
  dayOf: DayOf,
): ForecastInputs & {readonly rows: Int32Array} {
  const {price, prediction, volatility} = inputs;
  for (const frame of Object.values(inputs) as readonly Frame[]) {
    requireSameAxes(price, frame);
  }
  const active = activeRows(price, dayOf);
  const isActive = new Uint8Array(price.index.length);
  for (const t of active) {
    isActive[t] = 1;
  }
  const from = Math.max(firstKnown(prediction, isActive), firstKnown(volatility, isActive));
  const rows = active.filter((t) => t >= from);
  const trim = (frame: Frame) => pickRows(frame, rows);
  const trimmed = Object.entries(inputs).map(([name, frame]) => [name, trim(frame as Frame)]);
  return {...(Object.fromEntries(trimmed) as ForecastInputs), rows};
}

/** Rows at active times of active days, ascending. */
function activeRows(price: Frame, dayOf: DayOf): Int32Array {
  const hasPrice = new Uint8Array(price.index.length);
  for (const column of price.data) {
    for (let t = 0; t < column.length; ++t) {
      if (!Number.isNaN(column[t] as number)) {
        hasPrice[t] = 1;
      }
    }
  }
  if (hasPrice.every((has) => has === 1)) {
    return Int32Array.from(price.index, (_, t) => t);
  }
  const days = Int32Array.from(price.index, dayOf);
  const times = price.index.map((time) => time - Math.floor(time / DAY_MS) * DAY_MS);
  const priced = Array.from(price.index, (_, t) => t).filter((t) => hasPrice[t] === 1);
  const activeDays = new Set(priced.map((t) => days[t]));
  const activeTimes = new Set(priced.map((t) => times[t]));
  return Int32Array.from(price.index, (_, t) => t).filter(
    (t) => activeDays.has(days[t]) && activeTimes.has(times[t]),
  );
}

/** The first row that counts in which a column is known; the number of rows when there is none. */
function firstKnown({index, data}: Frame, counts: Uint8Array): number {
  for (let t = 0; t < index.length; ++t) {
    if (counts[t] === 1 && data.some((column) => !Number.isNaN(column[t] as number))) {
      return t;
    }
  }
  return index.length;
}

/** These rows, ascending; a view where they are one run, else a copy. */
function pickRows(frame: Frame, rows: Int32Array): Frame {
  const [first = 0] = rows;
  const last = rows[rows.length - 1] ?? -1;
  if (last - first + 1 === rows.length || rows.length === 0) {
    return sliceRows(frame, first, first + rows.length);
  }
  const pick = (column: Column) => Float64Array.from(rows, (t) => column[t] as number);
  return makeFrame(pick(frame.index), frame.columns, frame.data.map(pick));
}
