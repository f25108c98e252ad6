import type {Column} from "../../table/frame.js";

/** Below this many values sorting all is faster than looking for the few that count. */
const SORT_LIMIT = 64;
const MOST_BUCKETS = 16_384;

/**
 * The quantile of the known values at a probability: linear between the two order statistics
 * around (n − 1)·p, which is numpy's and pandas' default (Hyndman and Fan, type 7).
 *
 * NaN of no values. Time is linear in the count: values are counted into buckets of equal width,
 * and only the bucket that holds the wanted one is sorted.
 *
 * @param probability 0..1
 */
export function quantile(values: Column, probability: number): number {
  return quantiles(values, [probability])[0] as number;
}

/** {@link quantile} at several probabilities, of which the values are read once for all. */
export function quantiles(values: Column, probabilities: readonly number[]): Float64Array {
  const ordered = new OrderedValues(values);
  return Float64Array.from(probabilities, (p) => ordered.quantile(p));
}

/** Quantiles and tails of the same values, which are put in order once for all. */
export class OrderedValues {
  readonly values: Column;
  /** How many values are not NaN. */
  readonly known: number;
  readonly #at: (k: number) => number;

  /** @param values must not change while this is asked */
  constructor(values: Column) {
    const range = rangeOf(values);
    this.values = values;
    this.known = range.known;
    this.#at = orderStatistics(values, range);
  }

  /** Those of a column, or the given ones. */
  static of(values: Column | OrderedValues): OrderedValues {
    return values instanceof OrderedValues ? values : new OrderedValues(values);
  }

  /** As {@link quantile}. */
  quantile(probability: number): number {
    const position = (this.known - 1) * probability;
    const low = Math.floor(position);
    const share = position - low;
    const [a, b] = [this.#at(low), this.#at(Math.min(low + 1, this.known - 1))];
    // As numpy does: from the nearer end, so that the ends are exact.
    return share >= 0.5 ? b - (b - a) * (1 - share) : a + (b - a) * share;
  }

  /** The mean of the `count` smallest known values; NaN of none. */
  meanOfSmallest(count: number): number {
    const {values} = this;
    const limit = this.#at(count - 1);
    let total = 0;
    let below = 0;
    for (let t = 0; t < values.length; ++t) {
      const x = values[t] as number;
      total += x < limit ? x : 0;
      below += x < limit ? 1 : 0;
    }
    return count > 0 ? (total + (count - below) * limit) / count : Number.NaN;
  }
}

interface Range {
  readonly known: number;
  readonly lowest: number;
  readonly highest: number;
}

function rangeOf(values: Column): Range {
  let known = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    known += Number.isNaN(x) ? 0 : 1;
    lowest = x < lowest ? x : lowest;
    highest = x > highest ? x : highest;
  }
  return {known, lowest, highest};
}

/** The k-th smallest known value, counted from 0; NaN outside. */
function orderStatistics(values: Column, range: Range): (k: number) => number {
  const width = range.highest - range.lowest;
  if (range.known <= SORT_LIMIT || !(width > 0 && width < Infinity)) {
    const sorted = values.filter((x) => !Number.isNaN(x)).sort();
    return (k) => sorted[k] ?? Number.NaN;
  }
  const {lowest} = range;
  // About four values to a bucket where they lie evenly.
  const buckets = Math.min(MOST_BUCKETS, values.length >> 2);
  const scale = (buckets - 1) / width;
  const counts = new Int32Array(buckets + 1);
  const bucketOf = new Uint16Array(values.length);
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    // Monotone in the value, as each step of the arithmetic is. NaN goes behind all.
    const bucket = Number.isNaN(x) ? buckets : ((x - lowest) * scale) | 0;
    bucketOf[t] = bucket;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const sortedBuckets = new Map<number, Float64Array>();
  return (k) => {
    let [bucket, before] = [0, 0];
    while (before + (counts[bucket] as number) <= k) {
      before += counts[bucket++] as number;
    }
    const sorted = sortedBuckets.get(bucket) ?? sortedBucket(values, bucketOf, bucket);
    sortedBuckets.set(bucket, sorted);
    return sorted[k - before] as number;
  };
}

/** The values of one bucket, ascending. */
function sortedBucket(values: Column, bucketOf: Uint16Array, bucket: number): Float64Array {
  const own: number[] = [];
  for (let t = bucketOf.indexOf(bucket); t >= 0; t = bucketOf.indexOf(bucket, t + 1)) {
    own.push(values[t] as number);
  }
  return Float64Array.from(own).sort();
}
