import type {Convention} from "../convention.js";
import {mean, stdev} from "../distribution/moments.js";
import {sharpeRatio} from "../performance/sharpe-ratio.js";
import {annualReturn, totalReturn} from "../performance/total-return.js";
import {beta} from "./alpha-beta.js";
import type {PairedReturns} from "./paired.js";

/** Returns minus those of the benchmark. */
export function activeReturns({returns, benchmark}: PairedReturns): Float64Array {
  return returns.map((r, t) => r - (benchmark[t] as number));
}

/**
 * mean / stdev (ddof 1) of the active returns; annualised by √periodsPerYear under nautilus alone
 * (empyrical calls it `excess_sharpe`). NaN where they do not vary, up to rounding.
 */
export function informationRatio(
  pairs: PairedReturns,
  periodsPerYear: number,
  convention: Convention = "reckon",
): number {
  const active = activeReturns(pairs);
  const noise = 1e-15 * Math.max(...[0, ...pairs.returns, ...pairs.benchmark].map(Math.abs));
  return stdev(active) > noise
    ? sharpeRatio(active, convention === "nautilus" ? periodsPerYear : 1)
    : Number.NaN;
}

/** Annualised standard deviation (ddof 1) of the active returns. */
export function trackingError(pairs: PairedReturns, periodsPerYear: number): number {
  return stdev(activeReturns(pairs)) * Math.sqrt(periodsPerYear);
}

/**
 * Return for each unit of market risk: (annual return − annual risk-free rate) / beta; under
 * quantstats the total return.
 *
 * @param riskFree per period; default 0
 */
export function treynorRatio(
  pairs: PairedReturns,
  periodsPerYear: number,
  {riskFree = 0, convention = "reckon"}: {riskFree?: number; convention?: Convention} = {},
): number {
  const gain =
    convention === "quantstats"
      ? totalReturn(pairs.returns) - riskFree
      : annualReturn(pairs.returns, periodsPerYear) - ((1 + riskFree) ** periodsPerYear - 1);
  return gain / beta(pairs);
}

/** Share of periods in which the returns beat the benchmark's; NaN without any. */
export function battingAverage({returns, benchmark}: PairedReturns): number {
  return mean(returns.map((r, t) => (r > (benchmark[t] as number) ? 1 : 0)));
}
