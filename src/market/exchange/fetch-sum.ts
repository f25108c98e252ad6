import {ceilToBar, floorToBar, parsePeriod} from "../../time/bar-grid.js";
import type {EpochMs} from "../../time/epoch.js";
import {type BarQuality, countGaps} from "../csv/clean-bars.js";
import type {SaveCount} from "../parquet/save-bars.js";

/** Bars that nobody has: the exchange did not send them. */
export interface MissingStretch {
  /** Ends of the first and the last bar that is missing. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly bars: number;
}

/**
 * What was fetched of one symbol. Rows and what was wrong with them are this fetch's; bars, first,
 * last and gaps are the store's after it, within the range asked for.
 */
export interface SymbolFetch extends BarQuality {
  readonly symbol: string;
  /** Closed bars of the range that the store lacks after this fetch. */
  readonly notSent: number;
  /** Where they are, oldest first. */
  readonly missing: readonly MissingStretch[];
  readonly stored: SaveCount;
}

/** Adds up the pages of one symbol. */
export class FetchSum {
  readonly #symbol: string;
  readonly #reasons = new Map<string, number>();
  #counts = {rows: 0, duplicates: 0, conflicts: 0, outOfOrder: 0};
  #stored: SaveCount = {added: 0, changed: 0, unchanged: 0, files: 0};

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  get stored(): SaveCount {
    return this.#stored;
  }

  /** Takes in one page. */
  add(quality: BarQuality, saved: SaveCount): void {
    const {rows, duplicates, conflicts, outOfOrder} = this.#counts;
    this.#counts = {
      rows: rows + quality.rows,
      duplicates: duplicates + quality.duplicates,
      conflicts: conflicts + quality.conflicts,
      outOfOrder: outOfOrder + quality.outOfOrder,
    };
    this.#stored = {
      added: this.#stored.added + saved.added,
      changed: this.#stored.changed + saved.changed,
      unchanged: this.#stored.unchanged + saved.unchanged,
      files: this.#stored.files + saved.files,
    };
    for (const {reason, count} of quality.rejected) {
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + count);
    }
  }

  /** @param barEnd ends of the bars the store has in (start, end] after the fetch */
  report(
    barEnd: Float64Array,
    range: {readonly start: EpochMs; readonly end: EpochMs; readonly timeframe: string},
  ): SymbolFetch {
    const barMs = parsePeriod(range.timeframe);
    const missing = missingStretches(barEnd, {
      first: ceilToBar(range.start, barMs) + barMs,
      last: floorToBar(range.end, barMs),
      barMs,
    });
    return {
      symbol: this.#symbol,
      ...this.#counts,
      bars: barEnd.length,
      first: barEnd[0] ?? Number.NaN,
      last: barEnd.at(-1) ?? Number.NaN,
      ...countGaps(barEnd, barMs),
      rejected: Array.from(this.#reasons, ([reason, count]) => ({reason, count})),
      notSent: missing.reduce((sum, {bars}) => sum + bars, 0),
      missing,
      stored: this.#stored,
    };
  }
}

/** Stretches without a bar from `first` to `last`, both bar ends. */
function missingStretches(
  barEnd: Float64Array,
  {first, last, barMs}: {readonly first: EpochMs; readonly last: EpochMs; readonly barMs: number},
): MissingStretch[] {
  const stretches: MissingStretch[] = [];
  let next = first;
  for (const end of [...barEnd, last + barMs]) {
    if (end > next) {
      stretches.push({first: next, last: end - barMs, bars: (end - next) / barMs});
    }
    next = Math.max(next, end + barMs);
  }
  return stretches;
}
