import {type Column, type Frame, mapColumns} from "../../table/frame.js";

/** Missing cells take the last known value of their column, for at most `limit` rows in a row. */
export function forwardFill(frame: Frame, limit = Number.POSITIVE_INFINITY): Frame {
  return mapColumns(frame, (column) => forwardFillColumn(column, limit));
}

/** {@link forwardFill} of one column; what precedes the first known value stays NaN. */
export function forwardFillColumn(column: Column, limit = Number.POSITIVE_INFINITY): Float64Array {
  const out = column.slice();
  let missing = 0;
  for (let t = 1; t < out.length; ++t) {
    missing = Number.isNaN(column[t]) ? missing + 1 : 0;
    if (missing > 0 && missing <= limit) {
      out[t] = out[t - 1] as number;
    }
  }
  return out;
}
