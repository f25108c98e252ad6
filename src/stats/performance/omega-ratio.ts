import type {Column} from "../../table/frame.js";

/**
 * The omega ratio: Σ of what lies above a threshold / Σ of what lies below it.
 *
 * NaN with fewer than two returns, or with none below (Keating and Shadwick, 2002).
 *
 * @param returns in excess of the threshold per period: see {@link thresholdPerPeriod}
 */
export function omegaRatio(returns: Column): number {
  let above = 0;
  let below = 0;
  for (let t = 0; t < returns.length; ++t) {
    const r = returns[t] as number;
    if (!Number.isNaN(r)) {
      // max(r, 0) and −min(r, 0), without a condition that would be foreseen wrongly.
      above += 0.5 * (r + Math.abs(r));
      below += 0.5 * (Math.abs(r) - r);
    }
  }
  return returns.length >= 2 && below > 0 ? above / below : Number.NaN;
}

/** An annual return per period: (1 + annual)^(1 / periodsPerYear) − 1; NaN at −1 and below. */
export function thresholdPerPeriod(annual: number, periodsPerYear: number): number {
  return annual > -1 ? (1 + annual) ** (1 / periodsPerYear) - 1 : Number.NaN;
}
