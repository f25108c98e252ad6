import type {EpochMs} from "../../../time/epoch.js";
import {OHLCV} from "../../bars.js";
import {closedRows} from "../candle-pages.js";
import {openOf, toBars} from "../candles.js";
import type {CandleRow} from "../exchange-client.js";
import type {CollectedBar} from "./bar-writer.js";

/** What a set of candles brought. */
export interface Taken {
  /** Bars to write: new ones, and known ones with other values. */
  readonly bars: readonly CollectedBar[];
  /** Ends of those that are later versions. */
  readonly corrected: ReadonlySet<EpochMs>;
  /** Candles left out because their values cannot be. */
  readonly rejected: number;
  /** Whether a live candle of a known bar has changed: the exchange should be asked for it. */
  readonly isDoubtful: boolean;
}

/** A symbol to track. */
export interface TrackedSymbol {
  readonly currencyPair: string;
  readonly timeframe: string;
  readonly barMs: number;
}

/**
 * Which bars of one symbol are over and known, and what is news.
 *
 * A live candle is over when a later one has come. Of a known bar only an answer of the exchange
 * that was asked for counts as a correction: live messages can be late and partial.
 */
export class BarTracker {
  readonly #symbol: TrackedSymbol;
  readonly #known = new Map<EpochMs, string>();
  readonly #seen = new Map<EpochMs, string>();
  #forgotten = Number.NEGATIVE_INFINITY;

  constructor(symbol: TrackedSymbol) {
    this.#symbol = symbol;
  }

  /** Ends of the known bars. */
  get known(): ReadonlySet<EpochMs> {
    return new Set(this.#known.keys());
  }

  has(barEnd: EpochMs): boolean {
    return this.#known.has(barEnd);
  }

  /** A bar that the store has. */
  remember(bar: CollectedBar): void {
    this.#known.set(bar.barEnd, keyOf(OHLCV.map((name) => bar[name])));
  }

  /** A bar that was not stored after all. */
  forget(barEnd: EpochMs): void {
    this.#known.delete(barEnd);
  }

  /** Lets go of bars that ended before an instant; candles of them are no news from now on. */
  prune(before: EpochMs): void {
    this.#forgotten = Math.max(this.#forgotten, before);
    for (const seen of [this.#known, this.#seen]) {
      for (const time of seen.keys()) {
        if (time < before) {
          seen.delete(time);
        }
      }
    }
  }

  /** News in an answer: when it was asked for decides what is over, when it came is kept. */
  takeAnswer(
    rows: readonly CandleRow[],
    {askedAt, now}: {readonly askedAt: EpochMs; readonly now: EpochMs},
  ): Taken {
    const {barMs} = this.#symbol;
    const closed = closedRows(this.#recent(rows), barMs, {closedBy: now, askedAt});
    return this.#take(
      closed.filter((row) => this.#known.get(openOf(row) + barMs) !== keyOf(row.slice(1))),
      now,
    );
  }

  /** News in all candles of a live connection. */
  takeLive(rows: readonly CandleRow[], now: EpochMs): Taken {
    const {barMs} = this.#symbol;
    const newest = Math.max(...rows.map(openOf));
    let isDoubtful = false;
    const closed = this.#recent(rows).filter((row) => {
      const open = openOf(row);
      const end = open + barMs;
      const key = keyOf(row.slice(1));
      const isChanged = this.#seen.get(end) !== key;
      this.#seen.set(end, key);
      const known = this.#known.get(end);
      isDoubtful ||= known !== undefined && isChanged && known !== key;
      return known === undefined && open < newest && end <= now;
    });
    return {...this.#take(closed, now), isDoubtful};
  }

  /** A new connection: what the last one showed says nothing of the candles to come. */
  startConnection(): void {
    this.#seen.clear();
  }

  #recent(rows: readonly CandleRow[]): readonly CandleRow[] {
    return rows.filter((row) => openOf(row) + this.#symbol.barMs >= this.#forgotten);
  }

  #take(rows: readonly CandleRow[], endDownloadTime: EpochMs): Taken {
    const corrected = new Set<EpochMs>();
    if (rows.length === 0) {
      return {bars: [], corrected, rejected: 0, isDoubtful: false};
    }
    const {currencyPair, timeframe} = this.#symbol;
    const {bars, quality} = toBars(rows, timeframe);
    const taken = Array.from(bars.barEnd, (barEnd, i) => {
      const [open, high, low, close, volume] = OHLCV.map(
        (name) => bars.columns.get(name)?.[i] as number,
      ) as [number, number, number, number, number];
      return {currencyPair, barEnd, open, high, low, close, volume, endDownloadTime};
    });
    for (const bar of taken) {
      if (this.#known.has(bar.barEnd)) {
        corrected.add(bar.barEnd);
      }
      this.remember(bar);
    }
    const rejected = quality.rejected.reduce((sum, {count}) => sum + count, 0);
    return {bars: taken, corrected, rejected, isDoubtful: false};
  }
}

function keyOf(values: readonly (number | undefined)[]): string {
  return values.slice(0, OHLCV.length).join(" ");
}
