import {type Frame, makeFrame, rowOf} from "../../table/frame.js";

/** Every row minus its mean over the known cells; NaN stays NaN. */
export function demeanRows(frame: Frame): Frame {
  return mapRows(frame, (row) => {
    const mean = meanOf(row);
    return row.map((x) => x - mean);
  });
}

/**
 * Every row as z-scores of its known cells: (x − mean) / stdev (ddof 1).
 *
 * NaN stays NaN; a row with fewer than two known cells, or whose cells are all equal, is NaN: it
 * ranks nobody.
 */
export function zscoreRows(frame: Frame): Frame {
  return mapRows(frame, (row) => {
    const mean = meanOf(row);
    const stdev = stdevOf(row, mean);
    return row.map((x) => (x - mean) / stdev);
  });
}

/** Of the known cells (ddof 1); NaN where they are fewer than two, or all equal. */
function stdevOf(row: Float64Array, mean: number): number {
  let squares = 0;
  let known = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (const x of row) {
    if (!Number.isNaN(x)) {
      squares += (x - mean) * (x - mean);
      known += 1;
      lowest = x < lowest ? x : lowest;
      highest = x > highest ? x : highest;
    }
  }
  return lowest === highest || known < 2 ? Number.NaN : Math.sqrt(squares / (known - 1));
}

function meanOf(row: Float64Array): number {
  let sum = 0;
  let known = 0;
  for (const x of row) {
    if (!Number.isNaN(x)) {
      sum += x;
      ++known;
    }
  }
  return sum / known;
}

function mapRows(frame: Frame, f: (row: Float64Array) => Float64Array): Frame {
  const data = frame.columns.map(() => new Float64Array(frame.index.length));
  for (let t = 0; t < frame.index.length; ++t) {
    const row = f(rowOf(frame, t));
    for (let j = 0; j < row.length; ++j) {
      (data[j] as Float64Array)[t] = row[j] as number;
    }
  }
  return makeFrame(frame.index, frame.columns, data);
}
