import assert from "node:assert/strict";

/** One column of numbers; NaN means missing. */
export type Column = Float64Array;

/**
 * A table of numbers over time: one row per instant, one column per instrument (or statistic).
 *
 * `data[j][t]` is the value of `columns[j]` at `index[t]`. NaN means missing. A frame is never
 * changed after it was made; a changed frame is a new one that may share columns.
 */
export interface Frame {
  /** Instants (epoch ms, UTC), strictly increasing; bar ends unless said otherwise. */
  readonly index: Float64Array;
  readonly columns: readonly string[];
  readonly data: readonly Column[];
}

/** A frame of these columns; asserts that the axes fit the data. */
export function makeFrame(
  index: Float64Array,
  columns: readonly string[],
  data: readonly Column[],
): Frame {
  assert.equal(columns.length, data.length, "a frame needs one array per column");
  for (const column of data) {
    assert.equal(column.length, index.length, "a frame's columns are as long as its index");
  }
  return {index, columns, data};
}

/** A frame on the axes of `like`, every cell `value`. */
export function filledFrame(like: Pick<Frame, "index" | "columns">, value: number): Frame {
  const data = like.columns.map(() => new Float64Array(like.index.length).fill(value));
  return makeFrame(like.index, like.columns, data);
}

/** A frame from rows of cells, one row per instant. */
export function frameFromRows(
  index: ArrayLike<number>,
  columns: readonly string[],
  rows: readonly ArrayLike<number>[],
): Frame {
  const data = columns.map((_, j) => Float64Array.from(rows, (row) => row[j] ?? Number.NaN));
  return makeFrame(Float64Array.from(index), columns, data);
}

/** One column by name; NaN everywhere is never made up: an unknown name is a programming error. */
export function columnOf(frame: Frame, name: string): Column {
  const j = frame.columns.indexOf(name);
  if (j < 0) {
    assert.fail(`no column ${JSON.stringify(name)}; columns: ${frame.columns.join(", ")}`);
  }
  return frame.data[j] as Column;
}

/** The cells of one row, in column order. */
export function rowOf(frame: Frame, t: number): Float64Array {
  const row = new Float64Array(frame.data.length);
  for (let j = 0; j < row.length; ++j) {
    row[j] = (frame.data[j] as Column)[t] as number;
  }
  return row;
}

/** Every cell through `f`. */
export function mapCells(frame: Frame, f: (value: number) => number): Frame {
  return mapColumns(frame, (column) => column.map(f));
}

/** Every column through `f`, which returns a column of the same length. */
export function mapColumns(frame: Frame, f: (column: Column, j: number) => Column): Frame {
  return makeFrame(frame.index, frame.columns, frame.data.map(f));
}

/** Cell by cell over two frames with the same axes. */
export function zipCells(a: Frame, b: Frame, f: (a: number, b: number) => number): Frame {
  requireSameAxes(a, b);
  return mapColumns(a, (column, j) => {
    const other = b.data[j] as Column;
    const out = new Float64Array(column.length);
    for (let t = 0; t < out.length; ++t) {
      out[t] = f(column[t] as number, other[t] as number);
    }
    return out;
  });
}

/** Rows `from` (inclusive) to `to` (exclusive); a view, nothing is copied. */
export function sliceRows(frame: Frame, from: number, to: number = frame.index.length): Frame {
  return {
    index: frame.index.subarray(from, to),
    columns: frame.columns,
    data: frame.data.map((column) => column.subarray(from, to)),
  };
}

/** These columns in this order; a column the frame lacks is NaN. */
export function selectColumns(frame: Frame, columns: readonly string[]): Frame {
  const at = new Map(frame.columns.map((name, j) => [name, j]));
  const data = columns.map((name) => {
    const j = at.get(name);
    return j === undefined
      ? new Float64Array(frame.index.length).fill(Number.NaN)
      : (frame.data[j] as Column);
  });
  return makeFrame(frame.index, columns, data);
}

/** These rows in this order; an instant the frame lacks is NaN. */
export function selectRows(frame: Frame, index: Float64Array): Frame {
  const at = new Map<number, number>();
  frame.index.forEach((time, t) => {
    at.set(time, t);
  });
  const rows = Array.from(index, (time) => at.get(time) ?? -1);
  const data = frame.data.map((column) =>
    Float64Array.from(rows, (t) => (t < 0 ? Number.NaN : (column[t] as number))),
  );
  return makeFrame(index, frame.columns, data);
}

/** The rows whose instant is wanted; the frame itself where all are. */
export function frameRows(frame: Frame, isWanted: (time: number) => boolean): Frame {
  const rows = Array.from(frame.index.keys()).filter((t) => isWanted(frame.index[t] as number));
  if (rows.length === frame.index.length) {
    return frame;
  }
  const pick = (column: Column) => Float64Array.from(rows, (t) => column[t] as number);
  return makeFrame(pick(frame.index), frame.columns, frame.data.map(pick));
}

/** Rows with `from < index <= to`. */
export function rowsWithin(frame: Frame, from: number, to: number): Frame {
  return sliceRows(frame, countUpTo(frame.index, from), countUpTo(frame.index, to));
}

/** How many leading entries of an increasing array are at or below `limit` (binary search). */
export function countUpTo(increasing: Float64Array, limit: number): number {
  let low = 0;
  let high = increasing.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((increasing[middle] as number) <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Asserts that two frames have the same rows and the same columns in the same order. */
export function requireSameAxes(a: Frame, b: Frame): void {
  if (a.columns !== b.columns) {
    assert.deepEqual(a.columns, b.columns, "frames have different columns");
  }
  assert.equal(a.index.length, b.index.length, "frames have different numbers of rows");
  if (a.index !== b.index) {
    assert.ok(
      a.index.every((time, t) => time === b.index[t]),
      "frames have different row times",
    );
  }
}
