import assert from "node:assert/strict";
import type {Column} from "../table/frame.js";
import type {EpochMs} from "../time/epoch.js";
import type {BarRows, BarTable, SymbolBars} from "./bars.js";
import {CellVersions} from "./cell-versions.js";

/** One instrument's bars on the common grid. */
export interface LatticeRow {
  /** When each bar's first version became known, not before its end; +Infinity without a bar. */
  readonly known: Float64Array;
  /**
   * The latest of `known` up to here; −Infinity before the first bar. Left out where bars may still
   * be written, so that no view of them may be handed out.
   */
  readonly allKnownBy?: Float64Array;
  /** Values of the first version per bar; NaN where there is no bar. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Versions that became known later. */
  readonly versions: CellVersions;
}

/**
 * The bars of all instruments on one regular grid, so that a window is a slice.
 *
 * `ends[i]` is `firstEnd + i·barMs`; a bar that was not recorded is NaN with knowledge time
 * +Infinity. Every instrument has the same columns; a column one lacks is NaN throughout.
 */
export interface BarLattice {
  readonly barMs: number;
  readonly firstEnd: EpochMs;
  readonly ends: Float64Array;
  readonly features: readonly string[];
  readonly rows: ReadonlyMap<string, LatticeRow>;
}

/** Lays bars on the grid; bars that lie on it without a hole are shared, not copied. */
export function makeLattice({barMs, symbols, bySymbol}: BarTable): BarLattice {
  const all = symbols.map((symbol) => bySymbol.get(symbol) as SymbolBars);
  const filled = all.filter((bars) => bars.barEnd.length > 0);
  const firstEnd = Math.min(...filled.map((bars) => bars.barEnd[0] as number));
  const lastEnd = Math.max(...filled.map((bars) => bars.barEnd.at(-1) as number));
  const count = filled.length === 0 ? 0 : (lastEnd - firstEnd) / barMs + 1;
  assert.ok(Number.isInteger(count), "all instruments' bars end on one grid");
  const ends = Float64Array.from({length: count}, (_, i) => firstEnd + i * barMs);
  const features = [...new Set(all.flatMap((bars) => [...bars.columns.keys()]))];
  const rows = new Map<string, LatticeRow>();
  symbols.forEach((symbol, j) => {
    rows.set(symbol, layRow(all[j] as SymbolBars, {ends, barMs, features}));
  });
  return {barMs, firstEnd, ends, features, rows};
}

interface Grid {
  readonly ends: Float64Array;
  readonly barMs: number;
  readonly features: readonly string[];
}

function layRow(bars: SymbolBars, {ends, barMs, features}: Grid): LatticeRow {
  const count = ends.length;
  const isWhole = bars.barEnd.length === count;
  const at = isWhole ? undefined : bars.barEnd.map((end) => (end - (ends[0] as number)) / barMs);
  requireOnGrid(bars.barEnd, ends, at);
  const lay = (values: Column, nothing: number): Column =>
    at === undefined ? values : scatter(values, at, new Float64Array(count).fill(nothing));
  const known = lay(knownOnceOver(bars), Number.POSITIVE_INFINITY);
  const columns = new Map<string, Column>();
  for (const name of features) {
    const values = bars.columns.get(name);
    columns.set(name, values ? lay(values, Number.NaN) : new Float64Array(count).fill(Number.NaN));
  }
  return {known, allKnownBy: runningMax(known), columns, versions: versionsOf(bars.corrections)};
}

function versionsOf(corrections: BarRows | undefined): CellVersions {
  const versions = new CellVersions();
  corrections?.barEnd.forEach((end, row) => {
    const values = new Map<string, number>();
    for (const [name, column] of corrections.columns) {
      values.set(name, column[row] as number);
    }
    const known = Math.max(end, corrections.knowledgeTime[row] as number);
    versions.add(end, {known, values});
  });
  return versions;
}

/** Knowledge times, none before the bar's own end: nobody knows a bar that is not over. */
function knownOnceOver({barEnd, knowledgeTime}: SymbolBars): Float64Array {
  return knowledgeTime.every((time, row) => time >= (barEnd[row] as number))
    ? knowledgeTime
    : knowledgeTime.map((time, row) => Math.max(time, barEnd[row] as number));
}

function requireOnGrid(
  barEnd: Float64Array,
  ends: Float64Array,
  at: Float64Array | undefined,
): void {
  const isOnGrid = at
    ? at.every((i, row) => Number.isInteger(i) && (row === 0 || i > (at[row - 1] as number)))
    : barEnd.every((end, i) => end === ends[i]);
  assert.ok(isOnGrid, "bar ends are strictly increasing multiples of the bar length apart");
}

function scatter(values: Column, at: Float64Array, onto: Float64Array): Float64Array {
  at.forEach((i, row) => {
    onto[i] = values[row] as number;
  });
  return onto;
}

/** The largest finite value so far. */
function runningMax(known: Float64Array): Float64Array {
  let highest = Number.NEGATIVE_INFINITY;
  return known.map((time) => {
    highest = time === Number.POSITIVE_INFINITY ? highest : Math.max(highest, time);
    return highest;
  });
}
