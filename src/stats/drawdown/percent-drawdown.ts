import type {Column} from "../../table/frame.js";

/**
 * How far the value of 1 invested is below its peak, as a fraction: 0 or negative, −0.25 is 25 %.
 *
 * wealth / peak − 1 with wealth = Π(1 + r); the starting capital counts as a peak, so an initial
 * loss is a drawdown. Missing returns are 0.
 *
 * @param returns simple returns per period, 0.01 for 1 %
 */
export function percentDrawdown(returns: Column): Float64Array {
  let wealth = 1;
  let peak = 1;
  return Float64Array.from(returns, (r) => {
    wealth *= Number.isNaN(r) ? 1 : 1 + r;
    peak = Math.max(peak, wealth);
    return wealth / peak - 1;
  });
}

/** The deepest {@link percentDrawdown}: 0 or negative; 0 of an empty series. */
export function maxDrawdown(returns: Column): number {
  let wealth = 1;
  let peak = 1;
  let deepest = 0;
  // The lowest wealth since the peak: the division is done once per peak.
  let valley = 1;
  for (let t = 0; t < returns.length; ++t) {
    const r = returns[t] as number;
    wealth *= Number.isNaN(r) ? 1 : 1 + r;
    if (wealth > peak) {
      deepest = Math.min(deepest, valley / peak - 1);
      peak = wealth;
      valley = wealth;
    } else if (wealth < valley) {
      valley = wealth;
    }
  }
  return Math.min(deepest, valley / peak - 1);
}
