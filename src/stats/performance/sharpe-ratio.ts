import type {Column} from "../../table/frame.js";
import {type Convention, ratioUnder} from "../convention.js";
import {type Moments, momentsOf, variance} from "../distribution/moments.js";

/**
 * The annualised Sharpe ratio: mean / stdev (ddof 1) · √periodsPerYear.
 *
 * Of PnL or of excess returns, per period. Missing values do not count. NaN with fewer than two
 * known values; when they are all equal NaN too, but infinite under empyrical and pyfolio unless
 * they are 0.
 *
 * @param values a column, or its {@link Moments} where several statistics are asked of it
 */
export function sharpeRatio(
  values: Column | Moments,
  periodsPerYear: number,
  convention: Convention = "reckon",
): number {
  const moments = momentsOf(values);
  const deviation = Math.sqrt(variance(moments));
  return ratioUnder(convention, moments.mean * Math.sqrt(periodsPerYear), deviation);
}

/**
 * The standard error of {@link sharpeRatio} for independent, identically distributed values.
 *
 * √((1 + s²/2) / (n−1)) · √periodsPerYear with s the ratio per period (Lo, "The statistics of
 * Sharpe ratios", 2002, with n−1 for n). NaN where the ratio is NaN.
 *
 * @param values without missing ones
 */
export function sharpeRatioStandardError(values: Column, periodsPerYear: number): number {
  const perPeriod = sharpeRatio(values, 1);
  const variance = (1 + perPeriod ** 2 / 2) / (values.length - 1);
  return Math.sqrt(variance * periodsPerYear);
}
