import type {Column} from "../../table/frame.js";
import {beta} from "../benchmark/alpha-beta.js";
import {type PairedReturns, pairReturns} from "../benchmark/paired.js";

/**
 * A statistic of every full window of a series, in order: n − window + 1 values, as empyrical's
 * `roll_*` give them; none where the series is shorter.
 */
export function rollMetric(
  returns: Column,
  window: number,
  metric: (returns: Column) => number,
): Float64Array {
  return Float64Array.from({length: Math.max(0, returns.length - window + 1)}, (_, t) =>
    metric(returns.subarray(t, t + window)),
  );
}

/** Returns and benchmark in the same periods, and which of a window count. */
export interface PairedWindows {
  readonly returns: Column;
  readonly benchmark: Column;
  readonly window: number;
  /** By the benchmark's return; default all. */
  readonly keep?: ((benchmark: number) => boolean) | undefined;
}

/** {@link rollMetric} of returns and their benchmark. */
export function rollPaired(
  {returns, benchmark, window, keep}: PairedWindows,
  metric: (pairs: PairedReturns) => number,
): Float64Array {
  return Float64Array.from({length: Math.max(0, returns.length - window + 1)}, (_, t) =>
    metric(pairReturns(returns.subarray(t, t + window), benchmark.subarray(t, t + window), keep)),
  );
}

/** The beta of every window of `window` periods, NaN before the first is full. */
export function rollingBeta(returns: Column, benchmark: Column, window: number): Float64Array {
  const out = new Float64Array(returns.length).fill(Number.NaN);
  out.set(rollPaired({returns, benchmark, window}, beta), Math.min(window - 1, returns.length));
  return out;
}

/** {@link rollMetric} on the rows of the series, NaN before the first window is full. */
export function rollingMetric(
  returns: Column,
  window: number,
  metric: (returns: Column) => number,
): Float64Array {
  const out = new Float64Array(returns.length).fill(Number.NaN);
  out.set(rollMetric(returns, window, metric), Math.min(window - 1, returns.length));
  return out;
}
