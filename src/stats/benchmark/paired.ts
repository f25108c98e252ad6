import assert from "node:assert/strict";
import type {Column} from "../../table/frame.js";

/** Returns of a strategy and of its benchmark in the same periods, both known. */
export interface PairedReturns {
  readonly returns: Float64Array;
  readonly benchmark: Float64Array;
}

/**
 * The periods in which both are known; the given columns themselves where that is all of them.
 *
 * @param keep which of them, by the benchmark's return; default all
 */
export function pairReturns(
  returns: Column,
  benchmark: Column,
  keep?: (benchmark: number) => boolean,
): PairedReturns {
  assert.equal(returns.length, benchmark.length, "a benchmark has the periods of the returns");
  if (keep === undefined && areAllKnown(returns) && areAllKnown(benchmark)) {
    return {returns, benchmark};
  }
  const kept = {
    returns: new Float64Array(returns.length),
    benchmark: new Float64Array(returns.length),
  };
  let count = 0;
  for (let t = 0; t < returns.length; ++t) {
    const r = returns[t] as number;
    const b = benchmark[t] as number;
    if (!Number.isNaN(r) && !Number.isNaN(b) && (keep === undefined || keep(b))) {
      kept.returns[count] = r;
      kept.benchmark[count] = b;
      count += 1;
    }
  }
  return {
    returns: kept.returns.subarray(0, count),
    benchmark: kept.benchmark.subarray(0, count),
  };
}

function areAllKnown(values: Column): boolean {
  for (let t = 0; t < values.length; ++t) {
    if (Number.isNaN(values[t] as number)) {
      return false;
    }
  }
  return true;
}

/** The benchmark rose, or fell, in a period. */
export const UP = (benchmark: number): boolean => benchmark > 0;
export const DOWN = (benchmark: number): boolean => benchmark < 0;
