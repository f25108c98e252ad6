import assert from "node:assert/strict";
import {type Column, countUpTo} from "../table/frame.js";
import type {Panel} from "../table/panel.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, SECOND_MS} from "../time/epoch.js";
import {type BarLattice, type LatticeRow, makeLattice} from "./bar-lattice.js";
import type {BarTable} from "./bars.js";
import type {BarArrival, MarketData, WindowQuery} from "./market-data.js";

/** Time between a row's knowledge time and its being visible to a system, in every run mode. */
export const KNOWLEDGE_DELAY_MS = 10 * SECOND_MS;

/** What a recorded market is made of. */
export interface RecordedMarketOptions {
  readonly bars: BarTable;
  /** What time it is; rows known later are invisible. */
  readonly clock: Clock;
  /** Added to each row's knowledge time; {@link KNOWLEDGE_DELAY_MS} when left out. */
  readonly delayMs?: number;
}

/**
 * Recorded bars, shown as they became known: a row is visible iff
 * knowledgeTime + delayMs ≤ clock.now().
 *
 * Windows whose rows are all known are views of the recorded arrays; treat them as read-only.
 */
export class RecordedMarket implements MarketData {
  readonly barMs: number;
  readonly symbols: readonly string[];
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #lattice: BarLattice;
  readonly #rows: readonly LatticeRow[];
  /** The cut-off of the bar last waited for. */
  #asOf = Number.POSITIVE_INFINITY;

  constructor({bars, clock, delayMs = KNOWLEDGE_DELAY_MS}: RecordedMarketOptions) {
    this.barMs = bars.barMs;
    this.symbols = bars.symbols;
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#lattice = makeLattice(bars);
    this.#rows = bars.symbols.map((symbol) => this.#row(symbol));
  }

  window({barEnd, bars}: WindowQuery): Panel {
    const last = this.#indexOf(barEnd);
    const first = last - bars + 1;
    const index = this.#sliceEnds(first, last + 1);
    const features = new Map<string, readonly Column[]>();
    for (const name of this.#lattice.features) {
      features.set(
        name,
        this.#rows.map((row) => this.#visible(row, name, {first, end: last + 1})),
      );
    }
    return {index, columns: this.symbols, features};
  }

  hasColumn(column: string): boolean {
    return this.#lattice.features.includes(column);
  }

  valuesWithin(
    column: string,
    symbol: string,
    {start, end}: {readonly start: EpochMs; readonly end: EpochMs},
  ): Float64Array {
    const row = this.#row(symbol);
    const values = this.#column(row, column);
    const first = countUpTo(this.#lattice.ends, start);
    const stop = countUpTo(this.#lattice.ends, end);
    const latest = this.#latestVisible();
    const found: number[] = [];
    for (let i = first; i < stop; i++) {
      const value = values[i] as number;
      if ((row.known[i] as number) <= latest && !Number.isNaN(value)) {
        found.push(value);
      }
    }
    return Float64Array.from(found);
  }

  lastValue(column: string, symbol: string): number {
    const row = this.#row(symbol);
    const values = this.#column(row, column);
    const i = this.#lastIndex((at) => !Number.isNaN(values[at]) && this.#isKnown(row, at));
    return i < 0 ? Number.NaN : (values[i] as number);
  }

  lastKnownEnd(): EpochMs {
    const i = this.#lastIndex((at) => this.#rows.some((row) => this.#isKnown(row, at)));
    return i < 0 ? Number.NaN : (this.#lattice.ends[i] as number);
  }

  async waitForBar(
    barEnd: EpochMs,
    {deadlineMs, graceMs = 0, signal}: Parameters<MarketData["waitForBar"]>[1],
  ): Promise<BarArrival> {
    const i = this.#indexOf(barEnd);
    const visible = this.#rows.map(
      (row) => (row.known[i] ?? Number.POSITIVE_INFINITY) + this.#delayMs,
    );
    const first = Math.min(...visible);
    const asOf = Math.min(Math.max(...visible), first + graceMs, deadlineMs);
    await this.#clock.sleepUntil(asOf, signal);
    this.#asOf = Math.min(Math.max(asOf, barEnd), this.#clock.now());
    const missing = this.symbols.filter((_, j) => (visible[j] as number) > asOf);
    return {kind: first <= deadlineMs ? "known" : "late", asOf: this.#asOf, missing};
  }

  /** Knowledge times up to this are visible now. */
  #latestVisible(): EpochMs {
    return Math.min(this.#clock.now(), this.#asOf) - this.#delayMs;
  }

  #isKnown(row: LatticeRow, i: number): boolean {
    return (row.known[i] as number) <= this.#latestVisible();
  }

  /** The last grid index at or before now that passes; a bar that is not over cannot be known. */
  #lastIndex(passes: (i: number) => boolean): number {
    let i = countUpTo(this.#lattice.ends, this.#latestVisible()) - 1;
    while (i >= 0 && !passes(i)) {
      i -= 1;
    }
    return i;
  }

  /** Grid index of a bar end, which may lie before the first or after the last bar. */
  #indexOf(barEnd: EpochMs): number {
    const {firstEnd, ends, barMs} = this.#lattice;
    const i = ends.length === 0 ? barEnd / barMs : (barEnd - firstEnd) / barMs;
    assert.ok(Number.isInteger(i), `${barEnd} is no end of a bar of ${barMs} ms`);
    return i;
  }

  #sliceEnds(first: number, end: number): Float64Array {
    const {firstEnd, ends, barMs} = this.#lattice;
    if (first >= 0 && end <= ends.length) {
      return ends.subarray(first, end);
    }
    const origin = ends.length === 0 ? 0 : firstEnd;
    return Float64Array.from({length: end - first}, (_, i) => origin + (first + i) * barMs);
  }

  /** Grid rows `first` to `end` (exclusive) of a feature, with what is not known as NaN. */
  #visible(row: LatticeRow, name: string, {first, end}: {first: number; end: number}): Column {
    const values = row.columns.get(name) as Column;
    const latest = this.#latestVisible();
    const isWhole = first >= 0 && end <= values.length;
    if (isWhole && (end === 0 || (row.allKnownBy[end - 1] as number) <= latest)) {
      return values.subarray(first, end);
    }
    const seen = new Float64Array(end - first).fill(Number.NaN);
    for (let i = Math.max(0, first); i < Math.min(end, values.length); i++) {
      if ((row.known[i] as number) <= latest) {
        seen[i - first] = values[i] as number;
      }
    }
    return seen;
  }

  #column(row: LatticeRow, name: string): Column {
    const values = row.columns.get(name);
    assert.ok(values, `no column "${name}"; columns: ${this.#lattice.features.join(", ")}`);
    return values;
  }

  #row(symbol: string): LatticeRow {
    const row = this.#lattice.rows.get(symbol);
    assert.ok(row, `no instrument ${symbol}; instruments: ${this.symbols.join(", ")}`);
    return row;
  }
}
