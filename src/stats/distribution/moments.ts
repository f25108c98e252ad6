import type {Column} from "../../table/frame.js";

/** Σ of the known values, first to last; 0 when there are none. */
export function sum(values: Column): number {
  let total = 0;
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    total += Number.isNaN(x) ? 0 : x;
  }
  return total;
}

/** How many values are not NaN. */
export function countKnown(values: Column): number {
  let known = 0;
  for (let t = 0; t < values.length; ++t) {
    known += Number.isNaN(values[t] as number) ? 0 : 1;
  }
  return known;
}

/** The mean of the known values; NaN when there are none. */
export function mean(values: Column): number {
  return sum(values) / countKnown(values);
}

/** Number, mean and Σ(x − mean)² of the known values. */
export interface Moments {
  readonly known: number;
  /** NaN when there are none. */
  readonly mean: number;
  /** Exactly 0 when all are equal. */
  readonly squares: number;
}

/**
 * {@link Moments} in two passes, as accurate as deviations from the mean can be; moments as they
 * are given.
 */
export function momentsOf(values: Column | Moments): Moments {
  if ("squares" in values) {
    return values;
  }
  let total = 0;
  let known = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    if (!Number.isNaN(x)) {
      total += x;
      known += 1;
      lowest = x < lowest ? x : lowest;
      highest = x > highest ? x : highest;
    }
  }
  const centre = total / known;
  let squares = 0;
  if (lowest < highest) {
    for (let t = 0; t < values.length; ++t) {
      const d = (values[t] as number) - centre;
      squares += Number.isNaN(d) ? 0 : d * d;
    }
  }
  return {known, mean: centre, squares};
}

/**
 * Σ(x − mean)² / (n − ddof) over the known values, in two passes.
 *
 * NaN with no more than `ddof` of them; exactly 0 when all are equal.
 *
 * @param values a column, or its {@link Moments} where several statistics are asked of it
 * @param ddof   1 (default) for a sample, 0 for a whole population
 */
export function variance(values: Column | Moments, ddof = 1): number {
  const {known, squares} = momentsOf(values);
  return known <= ddof ? Number.NaN : squares / (known - ddof);
}

/** √{@link variance}: the standard deviation, in the unit of the values. */
export function stdev(values: Column | Moments, ddof = 1): number {
  return Math.sqrt(variance(values, ddof));
}
