import type {Column} from "../../table/frame.js";
import {correlation} from "../comparison/correlation.js";
import {cumulativeSum} from "../series/cumulative.js";

/**
 * How straight the growth of wealth is: R² of a line through cumulative log returns, 0..1.
 *
 * empyrical's `stability_of_timeseries`. Missing returns are left out. NaN with fewer than two
 * known returns; with two or more equal ones, 1.
 */
export function stabilityOfTimeseries(returns: Column): number {
  const growth = cumulativeSum(returns.filter((r) => !Number.isNaN(r)).map(Math.log1p));
  return (
    correlation(
      growth,
      growth.map((_, t) => t),
    ) ** 2
  );
}
