import type {EpochMs} from "../../time/epoch.js";
import type {BarRows, SymbolBars} from "../bars.js";
import {NumberList} from "./number-list.js";

/** The rows of one instrument as they come: any order, any number of versions of a bar. */
export class VersionRows {
  readonly #ends = new NumberList();
  readonly #known = new NumberList();
  readonly #columns: readonly NumberList[];
  #isSorted = true;

  constructor(columnCount: number) {
    this.#columns = Array.from({length: columnCount}, () => new NumberList());
  }

  /** How many rows were added. */
  get length(): number {
    return this.#ends.length;
  }

  /** Adds a row; `valueAt` gives the value of each column. */
  add(end: EpochMs, known: EpochMs, valueAt: (column: number) => number): void {
    const count = this.#ends.length;
    this.#isSorted &&= count === 0 || end > this.#ends.at(count - 1);
    this.#ends.push(end);
    this.#known.push(known);
    this.#columns.forEach((column, i) => {
      column.push(valueAt(i));
    });
  }

  /**
   * The bars, each with its first version, and the later versions as corrections. Of rows of a bar
   * that became known at once the last counts; a version that changes no value is left out.
   *
   * @param names what the columns are called; a column without a name is left out
   */
  toBars(names: readonly (string | undefined)[]): SymbolBars {
    if (this.#isSorted) {
      return this.#rows(names, undefined);
    }
    const {first, later} = this.#versions();
    const bars = this.#rows(names, first);
    return later.length === 0 ? bars : {...bars, corrections: this.#rows(names, later)};
  }

  /** The rows as they were added; a column without a name is left out. */
  asAdded(names: readonly (string | undefined)[]): BarRows {
    return this.#rows(names, undefined);
  }

  #rows(names: readonly (string | undefined)[], rows: readonly number[] | undefined): BarRows {
    const take = (list: NumberList): Float64Array =>
      rows === undefined ? list.toArray() : list.pick(rows);
    const columns = new Map<string, Float64Array>();
    names.forEach((name, i) => {
      if (name !== undefined) {
        columns.set(name, take(this.#columns[i] as NumberList));
      }
    });
    return {barEnd: take(this.#ends), knowledgeTime: take(this.#known), columns};
  }

  /** Rows of first and of later versions, both by bar end and then knowledge time. */
  #versions(): {first: number[]; later: number[]} {
    const ends = this.#ends;
    const known = this.#known;
    const order = Array.from({length: ends.length}, (_, row) => row);
    order.sort((a, b) => ends.at(a) - ends.at(b) || known.at(a) - known.at(b) || a - b);
    const first: number[] = [];
    const later: number[] = [];
    order.forEach((row, i) => {
      const next = order[i + 1];
      if (
        next !== undefined &&
        ends.at(next) === ends.at(row) &&
        known.at(next) === known.at(row)
      ) {
        return;
      }
      if (first.length === 0 || ends.at(first.at(-1) as number) !== ends.at(row)) {
        first.push(row);
        return;
      }
      const newest = later.at(-1);
      const before =
        newest !== undefined && ends.at(newest) === ends.at(row)
          ? newest
          : (first.at(-1) as number);
      if (this.#differ(before, row)) {
        later.push(row);
      }
    });
    return {first, later};
  }

  #differ(a: number, b: number): boolean {
    return this.#columns.some((column) => !Object.is(column.at(a), column.at(b)));
  }
}
