import type {Column} from "../../table/frame.js";

/**
 * How far cumulative PnL is below its highest point so far: money, 0 or positive.
 *
 * Peak − cumulative PnL, the peak being the highest cumulative PnL of any bar so far, so that a
 * loss in the very first bar is a low starting point and no drawdown (the reference's table does
 * so; `percentDrawdown` counts it). Missing PnL is 0.
 */
export function moneyDrawdown(pnl: Column): Float64Array {
  let total = 0;
  let peak = -Infinity;
  return Float64Array.from(pnl, (x) => {
    total += Number.isNaN(x) ? 0 : x;
    peak = Math.max(peak, total);
    return peak - total;
  });
}

/** The largest {@link moneyDrawdown}; NaN of an empty series. */
export function maxMoneyDrawdown(pnl: Column): number {
  let deepest = Number.NaN;
  for (const depth of moneyDrawdown(pnl)) {
    deepest = deepest >= depth ? deepest : depth;
  }
  return deepest;
}

/** Bars since cumulative PnL last stood at its highest point so far; 0 at a peak. */
export function timeUnderWater(pnl: Column): Float64Array {
  let bars = 0;
  return moneyDrawdown(pnl).map((depth) => {
    bars = depth > 0 ? bars + 1 : 0;
    return bars;
  });
}
