import assert from "node:assert/strict";
import type {Column} from "../../table/frame.js";

/** Returns of a strategy and of its benchmark in the same periods, both known. */
export interface PairedReturns {
  readonly returns: Float64Array;
  readonly benchmark: Float64Array;
}

/**
 * The periods in which both are known.
 *
 * @param keep which of them, by the benchmark's return; default all
 */
export function pairReturns(
  returns: Column,
  benchmark: Column,
  keep: (benchmark: number) => boolean = () => true,
): PairedReturns {
  assert.equal(returns.length, benchmark.length, "a benchmark has the periods of the returns");
  const rows = Array.from(returns.keys()).filter((t) => {
    const b = benchmark[t] as number;
    return !Number.isNaN(returns[t] as number) && !Number.isNaN(b) && keep(b);
  });
  return {
    returns: Float64Array.from(rows, (t) => returns[t] as number),
    benchmark: Float64Array.from(rows, (t) => benchmark[t] as number),
  };
}

/** The benchmark rose, or fell, in a period. */
export const UP = (benchmark: number): boolean => benchmark > 0;
export const DOWN = (benchmark: number): boolean => benchmark < 0;
