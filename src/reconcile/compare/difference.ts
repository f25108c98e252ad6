import type {Frame} from "../../table/frame.js";
import {countUpTo, selectColumns, selectRows} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";

/** One place where production and simulation are not the same. */
export interface Difference {
  readonly barEnd: EpochMs;
  readonly instrument: string;
  readonly field: string;
  readonly prod: number | string;
  readonly sim: number | string;
}

/** Values within this of each other, relative to the larger, count as equal. */
export const DEFAULT_TOLERANCE = 1e-5;

/** How two frames of one field compare. */
export interface FieldComparison {
  readonly field: string;
  /** Cells present in either. */
  readonly cells: number;
  /** Largest |prod - sim|, 0 when they are identical. */
  readonly maxAbsolute: number;
  /** Largest |prod - sim| / max(|prod|, |sim|). */
  readonly maxRelative: number;
  /** Cells beyond the tolerance, in time order. */
  readonly differences: readonly Difference[];
}

/**
 * Compares two frames cell by cell over all the rows and columns either has.
 *
 * A cell differs when |prod - sim| > tolerance · max(|prod|, |sim|), or when one side is missing
 * and the other is not. Missing on both sides is equal.
 *
 * @param tolerance relative; 0 asks for identity
 */
export function compareField(
  field: string,
  {prod, sim}: {readonly prod: Frame; readonly sim: Frame},
  tolerance: number = DEFAULT_TOLERANCE,
): FieldComparison {
  const index = unionOfTimes(prod.index, sim.index);
  const columns = [...new Set([...prod.columns, ...sim.columns])];
  const [left, right] = [prod, sim].map((frame) =>
    selectColumns(selectRows(frame, index), columns),
  ) as [Frame, Frame];
  const differences: Difference[] = [];
  let maxAbsolute = 0;
  let maxRelative = 0;
  for (let t = 0; t < index.length; ++t) {
    for (const [j, instrument] of columns.entries()) {
      const a = left.data[j]?.[t] as number;
      const b = right.data[j]?.[t] as number;
      const {absolute, relative} = distance(a, b);
      maxAbsolute = Math.max(maxAbsolute, absolute);
      maxRelative = Math.max(maxRelative, relative);
      if (relative > tolerance) {
        differences.push({barEnd: index[t] as number, instrument, field, prod: a, sim: b});
      }
    }
  }
  return {field, cells: index.length * columns.length, maxAbsolute, maxRelative, differences};
}

/** One side missing is infinitely far; both missing, or the same infinity, is no distance. */
function distance(a: number, b: number): {absolute: number; relative: number} {
  if (Object.is(a, b) || a === b) {
    return {absolute: 0, relative: 0};
  }
  const absolute = Math.abs(a - b);
  if (!Number.isFinite(absolute)) {
    return {absolute: Number.POSITIVE_INFINITY, relative: Number.POSITIVE_INFINITY};
  }
  return {absolute, relative: absolute / Math.max(Math.abs(a), Math.abs(b))};
}

/** The instants of either, in order. */
function unionOfTimes(a: Float64Array, b: Float64Array): Float64Array {
  const isInA = (time: number): boolean => a[countUpTo(a, time) - 1] === time;
  return Float64Array.from([...a, ...Array.from(b).filter((time) => !isInA(time))]).sort();
}
