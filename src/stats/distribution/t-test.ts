import type {Column} from "../../table/frame.js";
import {countKnown, mean, stdev} from "./moments.js";
import {studentTPValue} from "./student-t.js";

/** A t statistic and its two-sided p-value. */
export interface TTest {
  readonly tval: number;
  readonly pval: number;
}

/**
 * The one-sample t-test that the mean of the known values is 0: t = mean / (stdev / √n).
 *
 * Both NaN with fewer than two known values or when they are all equal.
 */
export function tTestOfZeroMean(values: Column): TTest {
  const n = countKnown(values);
  const deviation = stdev(values);
  const tval = deviation > 0 ? (mean(values) / deviation) * Math.sqrt(n) : Number.NaN;
  return {tval, pval: studentTPValue(tval, n - 1)};
}
