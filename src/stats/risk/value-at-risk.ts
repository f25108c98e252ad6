import type {Column} from "../../table/frame.js";
import type {Convention} from "../convention.js";
import {mean, stdev} from "../distribution/moments.js";
import {normalQuantile} from "../distribution/normal.js";
import {OrderedValues} from "../distribution/quantile.js";

/**
 * The return that a period falls below with probability `cutoff`; negative is a loss.
 *
 * Historical: the quantile of the returns. Under quantstats that of a normal distribution with
 * their mean and standard deviation (ddof 1). NaN without returns.
 *
 * @param returns a column, or its {@link OrderedValues} where several statistics are asked of it
 * @param cutoff  default 0.05
 */
export function valueAtRisk(
  returns: Column | OrderedValues,
  cutoff = 0.05,
  convention: Convention = "reckon",
): number {
  if (convention !== "quantstats") {
    return OrderedValues.of(returns).quantile(cutoff);
  }
  const values = returns instanceof OrderedValues ? returns.values : returns;
  return mean(values) + normalQuantile(cutoff) * stdev(values);
}

/**
 * The mean return of the periods at or below the value at risk (expected shortfall).
 *
 * empyrical: the mean of the ⌊(n − 1)·cutoff⌋ + 1 smallest returns. quantstats: of those strictly
 * below its value at risk, and that itself where there are none.
 */
export function conditionalValueAtRisk(
  returns: Column | OrderedValues,
  cutoff = 0.05,
  convention: Convention = "reckon",
): number {
  if (convention !== "quantstats") {
    const ordered = OrderedValues.of(returns);
    return ordered.meanOfSmallest(Math.floor((ordered.known - 1) * cutoff) + 1);
  }
  const values = returns instanceof OrderedValues ? returns.values : returns;
  const limit = valueAtRisk(values, cutoff, convention);
  const beyond = mean(values.filter((r) => r < limit));
  return Number.isNaN(beyond) ? limit : beyond;
}

/**
 * What a position may be worth after a fall that happens with probability 1 − c, as pyfolio says
 * it: P − P·(α + 1) with α the (1 − c) quantile of a normal distribution of returns.
 *
 * @param position P, money
 * @param c        confidence, 0..1
 */
export function normalValueAtRisk(
  position: number,
  c: number,
  {mean: centre, stdev: spread}: {readonly mean: number; readonly stdev: number},
): number {
  return position - position * (centre + normalQuantile(1 - c) * spread + 1);
}
