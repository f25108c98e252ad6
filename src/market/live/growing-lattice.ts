import type {Column} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import type {BarLattice, LatticeRow} from "../bar-lattice.js";
import {OHLCV} from "../bars.js";
import {CellVersions} from "../cell-versions.js";
import type {FeedRow} from "./bar-feed.js";

/** What a row did to the lattice. */
export type Placed =
  | "new" // the first version of its bar
  | "correction" // another version of a bar that is there
  | "known" // the same values again
  | "old"; // of a bar that has been let go

interface GrowingRow {
  readonly known: Float64Array;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly versions: CellVersions;
}

/**
 * Bars on a grid that grows at its new end and lets go of its old one: memory stays level.
 *
 * Its memory is written again, so its rows have no `allKnownBy` and readers copy.
 */
export class GrowingLattice {
  readonly #barMs: number;
  readonly #keptBars: number;
  readonly #ends: Float64Array;
  readonly #rows: ReadonlyMap<string, GrowingRow>;
  #count = 0;
  #view: BarLattice | undefined;

  /**
   * @param firstEnd where the grid begins
   * @param keptBars the newest bars that are always kept; up to a quarter more are held
   */
  constructor(
    symbols: readonly string[],
    barMs: number,
    {firstEnd, keptBars}: {readonly firstEnd: EpochMs; readonly keptBars: number},
  ) {
    const capacity = Math.ceil(1.25 * keptBars) + 1;
    this.#barMs = barMs;
    this.#keptBars = keptBars;
    this.#ends = Float64Array.from({length: capacity}, (_, i) => firstEnd + i * barMs);
    this.#rows = new Map(symbols.map((symbol) => [symbol, emptyRow(capacity)]));
  }

  /** What is there now; its arrays change when rows are added. */
  view(): BarLattice {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  /** Takes a version of a bar in; its bar ends on the grid. */
  add(row: FeedRow): Placed {
    const at = this.#makeRoom(row.barEnd);
    if (at < 0) {
      return "old";
    }
    const target = this.#rows.get(row.symbol) as GrowingRow;
    const known = Math.max(row.barEnd, row.knowledgeTime);
    if (target.known[at] === Number.POSITIVE_INFINITY) {
      write(target, at, {known, row});
      return "new";
    }
    if (this.#isKnown(target, at, {known, row})) {
      return "known";
    }
    this.#addVersion(target, at, {known, row});
    return "correction";
  }

  #makeView(): BarLattice {
    const count = this.#count;
    const rows = new Map<string, LatticeRow>();
    for (const [symbol, {known, columns, versions}] of this.#rows) {
      const shown = new Map<string, Column>();
      for (const [name, values] of columns) {
        shown.set(name, values.subarray(0, count));
      }
      rows.set(symbol, {known: known.subarray(0, count), columns: shown, versions});
    }
    return {
      barMs: this.#barMs,
      firstEnd: this.#ends[0] as number,
      // A copy: whoever was given these times keeps them when the grid moves on.
      ends: this.#ends.slice(0, count),
      features: OHLCV,
      rows,
    };
  }

  /** The place of a bar, after growing to it; negative for a bar before the grid. */
  #makeRoom(barEnd: EpochMs): number {
    const at = (barEnd - (this.#ends[0] as number)) / this.#barMs;
    if (at < this.#count) {
      return at;
    }
    const over = at >= this.#ends.length ? at - this.#keptBars + 1 : 0;
    if (over > 0) {
      this.#letGo(over);
    }
    this.#count = at - over + 1;
    this.#view = undefined;
    return at - over;
  }

  #letGo(bars: number): void {
    for (let i = 0; i < this.#ends.length; i++) {
      this.#ends[i] = (this.#ends[i] as number) + bars * this.#barMs;
    }
    const moved = Math.min(bars, this.#count);
    for (const {known, columns, versions} of this.#rows.values()) {
      shiftOut(known, moved, Number.POSITIVE_INFINITY);
      for (const values of columns.values()) {
        shiftOut(values, moved, Number.NaN);
      }
      versions.dropBefore(this.#ends[0] as number);
    }
  }

  /** The version known just before has these values, or one known at once. */
  #isKnown({known: firstKnown, columns, versions}: GrowingRow, at: number, given: Given): boolean {
    const {known, row} = given;
    const before = versions.asKnown(row.barEnd, known);
    if (before !== undefined) {
      return OHLCV.every((name) => Object.is(before.values.get(name), row[name]));
    }
    return (
      (firstKnown[at] as number) <= known &&
      OHLCV.every((name) => Object.is(columns.get(name)?.[at], row[name]))
    );
  }

  /** The version known first stands in the columns; a row that arrives late may be that one. */
  #addVersion(target: GrowingRow, at: number, {known, row}: Given): void {
    const {known: firstKnown, columns, versions} = target;
    if (known >= (firstKnown[at] as number)) {
      const values = new Map<string, number>(OHLCV.map((name) => [name, row[name]]));
      versions.add(row.barEnd, {known, values});
      return;
    }
    const values = new Map<string, number>();
    for (const [name, column] of columns) {
      values.set(name, column[at] as number);
    }
    versions.add(row.barEnd, {known: firstKnown[at] as number, values});
    write(target, at, {known, row});
  }
}

interface Given {
  readonly known: EpochMs;
  readonly row: FeedRow;
}

function emptyRow(capacity: number): GrowingRow {
  const filled = (value: number): Float64Array => new Float64Array(capacity).fill(value);
  return {
    known: filled(Number.POSITIVE_INFINITY),
    columns: new Map(OHLCV.map((name) => [name, filled(Number.NaN)])),
    versions: new CellVersions(),
  };
}

function write({known: knownAt, columns}: GrowingRow, at: number, {known, row}: Given): void {
  knownAt[at] = known;
  for (const name of OHLCV) {
    (columns.get(name) as Float64Array)[at] = row[name];
  }
}

function shiftOut(values: Float64Array, count: number, nothing: number): void {
  values.copyWithin(0, count);
  values.fill(nothing, values.length - count);
}
