import {mean} from "../distribution/moments.js";
import type {PairedReturns} from "./paired.js";

/** Variation below this is none: empyrical's limit. */
const FLAT = 1e-30;

/**
 * How much of the benchmark is in the returns: cov(r, b) / var(b).
 *
 * NaN with fewer than two periods or where the benchmark does not move.
 */
export function beta({returns, benchmark}: PairedReturns): number {
  const [meanReturn, meanBenchmark] = [mean(returns), mean(benchmark)];
  let together = 0;
  let alone = 0;
  for (let t = 0; t < benchmark.length; ++t) {
    const d = (benchmark[t] as number) - meanBenchmark;
    together += d * ((returns[t] as number) - meanReturn);
    alone += d * d;
  }
  return returns.length >= 2 && alone / returns.length >= FLAT ? together / alone : Number.NaN;
}

/**
 * Jensen's alpha, compounded to a year: (1 + a)^periodsPerYear − 1 with
 * a = mean(r − rf) − beta · mean(b − rf).
 *
 * @param riskFree per period; default 0
 */
export function alpha(pairs: PairedReturns, periodsPerYear: number, riskFree = 0): number {
  const {returns, benchmark} = pairs;
  const perPeriod = mean(returns) - riskFree - beta(pairs) * (mean(benchmark) - riskFree);
  return (1 + perPeriod) ** periodsPerYear - 1;
}
