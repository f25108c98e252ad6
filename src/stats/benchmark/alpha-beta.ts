import {mean} from "../distribution/moments.js";
import type {PairedReturns} from "./paired.js";

/** Variation below this is none: empyrical's limit. */
const FLAT = 1e-30;

/** A line through pairs of returns: their means, and the slope, which is beta. */
export interface BenchmarkLine {
  readonly meanReturn: number;
  readonly meanBenchmark: number;
  readonly beta: number;
}

/**
 * How much of the benchmark is in the returns: cov(r, b) / var(b).
 *
 * NaN with fewer than two periods or where the benchmark does not move.
 */
export function beta(pairs: PairedReturns): number {
  return benchmarkLine(pairs).beta;
}

/** {@link beta}, with the means that it was found from. */
export function benchmarkLine({returns, benchmark}: PairedReturns): BenchmarkLine {
  const [meanReturn, meanBenchmark] = [mean(returns), mean(benchmark)];
  let together = 0;
  let alone = 0;
  for (let t = 0; t < benchmark.length; ++t) {
    const d = (benchmark[t] as number) - meanBenchmark;
    together += d * ((returns[t] as number) - meanReturn);
    alone += d * d;
  }
  const isKnown = returns.length >= 2 && alone / returns.length >= FLAT;
  return {meanReturn, meanBenchmark, beta: isKnown ? together / alone : Number.NaN};
}

/**
 * Jensen's alpha, compounded to a year: (1 + a)^periodsPerYear − 1 with
 * a = mean(r − rf) − beta · mean(b − rf).
 *
 * @param riskFree per period; default 0
 */
export function alpha(
  pairs: PairedReturns | BenchmarkLine,
  periodsPerYear: number,
  riskFree = 0,
): number {
  const line = "beta" in pairs ? pairs : benchmarkLine(pairs);
  const perPeriod = line.meanReturn - riskFree - line.beta * (line.meanBenchmark - riskFree);
  return (1 + perPeriod) ** periodsPerYear - 1;
}
