import type {Column} from "../../table/frame.js";
import type {SymbolBars} from "../bars.js";

/** Two sets of bars as one, and how they related. */
export interface MergedBars {
  readonly merged: SymbolBars;
  /** Rows of `given` that `stored` did not have. */
  readonly added: number;
  /** Rows of `given` with other values than `stored` had. */
  readonly changed: number;
  /** Rows of `given` with the values that `stored` had. */
  readonly unchanged: number;
}

const ABSENT = -1;

/**
 * The bars of both, oldest first. Where both have a bar, equal values keep the stored row with its
 * knowledge time, and other values take the given row.
 */
export function mergeBars(stored: SymbolBars, given: SymbolBars): MergedBars {
  if (isSame(stored, given)) {
    return {merged: stored, added: 0, changed: 0, unchanged: given.barEnd.length};
  }
  const count = {added: 0, changed: 0, unchanged: 0};
  const fromStored: number[] = [];
  const fromGiven: number[] = [];
  for (const [s, g] of alignedRows(stored.barEnd, given.barEnd)) {
    const isEqual = s !== ABSENT && g !== ABSENT && sameValues(stored, s, {bars: given, row: g});
    if (g !== ABSENT) {
      count[s === ABSENT ? "added" : isEqual ? "unchanged" : "changed"] += 1;
    }
    const isStored = g === ABSENT || isEqual;
    fromStored.push(isStored ? s : ABSENT);
    fromGiven.push(isStored ? ABSENT : g);
  }
  const pick = (a: Column, b: Column): Float64Array =>
    Float64Array.from(
      fromStored,
      (s, i) => (s === ABSENT ? b[fromGiven[i] as number] : a[s]) as number,
    );
  const columns = new Map<string, Column>();
  for (const [name, column] of stored.columns) {
    columns.set(name, pick(column, given.columns.get(name) as Column));
  }
  const merged = {
    barEnd: pick(stored.barEnd, given.barEnd),
    knowledgeTime: pick(stored.knowledgeTime, given.knowledgeTime),
    columns,
  };
  return {merged, ...count};
}

/** Whether both have the same bars with the same values: the usual case when importing again. */
function isSame(a: SymbolBars, b: SymbolBars): boolean {
  const equal = (x: Column, y: Column | undefined): boolean =>
    x.length === y?.length && x.every((value, i) => Object.is(value, y[i]));
  return (
    equal(a.barEnd, b.barEnd) &&
    [...a.columns].every(([name, column]) => equal(column, b.columns.get(name)))
  );
}

/** Pairs of rows with one bar end, in order; a side without that bar is ABSENT. */
function* alignedRows(a: Float64Array, b: Float64Array): Generator<[number, number]> {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = i < a.length ? (a[i] as number) : Number.POSITIVE_INFINITY;
    const right = j < b.length ? (b[j] as number) : Number.POSITIVE_INFINITY;
    yield [left <= right ? i : ABSENT, right <= left ? j : ABSENT];
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
}

function sameValues(
  a: SymbolBars,
  row: number,
  other: {readonly bars: SymbolBars; readonly row: number},
): boolean {
  for (const [name, column] of a.columns) {
    if (!Object.is(column[row], other.bars.columns.get(name)?.[other.row])) {
      return false;
    }
  }
  return true;
}
