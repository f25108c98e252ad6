import type {Column} from "../../table/frame.js";
import {momentsOf} from "./moments.js";

/**
 * How lopsided the known values lie: negative where the long tail is of losses.
 *
 * The adjusted Fisher-Pearson coefficient, √(n(n−1)) / (n−2) · m₃ / m₂^1.5, as pandas, quantstats
 * and nautilus have it. NaN with fewer than three values; 0 when all are equal.
 */
export function skew(values: Column): number {
  const {known: n, mean, squares} = momentsOf(values);
  if (n < 3 || squares === 0) {
    return n < 3 ? Number.NaN : 0;
  }
  const third = centralSum(values, mean, (d) => d * d * d);
  return (n * Math.sqrt(n - 1) * third) / ((n - 2) * squares ** 1.5);
}

/**
 * How heavy the tails of the known values are; 0 for a normal distribution.
 *
 * The unbiased excess kurtosis, (n−1) / ((n−2)(n−3)) · ((n+1)·m₄/m₂² − 3(n−1)), as pandas has it.
 * NaN with fewer than four values; 0 when all are equal.
 */
export function kurtosis(values: Column): number {
  const {known: n, mean, squares} = momentsOf(values);
  if (n < 4 || squares === 0) {
    return n < 4 ? Number.NaN : 0;
  }
  const fourth = centralSum(values, mean, (d) => d * d * d * d);
  const ratio = (n * (n + 1) * fourth) / (squares * squares);
  return ((n - 1) / ((n - 2) * (n - 3))) * (ratio - 3 * (n - 1));
}

function centralSum(values: Column, mean: number, power: (d: number) => number): number {
  let total = 0;
  for (let t = 0; t < values.length; ++t) {
    const d = (values[t] as number) - mean;
    total += Number.isNaN(d) ? 0 : power(d);
  }
  return total;
}
