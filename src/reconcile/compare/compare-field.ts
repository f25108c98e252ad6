import type {Frame} from "../../table/frame.js";
import {type DifferenceList, distance, type FieldComparison, type Tolerance} from "./difference.js";

/** One field of both runs, and how it is told. */
export interface FieldPair {
  readonly node?: string;
  readonly field: string;
  readonly prod: Frame;
  readonly sim: Frame;
  /**
   * What the values are small differences or sums of, cell by cell: their noise is that of the
   * scale, not their own. Left out where they are no such sums.
   */
  readonly scale?: Frame;
  /** Columns are fields of the account, not instruments. */
  readonly isAccount?: boolean;
}

/** Rows and columns over which fields are compared. */
export interface Axes {
  readonly index: Float64Array;
  readonly columns: readonly string[];
}

/**
 * Compares two frames cell by cell over all the rows and columns either has, and adds what differs
 * to `found`.
 *
 * A cell differs when |prod − sim| exceeds both limits of the tolerance, the relative one taken of
 * the larger value or of the scale, or when one side is missing and the other is not. Missing on
 * both sides is equal, and no cell.
 */
export function compareField(
  {node = "", field, prod, sim, scale, isAccount = false}: FieldPair,
  tolerance: Tolerance,
  found: DifferenceList,
): FieldComparison {
  const {index, columns} = unionAxes(prod, sim);
  const [left, right] = [cellsOn(prod, {index, columns}), cellsOn(sim, {index, columns})];
  const scaleOf = scale === undefined ? () => () => 0 : cellsOn(scale, {index, columns});
  const before = found.length;
  let cells = 0;
  let maxAbsolute = 0;
  let maxRelative = 0;
  for (const [j, name] of columns.entries()) {
    const [a, b, size] = [left(j), right(j), scaleOf(j)];
    for (let t = 0; t < index.length; ++t) {
      const x = a(t);
      const y = b(t);
      if (x === y) {
        cells += 1;
      } else if (!(Number.isNaN(x) && Number.isNaN(y))) {
        cells += 1;
        const {absolute, relative} = distance(x, y, size(t));
        maxAbsolute = Math.max(maxAbsolute, absolute);
        maxRelative = absolute > tolerance.absolute ? Math.max(maxRelative, relative) : maxRelative;
        if (relative > tolerance.relative && absolute > tolerance.absolute) {
          const place = isAccount ? {instrument: "", field: name} : {instrument: name, field};
          found.add({barEnd: index[t] as number, node, ...place}, x, y);
        }
      }
    }
  }
  return {node, field, cells, differing: found.length - before, maxAbsolute, maxRelative};
}

/** The instants and the columns that either frame has. */
export function unionAxes(a: Frame, b: Frame): Axes {
  const isSame = a.index.length === b.index.length && a.index.every((x, t) => x === b.index[t]);
  const index = isSame ? a.index : Float64Array.from(new Set([...a.index, ...b.index])).sort();
  return {index, columns: [...new Set([...a.columns, ...b.columns])]};
}

/** Reads a frame by the rows and columns of other axes; NaN where it has none. */
function cellsOn(frame: Frame, {index, columns}: Axes): (j: number) => (t: number) => number {
  const rows =
    frame.index === index || sameIndex(frame.index, index) ? undefined : rowsOf(frame.index, index);
  const at = new Map(frame.columns.map((name, j) => [name, j]));
  return (j) => {
    const column = frame.data[at.get(columns[j] as string) ?? -1];
    if (column === undefined) {
      return () => Number.NaN;
    }
    return rows === undefined
      ? (t) => column[t] as number
      : (t) => column[rows[t] as number] ?? Number.NaN;
  };
}

function sameIndex(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, t) => x === b[t]);
}

/** For each instant of `index`, its row in `own`; -1 for none. */
function rowsOf(own: Float64Array, index: Float64Array): Int32Array {
  const at = new Map(Array.from(own, (time, t) => [time, t]));
  return Int32Array.from(index, (time) => at.get(time) ?? -1);
}
