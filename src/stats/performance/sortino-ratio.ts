import type {Column} from "../../table/frame.js";
import {type Convention, ratioUnder} from "../convention.js";
import {stdev} from "../distribution/moments.js";

/**
 * Annualised deviation below a required return: √(mean(min(r − required, 0)²)) · √periodsPerYear.
 *
 * The mean is over all known returns, not only over the bad ones. NaN without any.
 *
 * @param returns in excess of the required return per period
 */
export function downsideRisk(returns: Column, periodsPerYear: number): number {
  const {squares, known} = downsideOf(returns);
  return Math.sqrt(squares / known) * Math.sqrt(periodsPerYear);
}

/**
 * The Sortino ratio: mean · periodsPerYear / {@link downsideRisk}.
 *
 * NaN with fewer than two known returns, or without a bad one; infinite then under empyrical and
 * pyfolio. ffn measures the downside as the standard deviation (ddof 1) of min(r, 0).
 *
 * @param returns in excess of the required return per period
 */
export function sortinoRatio(
  returns: Column,
  periodsPerYear: number,
  convention: Convention = "reckon",
): number {
  const {squares, known, total} = downsideOf(returns);
  const downside =
    convention === "ffn" ? stdev(returns.map((r) => (r > 0 ? 0 : r))) : Math.sqrt(squares / known);
  return known < 2
    ? Number.NaN
    : ratioUnder(convention, (total / known) * Math.sqrt(periodsPerYear), downside);
}

function downsideOf(returns: Column): {squares: number; known: number; total: number} {
  let squares = 0;
  let known = 0;
  let total = 0;
  for (let t = 0; t < returns.length; ++t) {
    const r = returns[t] as number;
    if (!Number.isNaN(r)) {
      // min(r, 0) without a condition, which would be foreseen wrongly every other time.
      const below = 0.5 * (r - Math.abs(r));
      squares += below * below;
      total += r;
      known += 1;
    }
  }
  return {squares, known, total};
}
