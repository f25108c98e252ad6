import type {Column} from "../../table/frame.js";
import {beta} from "../benchmark/alpha-beta.js";
import {stdev} from "../distribution/moments.js";
import {normalQuantile} from "../distribution/normal.js";
import {correlation} from "./correlation.js";

/** An estimate with its 95 % confidence interval; NaN where there is none. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How one series moves with another. */
export interface SharedVariation {
  /** Rows where both are known. */
  readonly count: number;
  readonly correlation: Estimate;
  /** cov(y, x) / var(x). */
  readonly beta: Estimate;
  /** Share of y's variance that a straight line on x explains: the correlation squared. */
  readonly explainedShare: Estimate;
}

const Z_95 = normalQuantile(0.975);

/**
 * How much of `y` is in `x`, each figure with a 95 % interval.
 *
 * Correlation: Fisher's z, atanh(r) ± 1.96 / √(n − 3). Beta: ordinary least squares with standard
 * error √((1 − r²) / (n − 2)) · s_y / s_x and the normal quantile. Explained share: the square of
 * the correlation's interval, from 0 where that holds 0. All take the rows as independent; an
 * interval needs more than 3 of them.
 */
export function sharedVariation(y: Column, x: Column): SharedVariation {
  const rows = Array.from(y.keys()).filter(
    (t) => !Number.isNaN(y[t]) && !Number.isNaN(x[t] as number),
  );
  const [left, right] = [y, x].map((column) =>
    Float64Array.from(rows, (t) => column[t] as number),
  ) as [Float64Array, Float64Array];
  const count = rows.length;
  const r = correlation(left, right);
  const slope = beta({returns: left, benchmark: right});
  const correlated = fisherInterval(r, count);
  const scale = stdev(left) / stdev(right);
  const error = scale * Math.sqrt(Math.max(0, 1 - r * r) / (count - 2));
  const half = count > 3 ? Z_95 * error : Number.NaN;
  return {
    count,
    correlation: correlated,
    beta: {value: slope, low: slope - half, high: slope + half},
    explainedShare: squared(correlated),
  };
}

function fisherInterval(r: number, count: number): Estimate {
  if (!(count > 3) || Number.isNaN(r)) {
    return {value: r, low: Number.NaN, high: Number.NaN};
  }
  const half = Z_95 / Math.sqrt(count - 3);
  const z = Math.atanh(r);
  return {value: r, low: Math.tanh(z - half), high: Math.tanh(z + half)};
}

function squared({value, low, high}: Estimate): Estimate {
  const [a, b] = [low * low, high * high];
  return {
    value: value * value,
    low: low <= 0 && high >= 0 ? 0 : Math.min(a, b),
    high: Math.max(a, b),
  };
}
