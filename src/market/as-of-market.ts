import assert from "node:assert/strict";
import {ReckonError} from "../errors.js";
import type {Column} from "../table/frame.js";
import type {Panel} from "../table/panel.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, SECOND_MS, toIso} from "../time/epoch.js";
import {type BarCutOff, type BarPatience, barCutOff} from "./bar-cut-off.js";
import type {BarLattice, LatticeRow} from "./bar-lattice.js";
import type {BarArrival, MarketData, WindowQuery} from "./market-data.js";

/** Time between a row's knowledge time and its being visible to a system, in every run mode. */
export const KNOWLEDGE_DELAY_MS = 10 * SECOND_MS;

/** How a market shows its bars. */
export interface AsOfOptions {
  /** What time it is; rows known later are invisible. */
  readonly clock: Clock;
  /** Added to each row's knowledge time; {@link KNOWLEDGE_DELAY_MS} when left out. */
  readonly delayMs?: number;
  /** A bar without some instrument's row: go on without it (where left out), or stop. */
  readonly missingAssets?: "assert" | "warn_and_trim";
}

/** Grid rows `first` to `end` (exclusive); may reach beyond the grid. */
interface GridRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Bars as they became known: the one reader of every market, whoever fills its lattice.
 *
 * A version of a bar is visible iff knowledgeTime + delayMs ≤ min(clock.now(), cut-off of the bar
 * last waited for); of the visible versions of a bar the one known last is shown. Neither a clock
 * that is set back nor an earlier cut-off hides what was visible before.
 */
export abstract class AsOfMarket implements MarketData {
  readonly symbols: readonly string[];
  readonly barMs: number;
  protected readonly clock: Clock;
  protected readonly delayMs: number;
  readonly #missingAssets: "assert" | "warn_and_trim";
  #newestNow = Number.NEGATIVE_INFINITY;
  /** The cut-off of the bar last waited for. */
  #asOf = Number.POSITIVE_INFINITY;

  constructor(
    {barMs, symbols}: {readonly barMs: number; readonly symbols: readonly string[]},
    {clock, delayMs = KNOWLEDGE_DELAY_MS, missingAssets = "warn_and_trim"}: AsOfOptions,
  ) {
    this.barMs = barMs;
    this.symbols = symbols;
    this.clock = clock;
    this.delayMs = delayMs;
    this.#missingAssets = missingAssets;
  }

  /** What is recorded so far. */
  protected abstract get lattice(): BarLattice;

  abstract waitForBar(
    barEnd: EpochMs,
    options: BarPatience & {readonly signal?: AbortSignal},
  ): Promise<BarArrival>;

  window({barEnd, bars}: WindowQuery): Panel {
    const {features: names} = this.lattice;
    const last = this.#indexOf(barEnd);
    const range = {first: last - bars + 1, end: last + 1};
    const features = new Map<string, Column[]>(names.map((name) => [name, []]));
    const latest = this.#latestKnown();
    for (const symbol of this.symbols) {
      const row = this.#row(symbol);
      const isView = this.#isAllShown(row, range, latest);
      for (const [name, columns] of features) {
        const values = row.columns.get(name) as Column;
        columns.push(
          isView
            ? values.subarray(range.first, range.end)
            : this.#copyShown(row, name, {...range, latest}),
        );
      }
    }
    return {index: this.#sliceEnds(range), columns: this.symbols, features};
  }

  hasColumn(column: string): boolean {
    return this.lattice.features.includes(column);
  }

  valuesWithin(
    column: string,
    symbol: string,
    {start, end}: {readonly start: EpochMs; readonly end: EpochMs},
  ): Float64Array {
    const range = {first: this.#countEnded(start), end: this.#countEnded(end)};
    const row = this.#row(symbol);
    const values = this.#column(row, column);
    const latest = this.#latestKnown();
    const shown = this.#isAllShown(row, range, latest)
      ? values.subarray(range.first, range.end)
      : this.#copyShown(row, column, {...range, latest});
    return shown.some(Number.isNaN) ? shown.filter((value) => !Number.isNaN(value)) : shown;
  }

  lastValue(column: string, symbol: string): number {
    const row = this.#row(symbol);
    this.#column(row, column);
    const latest = this.#latestKnown();
    for (let at = this.#countEnded(latest) - 1; at >= 0; --at) {
      const value = this.#cell(row, {column, at, latest});
      if (!Number.isNaN(value)) {
        return value;
      }
    }
    return Number.NaN;
  }

  lastKnownEnd(): EpochMs {
    const rows = this.symbols.map((symbol) => this.#row(symbol));
    const latest = this.#latestKnown();
    let i = this.#countEnded(latest) - 1;
    while (i >= 0 && !rows.some((row) => (row.known[i] as number) <= latest)) {
      i -= 1;
    }
    return i < 0 ? Number.NaN : (this.lattice.ends[i] as number);
  }

  /** When the bar that ends at `barEnd` is decided, as far as the rows read so far tell. */
  protected cutOffOf(barEnd: EpochMs, patience: BarPatience): BarCutOff {
    const i = this.#indexOf(barEnd);
    const visible = this.symbols.map(
      (symbol) => (this.#row(symbol).known[i] ?? Number.POSITIVE_INFINITY) + this.delayMs,
    );
    return barCutOff(visible, patience);
  }

  /**
   * Decides the bar: from now on everything shows what was known at its cut-off.
   *
   * @throws ReckonError `failed` when rows are missing and the policy is `assert`
   */
  protected decide(barEnd: EpochMs, {kind, asOf, missing}: BarCutOff): BarArrival {
    const cutOff = Math.min(Math.max(asOf, barEnd), this.now());
    this.#asOf = Number.isFinite(this.#asOf) ? Math.max(this.#asOf, cutOff) : cutOff;
    const names = missing.map((i) => this.symbols[i] as string);
    if (names.length > 0 && this.#missingAssets === "assert") {
      throw new ReckonError("failed", {
        place: `bar ${toIso(barEnd)}`,
        expected: `a row of every instrument by ${toIso(this.#asOf)}`,
        found: `none of ${names.join(", ")}`,
        fix: "set market_data_config.missing_assets to warn_and_trim to go on without them",
      });
    }
    return {kind, asOf: this.#asOf, missing: names};
  }

  /** Cut-off of the bar decided last; undefined before the first. */
  protected get decidedAsOf(): EpochMs | undefined {
    return Number.isFinite(this.#asOf) ? this.#asOf : undefined;
  }

  /** The clock's time, never earlier than it was before. */
  protected now(): EpochMs {
    this.#newestNow = Math.max(this.#newestNow, this.clock.now());
    return this.#newestNow;
  }

  /** Versions with a knowledge time up to this are visible. */
  #latestKnown(): EpochMs {
    return Math.min(this.now(), this.#asOf) - this.delayMs;
  }

  /** A cell as known by `latest`; NaN when it was not. */
  #cell(
    row: LatticeRow,
    {column, at, latest}: {readonly column: string; readonly at: number; readonly latest: EpochMs},
  ): number {
    if (!((row.known[at] as number) <= latest)) {
      return Number.NaN;
    }
    const version =
      row.versions.size === 0
        ? undefined
        : row.versions.asKnown(this.lattice.ends[at] as number, latest);
    return version === undefined
      ? (row.columns.get(column)?.[at] as number)
      : (version.values.get(column) ?? Number.NaN);
  }

  /** How many bars of the grid end at `time` or before. */
  #countEnded(time: EpochMs): number {
    const {firstEnd, ends, barMs} = this.lattice;
    const count = Math.floor((time - firstEnd) / barMs) + 1;
    return Math.max(0, Math.min(ends.length, count)) || 0;
  }

  /** Grid index of a bar end, which may lie before the first or after the last bar. */
  #indexOf(barEnd: EpochMs): number {
    const {firstEnd, ends, barMs} = this.lattice;
    const i = ends.length === 0 ? barEnd / barMs : (barEnd - firstEnd) / barMs;
    if (!Number.isInteger(i)) {
      assert.fail(`${barEnd} is no end of a bar of ${barMs} ms`);
    }
    return i;
  }

  #sliceEnds({first, end}: GridRange): Float64Array {
    const {firstEnd, ends, barMs} = this.lattice;
    if (first >= 0 && end <= ends.length) {
      return ends.subarray(first, end);
    }
    const origin = ends.length === 0 ? 0 : firstEnd;
    return Float64Array.from({length: end - first}, (_, i) => origin + (first + i) * barMs);
  }

  /** True when grid rows `first` to `end` (exclusive) are shown just as they were recorded. */
  #isAllShown(row: LatticeRow, {first, end}: GridRange, latest: EpochMs): boolean {
    const {allKnownBy} = row;
    if (first < 0 || end > row.known.length || allKnownBy === undefined) {
      return false;
    }
    const isKnown = end === 0 || (allKnownBy[end - 1] as number) <= latest;
    return (
      isKnown && (row.versions.size === 0 || this.#correctedWithin(row, first, end).length === 0)
    );
  }

  /** Grid rows `first` to `end` (exclusive) of a column, with what is not known as NaN. */
  #copyShown(
    row: LatticeRow,
    name: string,
    {first, end, latest}: GridRange & {readonly latest: EpochMs},
  ): Column {
    const values = row.columns.get(name) as Column;
    const seen = new Float64Array(Math.max(0, end - first)).fill(Number.NaN);
    for (let i = Math.max(0, first); i < Math.min(end, values.length); i++) {
      if ((row.known[i] as number) <= latest) {
        seen[i - first] = values[i] as number;
      }
    }
    for (const at of this.#correctedWithin(row, first, end)) {
      seen[at - first] = this.#cell(row, {column: name, at, latest});
    }
    return seen;
  }

  /** Grid rows in [first, end) that have several versions. */
  #correctedWithin({versions}: LatticeRow, first: number, end: number): readonly number[] {
    if (versions.size === 0) {
      return [];
    }
    const {firstEnd, barMs} = this.lattice;
    return versions
      .endsWithin(firstEnd + first * barMs, firstEnd + (end - 1) * barMs)
      .map((barEnd) => (barEnd - firstEnd) / barMs);
  }

  #column(row: LatticeRow, name: string): Column {
    const values = row.columns.get(name);
    if (values === undefined) {
      assert.fail(`no column "${name}"; columns: ${this.lattice.features.join(", ")}`);
    }
    return values;
  }

  #row(symbol: string): LatticeRow {
    const row = this.lattice.rows.get(symbol);
    if (row === undefined) {
      assert.fail(`no instrument ${symbol}; instruments: ${this.symbols.join(", ")}`);
    }
    return row;
  }
}
