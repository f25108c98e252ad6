import {type Column, type Frame, mapColumns} from "../../table/frame.js";

/** Every column moved `bars` rows later, so that row t shows row t − bars; NaN before that. */
export function lag(frame: Frame, bars: number): Frame {
  return mapColumns(frame, (column) => lagColumn(column, bars));
}

/** Every column moved one row earlier, so that row t shows row t + 1; the last row is NaN. */
export function lead(frame: Frame): Frame {
  return mapColumns(frame, (column) => {
    const out = new Float64Array(column.length).fill(Number.NaN);
    out.set(column.subarray(1));
    return out;
  });
}

/** x[t] − x[t − bars]; NaN for the first `bars` rows and where either is missing. */
export function diff(frame: Frame, bars = 1): Frame {
  return againstLag(frame, bars, (now, before) => now - before);
}

/**
 * ln(x[t] / x[t − bars]); NaN for the first `bars` rows, or where either is missing or not > 0.
 *
 * @param firstRow rows before it are NaN: saves work where only late rows are read
 */
export function logReturns(price: Frame, bars = 1, firstRow = 0): Frame {
  return mapColumns(price, (column) => {
    const from = Math.max(bars, firstRow);
    const out = new Float64Array(column.length);
    out.fill(Number.NaN, 0, from);
    for (let t = from; t < column.length; ++t) {
      const now = column[t] as number;
      const before = column[t - bars] as number;
      out[t] = now > 0 && before > 0 ? Math.log(now / before) : Number.NaN;
    }
    return out;
  });
}

/** x[t] / x[t − bars] − 1; NaN for the first `bars` rows, where either is missing, or from 0. */
export function simpleReturns(price: Frame, bars = 1): Frame {
  return againstLag(price, bars, (now, before) => (before === 0 ? Number.NaN : now / before - 1));
}

function lagColumn(column: Column, bars: number): Float64Array {
  const out = new Float64Array(column.length).fill(Number.NaN);
  out.set(column.subarray(0, Math.max(0, column.length - bars)), Math.min(bars, column.length));
  return out;
}

function againstLag(frame: Frame, bars: number, f: (now: number, before: number) => number): Frame {
  return mapColumns(frame, (column) => {
    const before = lagColumn(column, bars);
    return column.map((now, t) => f(now, before[t] as number));
  });
}
