import type {Column} from "../../table/frame.js";
import {correlation} from "../comparison/correlation.js";
import {normalCdf} from "../distribution/normal.js";
import {kurtosis, skew} from "../distribution/shape.js";
import {sharpeRatio} from "./sharpe-ratio.js";

/**
 * How probable it is that the true Sharpe ratio is above a benchmark's, given skew and tails.
 *
 * Φ((s − s*) / σ), σ = √((1 + s²/2 − skew·s + (excess kurtosis / 4)·s²) / (n−1)), s per period
 * (Bailey and López de Prado, "The Sharpe ratio efficient frontier", 2012, which has
 * (kurtosis − 1)/4 · s² with the plain kurtosis: the same). Under quantstats 3 is taken off an
 * excess kurtosis once more. NaN where the Sharpe ratio is.
 *
 * @param benchmark Sharpe ratio per period to be above; default 0
 */
export function probabilisticSharpeRatio(
  returns: Column,
  benchmark = 0,
  convention: "reckon" | "quantstats" = "reckon",
): number {
  const s = sharpeRatio(returns, 1);
  const tails = kurtosis(returns) - (convention === "quantstats" ? 3 : 0);
  const spread = 1 + s * s * 0.5 - skew(returns) * s + (tails / 4) * s * s;
  return normalCdf((s - benchmark) / Math.sqrt(spread / (returns.length - 1)));
}

/**
 * By how much dependence between neighbouring returns widens their risk: √(1 + 2·Σ (1 − k/n)·ρ^k).
 *
 * ρ is the absolute autocorrelation at lag 1, k from 1 to n − 1: quantstats' penalty, by which it
 * divides Sharpe and Sortino ratios and calls them smart. NaN with fewer than three returns.
 */
export function autocorrelationPenalty(returns: Column): number {
  const n = returns.length;
  const rho = Math.abs(autocorrelation(returns));
  let total = 0;
  for (let k = 1, power = rho; k < n && power > 0; ++k, power *= rho) {
    total += ((n - k) / n) * power;
  }
  return Number.isNaN(rho) ? rho : Math.sqrt(1 + 2 * total);
}

/** The correlation of each return with the one before; NaN with fewer than three. */
export function autocorrelation(returns: Column): number {
  return correlation(returns.subarray(0, -1), returns.subarray(1));
}
