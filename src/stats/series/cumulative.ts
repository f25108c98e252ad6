import type {Column} from "../../table/frame.js";

/** Running Σ of the known values; NaN where the value is NaN, the sum goes on after it. */
export function cumulativeSum(values: Column): Float64Array {
  let total = 0;
  return Float64Array.from(values, (x) => {
    total += Number.isNaN(x) ? 0 : x;
    return Number.isNaN(x) ? x : total;
  });
}

/** The mean of all known values up to each row; NaN until there is one. */
export function expandingMean(values: Column): Float64Array {
  let total = 0;
  let known = 0;
  return Float64Array.from(values, (x) => {
    if (!Number.isNaN(x)) {
      total += x;
      known += 1;
    }
    return total / known;
  });
}
