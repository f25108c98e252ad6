import assert from "node:assert/strict";
import {type Column, type Frame, mapColumns} from "../../table/frame.js";

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
  return rollFrame(frame, options, ({sum}, t) => sum[t] as number);
}

/** Mean of the known values in the window ending at each row; NaN with fewer than `minPeriods`. */
export function rollingMean(frame: Frame, options: RollingWindow): Frame {
  return rollFrame(frame, options, ({sum, known}, t) => (sum[t] as number) / (known[t] as number));
}

/**
 * Sample standard deviation (ddof 1) of the known values in the window ending at each row.
 *
 * √(Σ(x − mean)² / (n−1)), in two passes. NaN with fewer than `minPeriods` known values or fewer
 * than two; 0 when they are all equal.
 */
export function rollingStdev(frame: Frame, options: RollingWindow): Frame {
  const {window, firstRow = 0} = options;
  assert.ok(window >= 1, `a window has at least one bar, not ${window}`);
  return mapColumns(frame, (column) => {
    if (column.length - firstRow < LANES) {
      const out = new Float64Array(column.length).fill(Number.NaN, 0, firstRow);
      for (let t = firstRow; t < out.length; ++t) {
        out[t] = stdevOfWindow(column, t, options);
      }
      return out;
    }
    const {sum, known} = windowSums(column, options);
    // The sums are not needed again: the means take their place.
    const mean = sum;
    for (let t = firstRow; t < mean.length; ++t) {
      mean[t] = (mean[t] as number) / (known[t] as number);
    }
    const out = new Float64Array(column.length);
    sumSquares(column, {mean, window, firstRow}, out);
    out.fill(Number.NaN, 0, firstRow);
    for (let t = firstRow; t < out.length; ++t) {
      const count = known[t] as number;
      // The mean of equal values is rounded and may be none of them.
      const isFlat = isAllEqual(column, Math.max(0, t - window + 1), t);
      const stdev = isFlat ? 0 : Math.sqrt((out[t] as number) / (count - 1));
      out[t] = count < 2 || !isEnough(count, options) ? Number.NaN : stdev;
    }
    return out;
  });
}

/** One row's deviation, adding in the same order: where few rows are asked for, as bar by bar. */
function stdevOfWindow(column: Column, row: number, options: RollingWindow): number {
  const from = Math.max(0, row - options.window + 1);
  let sum = 0;
  let known = 0;
  for (let t = from; t <= row; ++t) {
    const x = column[t] as number;
    if (!Number.isNaN(x)) {
      sum += x;
      known += 1;
    }
  }
  if (known < 2 || !isEnough(known, options)) {
    return Number.NaN;
  }
  if (isAllEqual(column, from, row)) {
    return 0;
  }
  const mean = sum / known;
  let squares = 0;
  for (let t = from; t <= row; ++t) {
    const x = column[t] as number;
    if (!Number.isNaN(x)) {
      squares += (x - mean) * (x - mean);
    }
  }
  return Math.sqrt(squares / (known - 1));
}

function rollFrame(
  frame: Frame,
  options: RollingWindow,
  result: (sums: WindowSums, t: number) => number,
): Frame {
  const {firstRow = 0} = options;
  return mapColumns(frame, (column) => {
    const sums = windowSums(column, options);
    const out = new Float64Array(column.length);
    out.fill(Number.NaN, 0, firstRow);
    for (let t = firstRow; t < out.length; ++t) {
      out[t] = isEnough(sums.known[t] as number, options) ? result(sums, t) : Number.NaN;
    }
    return out;
  });
}

function isEnough(known: number, {window, minPeriods = window}: RollingWindow): boolean {
  return known >= minPeriods && known > 0;
}

function isAllEqual(column: Column, from: number, to: number): boolean {
  let first = Number.NaN;
  for (let t = from; t <= to; ++t) {
    const x = column[t] as number;
    if (x !== first && !Number.isNaN(x)) {
      if (!Number.isNaN(first)) {
        return false;
      }
      first = x;
    }
  }
  return true;
}

// Four windows at a time, which lie side by side: an addition waits for the one before it, and
// those of the other three windows are done meanwhile. Each window adds its own values in order.
const LANES = 4;

interface WindowSums {
  readonly sum: Float64Array;
  readonly known: Float64Array;
}

/** Σ and number of the known values of each row's window; 0 before the first row. */
function windowSums(column: Column, {window, firstRow = 0}: RollingWindow): WindowSums {
  assert.ok(window >= 1, `a window has at least one bar, not ${window}`);
  const sum = new Float64Array(column.length);
  const known = new Float64Array(column.length);
  const add = (row: number, from: number, to: number): void => {
    let total = sum[row] as number;
    let count = known[row] as number;
    for (let t = from; t <= to; ++t) {
      const x = column[t] as number;
      if (!Number.isNaN(x)) {
        total += x;
        count += 1;
      }
    }
    sum[row] = total;
    known[row] = count;
  };
  let row = firstRow;
  for (; row + LANES <= column.length && window >= LANES; row += LANES) {
    const shared = Math.max(0, row + LANES - window);
    for (let k = 0; k < LANES; ++k) {
      add(row + k, Math.max(0, row + k - window + 1), shared - 1);
    }
    let s0 = sum[row] as number;
    let s1 = sum[row + 1] as number;
    let s2 = sum[row + 2] as number;
    let s3 = sum[row + 3] as number;
    let count = 0;
    for (let t = shared; t <= row; ++t) {
      const x = column[t] as number;
      if (!Number.isNaN(x)) {
        s0 += x;
        s1 += x;
        s2 += x;
        s3 += x;
        count += 1;
      }
    }
    sum[row] = s0;
    sum[row + 1] = s1;
    sum[row + 2] = s2;
    sum[row + 3] = s3;
    for (let k = 0; k < LANES; ++k) {
      known[row + k] = (known[row + k] as number) + count;
      add(row + k, row + 1, row + k);
    }
  }
  for (; row < column.length; ++row) {
    add(row, Math.max(0, row - window + 1), row);
  }
  return {sum, known};
}

/** Σ(x − mean)² of each row's window, written into `squares`, which holds zeros. */
function sumSquares(
  column: Column,
  {mean, window, firstRow}: {readonly mean: Column; readonly window: number; firstRow: number},
  squares: Float64Array,
): void {
  const add = (row: number, from: number, to: number): void => {
    const centre = mean[row] as number;
    let total = squares[row] as number;
    for (let t = from; t <= to; ++t) {
      const x = column[t] as number;
      if (!Number.isNaN(x)) {
        total += (x - centre) * (x - centre);
      }
    }
    squares[row] = total;
  };
  let row = firstRow;
  for (; row + LANES <= column.length && window >= LANES; row += LANES) {
    const shared = Math.max(0, row + LANES - window);
    for (let k = 0; k < LANES; ++k) {
      add(row + k, Math.max(0, row + k - window + 1), shared - 1);
    }
    const m0 = mean[row] as number;
    const m1 = mean[row + 1] as number;
    const m2 = mean[row + 2] as number;
    const m3 = mean[row + 3] as number;
    let s0 = squares[row] as number;
    let s1 = squares[row + 1] as number;
    let s2 = squares[row + 2] as number;
    let s3 = squares[row + 3] as number;
    for (let t = shared; t <= row; ++t) {
      const x = column[t] as number;
      if (!Number.isNaN(x)) {
        s0 += (x - m0) * (x - m0);
        s1 += (x - m1) * (x - m1);
        s2 += (x - m2) * (x - m2);
        s3 += (x - m3) * (x - m3);
      }
    }
    squares[row] = s0;
    squares[row + 1] = s1;
    squares[row + 2] = s2;
    squares[row + 3] = s3;
    for (let k = 0; k < LANES; ++k) {
      add(row + k, row + 1, row + k);
    }
  }
  for (; row < column.length; ++row) {
    add(row, Math.max(0, row - window + 1), row);
  }
}
