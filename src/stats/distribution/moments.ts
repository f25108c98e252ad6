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

/**
 * Σ(x − mean)² / (n − ddof) over the known values, in two passes.
 *
 * NaN with no more than `ddof` of them; exactly 0 when all are equal.
 *
 * @param ddof 1 (default) for a sample, 0 for a whole population
 */
export function variance(values: Column, ddof = 1): number {
  const centre = mean(values);
  let squares = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    if (!Number.isNaN(x)) {
      squares += (x - centre) * (x - centre);
      lowest = Math.min(lowest, x);
      highest = Math.max(highest, x);
    }
  }
  const freedom = countKnown(values) - ddof;
  return freedom <= 0 ? Number.NaN : lowest === highest ? 0 : squares / freedom;
}

/** √{@link variance}: the standard deviation, in the unit of the values. */
export function stdev(values: Column, ddof = 1): number {
  return Math.sqrt(variance(values, ddof));
}
