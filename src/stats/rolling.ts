import assert from "node:assert/strict";
import {type Column, type Frame, mapColumns} from "../table/frame.js";

/** A window of bars. */
export interface RollingWindow {
  /** Bars in the window, the current one included; at least 1. */
  readonly window: number;
  /** Known values needed for a result; default: as many as the window is long. */
  readonly minPeriods?: number;
  /** First row to compute; those before it are NaN. Saves work where only late rows are read. */
  readonly firstRow?: number;
}

// Every window is summed afresh, oldest value first, instead of adding the new and subtracting the
// old one: the value at t then depends on nothing but its own window, to the last bit, whether the
// series starts three bars or three years earlier.

/** Σ of the known values in the window ending at each row; NaN with fewer than `minPeriods`. */
export function rollingSum(frame: Frame, options: RollingWindow): Frame {
  return mapColumns(frame, (column) => rollColumn(column, options, ({sum}) => sum));
}

/** Mean of the known values in the window ending at each row; NaN with fewer than `minPeriods`. */
export function rollingMean(frame: Frame, options: RollingWindow): Frame {
  return mapColumns(frame, (column) => rollColumn(column, options, ({sum, known}) => sum / known));
}

/**
 * Sample standard deviation (ddof 1) of the known values in the window ending at each row.
 *
 * √(Σ(x − mean)² / (n−1)), in two passes. NaN with fewer than `minPeriods` known values or fewer
 * than two; 0 when they are all equal.
 */
export function rollingStdev(frame: Frame, options: RollingWindow): Frame {
  return mapColumns(frame, (column) =>
    rollColumn(column, options, ({sum, known, from, to}) => {
      const mean = sum / known;
      let squares = 0;
      let lowest = Infinity;
      let highest = -Infinity;
      for (let t = from; t <= to; ++t) {
        const x = column[t] as number;
        if (!Number.isNaN(x)) {
          squares += (x - mean) * (x - mean);
          lowest = x < lowest ? x : lowest;
          highest = x > highest ? x : highest;
        }
      }
      // The mean of equal values is rounded and may be none of them.
      const isFlat = lowest === highest;
      return known < 2 ? Number.NaN : isFlat ? 0 : Math.sqrt(squares / (known - 1));
    }),
  );
}

interface WindowSum {
  readonly from: number;
  readonly to: number;
  readonly known: number;
  readonly sum: number;
}

function rollColumn(
  column: Column,
  {window, minPeriods = window, firstRow = 0}: RollingWindow,
  result: (at: WindowSum) => number,
): Float64Array {
  assert.ok(window >= 1, `a window has at least one bar, not ${window}`);
  const out = new Float64Array(column.length).fill(Number.NaN);
  for (let to = firstRow; to < column.length; ++to) {
    const from = Math.max(0, to - window + 1);
    let sum = 0;
    let known = 0;
    for (let t = from; t <= to; ++t) {
      const x = column[t] as number;
      if (!Number.isNaN(x)) {
        sum += x;
        ++known;
      }
    }
    out[to] = known < minPeriods || known === 0 ? Number.NaN : result({from, to, known, sum});
  }
  return out;
}
