import type {Column} from "../../table/frame.js";
import {quantiles} from "../distribution/quantile.js";
import {SeededRandom} from "../distribution/seeded-random.js";
import {optimalBlockLength} from "./block-length.js";
import {stationaryRows} from "./stationary-bootstrap.js";

/** How a bootstrap is done. */
export interface BootstrapOptions {
  /** Any integer; the same seed gives the same intervals on every machine. Default 1. */
  readonly seed?: number;
  /** Default 1,000. */
  readonly resamples?: number;
  /** Probability that lies inside an interval; default 0.95. */
  readonly confidence?: number;
  /** Mean length of a block, in periods; default {@link optimalBlockLength}. */
  readonly blockLength?: number;
}

/** Where a statistic lies; NaN where too few resamples have one. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Intervals of several statistics from the same resamples, and the block length they used. */
export interface Intervals {
  readonly intervals: readonly Interval[];
  readonly blockLength: number;
}

/**
 * Percentile intervals of statistics of a series by the stationary bootstrap.
 *
 * Every statistic is computed on the same resamples; its interval runs from the quantile
 * (1 − confidence) / 2 to the one above. It is NaN with fewer than ten rows, or where more than
 * half of the resamples have no finite value.
 *
 * @param columns  series that are resampled together, row by row, without missing values; the block
 *   length is that of the first
 * @param measure  the statistics of resampled columns, which it must neither keep nor change;
 *   the same number of them each time
 */
export function bootstrapIntervals(
  columns: readonly Column[],
  measure: (columns: readonly Column[]) => readonly number[],
  {seed = 1, resamples = 1_000, confidence = 0.95, ...options}: BootstrapOptions = {},
): Intervals {
  const [first = new Float64Array()] = columns;
  const {blockLength = optimalBlockLength(first)} = options;
  if (first.length < 10) {
    const intervals = measure(columns).map(() => ({low: Number.NaN, high: Number.NaN}));
    return {intervals, blockLength};
  }
  const found = measure(columns).map(() => new Float64Array(resamples));
  const random = new SeededRandom(seed);
  const rows = new Int32Array(first.length);
  const drawn = columns.map((column) => new Float64Array(column.length));
  for (let i = 0; i < resamples; ++i) {
    stationaryRows(rows, blockLength, random);
    for (let c = 0; c < columns.length; ++c) {
      gather(columns[c] as Column, rows, drawn[c] as Float64Array);
    }
    const values = measure(drawn);
    for (let m = 0; m < found.length; ++m) {
      (found[m] as Float64Array)[i] = values[m] as number;
    }
  }
  const tail = (1 - confidence) / 2;
  return {intervals: found.map((values) => interval(values, tail)), blockLength};
}

function gather(values: Column, rows: Int32Array, out: Float64Array): void {
  for (let t = 0; t < out.length; ++t) {
    out[t] = values[rows[t] as number] as number;
  }
}

function interval(values: Float64Array, tail: number): Interval {
  const finite = values.filter(Number.isFinite);
  if (finite.length * 2 < values.length) {
    return {low: Number.NaN, high: Number.NaN};
  }
  const [low, high] = quantiles(finite, [tail, 1 - tail]) as unknown as [number, number];
  return {low, high};
}
