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

/** The deepest fall of an account, in money and as a share of its peak. */
export interface AccountDrawdown {
  /** Positive, money. */
  readonly absolute: number;
  /** `absolute` / the peak of capital + cumulative PnL. */
  readonly relative: number;
  /** Row of the peak, and of the valley. */
  readonly peakAt: number;
  readonly valleyAt: number;
}

/**
 * The largest drawdown of cumulative PnL as freqtrade has it: by money, or by share of the peak.
 *
 * The peak is the highest cumulative PnL of any row so far, as in {@link moneyDrawdown}. All 0, at
 * row −1, of PnL that never falls.
 *
 * @param capital before the first row; the share needs it above 0
 */
export function accountDrawdown(
  pnl: Column,
  capital: number,
  by: "absolute" | "relative" = "absolute",
): AccountDrawdown {
  let worst: AccountDrawdown = {absolute: 0, relative: 0, peakAt: -1, valleyAt: -1};
  let [total, peak, peakAt] = [0, Number.NEGATIVE_INFINITY, 0];
  for (let t = 0; t < pnl.length; ++t) {
    total += Number.isNaN(pnl[t] as number) ? 0 : (pnl[t] as number);
    if (total > peak) {
      [peak, peakAt] = [total, t];
    }
    const absolute = peak - total;
    const found = {absolute, relative: absolute / (capital + peak), peakAt, valleyAt: t};
    worst = found[by] > worst[by] ? found : worst;
  }
  return worst;
}
