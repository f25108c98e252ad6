/** Values closer to a row's smallest (largest) than this count as the smallest (largest). */
export const BOUND_WIDTH = 1e-7;

/**
 * The empirical distribution function of a sample through `n` evenly spaced quantiles, as a mean
 * of its interpolation from the left and from the right.
 *
 * Every operation is numpy's (`linspace`, `nanpercentile`, `interp`), in numpy's order. That is not
 * pedantry: the position of a quantile is rounded, and where cells are tied, a quantile that lands
 * one unit in the last place off them moves a tie's share by half a step.
 *
 * @param sorted known values, ascending; at most n
 * @param n      quantiles, at least 2
 * @returns the share of the distribution below x, for x strictly inside the sample's range
 */
export function empiricalShare(sorted: Float64Array, n: number): (x: number) => number {
  const quantiles = new Float64Array(n);
  for (let i = 0; i < n; ++i) {
    quantiles[i] = quantile(sorted, quantilePosition(i, n, sorted.length));
  }
  return (x) => 0.5 * (shareFromLeft(quantiles, x) + shareFromRight(quantiles, x));
}

/** The i-th of n evenly spaced probabilities from 0 to 1. */
export function probability(i: number, n: number): number {
  return i === n - 1 ? 1 : i * (1 / (n - 1));
}

/** Where among `known` sorted values the i-th of n quantiles lies; through percent and back. */
export function quantilePosition(i: number, n: number, known: number): number {
  return (known - 1) * ((probability(i, n) * 100) / 100);
}

function quantile(sorted: Float64Array, position: number): number {
  if (position >= sorted.length - 1) {
    return sorted[sorted.length - 1] as number;
  }
  const i = Math.floor(position);
  const a = sorted[i] as number;
  const b = sorted[i + 1] as number;
  const t = position - i;
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}

function shareFromLeft(quantiles: Float64Array, x: number): number {
  const n = quantiles.length;
  const i = countBelow(quantiles, x, true) - 1;
  const from = quantiles[i] as number;
  if (i === n - 1 || from === x) {
    return probability(i, n);
  }
  const slope = (probability(i + 1, n) - probability(i, n)) / ((quantiles[i + 1] as number) - from);
  return slope * (x - from) + probability(i, n);
}

function shareFromRight(quantiles: Float64Array, x: number): number {
  const n = quantiles.length;
  const i = countBelow(quantiles, x, false);
  const to = quantiles[i] as number;
  if (i === 0 || to === x) {
    return probability(i, n);
  }
  const slope = (probability(i, n) - probability(i - 1, n)) / (to - (quantiles[i - 1] as number));
  return probability(i, n) - slope * (to - x);
}

/** How many leading entries are below x, or at most x. */
function countBelow(ascending: Float64Array, x: number, orEqual: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = ascending[middle] as number;
    if (value < x || (orEqual && value === x)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
