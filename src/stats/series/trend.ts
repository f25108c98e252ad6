import type {Column} from "../../table/frame.js";
import {countKnown, mean} from "../distribution/moments.js";

/** A straight line through values against their position 0, 1, 2, … */
export interface Trend {
  /** Per position, in the unit of the values. */
  readonly slope: number;
  /** Standard error of the slope, √(Σ residual² / (n−2) / Σ(t − mean t)²). */
  readonly slopeError: number;
  /** The line's value at position 0. */
  readonly intercept: number;
}

/**
 * Ordinary least squares of the values on their position; NaN values keep their position but do
 * not count. All NaN with fewer than two known values; no error with fewer than three.
 */
export function trend(values: Column): Trend {
  const n = countKnown(values);
  const positions = values.map((x, t) => (Number.isNaN(x) ? Number.NaN : t));
  const centre = mean(positions);
  const level = mean(values);
  const spread = sumOver(values, (_x, t) => (t - centre) ** 2);
  const slope = n < 2 ? Number.NaN : sumOver(values, (x, t) => (t - centre) * (x - level)) / spread;
  const residual = sumOver(values, (x, t) => (x - level - slope * (t - centre)) ** 2);
  const slopeError = n < 3 ? Number.NaN : Math.sqrt(residual / (n - 2) / spread);
  return {slope, slopeError, intercept: level - slope * centre};
}

function sumOver(values: Column, f: (x: number, t: number) => number): number {
  let total = 0;
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    total += Number.isNaN(x) ? 0 : f(x, t);
  }
  return total;
}
