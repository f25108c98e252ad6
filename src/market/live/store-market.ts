import {ReckonError} from "../../errors.js";
import {withRetry} from "../../store/open/retry.js";
import {isConnectionError} from "../../store/open/store-errors.js";
import {floorToBar} from "../../time/bar-grid.js";
import {DAY_MS, type EpochMs, MINUTE_MS, toIso} from "../../time/epoch.js";
import {AsOfMarket, type AsOfOptions} from "../as-of-market.js";
import type {BarPatience} from "../bar-cut-off.js";
import type {BarLattice} from "../bar-lattice.js";
import type {BarArrival} from "../market-data.js";
import {MissingRows} from "../missing-rows.js";
import {type BarFeed, type FeedRow, whyRefused} from "./bar-feed.js";
import {GrowingLattice} from "./growing-lattice.js";
import type {MarketCounts, MarketNotice} from "./market-notice.js";
import {NewRows} from "./new-rows.js";

/** How a live market is read. */
export interface StoreMarketOptions extends AsOfOptions {
  readonly feed: BarFeed;
  /** Bars back from now that can be looked at; a day more is kept, and no older ones. */
  readonly historyMs: number;
  /** Time between two looks at the feed. */
  readonly sleepMs: number;
  /** Longest time the feed may be away while history is read; two minutes when left out. */
  readonly openingMs?: number;
  readonly onNotice?: (notice: MarketNotice) => void;
  /** Lets go of what is behind the feed. */
  readonly onClose?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/** A row from this far in the future is a clock gone wrong, and would make the grid huge. */
const FAR_FUTURE_MS = DAY_MS;

/**
 * Bars that a collector is writing into the SQL store, shown as they become known.
 *
 * A bar's cut-off follows from knowledge times alone, so a replay of the same rows decides it the
 * same; a row that the store held back beyond a cut-off it belonged to is counted as late. Rows
 * that hold no bar ({@link whyRefused}) are counted and otherwise not there.
 */
export class StoreMarket extends AsOfMarket {
  readonly #feed: BarFeed;
  readonly #sleepMs: number;
  readonly #onNotice: (notice: MarketNotice) => void;
  readonly #onClose: () => Promise<void>;
  readonly #bars: GrowingLattice;
  readonly #newRows: NewRows;
  readonly #missing = new MissingRows();
  readonly #counts = {
    late_rows: 0,
    corrections: 0,
    refused_rows: 0,
    store_failures: 0,
  };
  #awaySince: EpochMs | undefined;

  private constructor(options: StoreMarketOptions) {
    const {feed, historyMs, sleepMs} = options;
    super(feed, options);
    this.#feed = feed;
    this.#sleepMs = sleepMs;
    this.#onNotice = options.onNotice ?? (() => undefined);
    this.#onClose = options.onClose ?? (async () => undefined);
    this.#newRows = new NewRows(feed);
    const firstEnd = floorToBar(this.now() - historyMs, feed.barMs) + feed.barMs;
    const keptBars = Math.ceil((historyMs + DAY_MS) / feed.barMs);
    this.#bars = new GrowingLattice(feed.symbols, feed.barMs, {firstEnd, keptBars});
  }

  /**
   * Opens the market and reads its history.
   *
   * @throws ReckonError `bad-data` when instruments have no row at all and `missingAssets` is
   *   `assert`; `failed` when the store does not answer
   */
  static async open(options: StoreMarketOptions): Promise<StoreMarket> {
    const market = new StoreMarket(options);
    await market.#readHistory(options);
    market.#nameUnknown(options);
    return market;
  }

  /** Lets go of the store; the market is not read after that. */
  async close(): Promise<void> {
    await this.#onClose();
  }

  /** What happened so far. */
  counts(): MarketCounts {
    return {gaps: this.#missing.gaps, missing: this.#missing.rows, ...this.#counts};
  }

  /**
   * Reads what was appended since the last look, as each wait does too. For a look at the market
   * before the first wait.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.#poll(this.now() + 2 * MINUTE_MS, {signal, isThorough: true});
  }

  async waitForBar(
    barEnd: EpochMs,
    {signal, ...patience}: BarPatience & {readonly signal?: AbortSignal},
  ): Promise<BarArrival> {
    for (;;) {
      signal?.throwIfAborted();
      const lookedAt = this.now();
      await this.#poll(patience.deadlineMs, {signal});
      let cutOff = this.cutOffOf(barEnd, patience);
      if (lookedAt >= cutOff.asOf) {
        await this.#poll(patience.deadlineMs, {signal, isThorough: true});
        cutOff = this.cutOffOf(barEnd, patience);
      }
      if (lookedAt >= cutOff.asOf) {
        this.#countMissing(
          barEnd,
          cutOff.missing.map((i) => this.symbols[i] as string),
        );
        return this.decide(barEnd, cutOff);
      }
      const next = Math.max(lookedAt + this.#sleepMs, this.clock.now());
      await this.clock.sleepUntil(Math.min(next, cutOff.asOf), signal);
    }
  }

  protected get lattice(): BarLattice {
    return this.#bars.view();
  }

  /** A day at a time, so that a long history is never held twice. */
  async #readHistory({historyMs, openingMs = 2 * MINUTE_MS, signal}: StoreMarketOptions) {
    const {clock} = this;
    const start = this.now() - historyMs - this.barMs;
    for (let from = start; from < this.now(); from += DAY_MS) {
      const rows = await withRetry(() => this.#newRows.history({from, to: from + DAY_MS}), {
        clock,
        deadlineMs: openingMs,
        onRetry: ({error}) => this.#noteAway(error),
        ...(signal === undefined ? {} : {signal}),
      });
      this.#noteBack();
      rows.forEach((row) => {
        this.#take(row);
      });
    }
    await this.#poll(this.now() + openingMs, {signal, isThorough: true});
  }

  /** Takes in what was appended; a store that is away is waited for until the deadline. */
  async #poll(
    deadlineMs: EpochMs,
    {signal, isThorough = false}: {signal: AbortSignal | undefined; isThorough?: boolean},
  ): Promise<void> {
    const {clock} = this;
    const from = this.lattice.firstEnd - this.barMs;
    const look = () => (isThorough ? this.#newRows.readAgain(from) : this.#newRows.read(from));
    try {
      const rows = await withRetry(look, {
        clock,
        deadlineMs: Math.max(0, deadlineMs - clock.now()),
        onRetry: ({error}) => this.#noteAway(error),
        ...(signal === undefined ? {} : {signal}),
      });
      this.#noteBack();
      rows.forEach((row) => {
        this.#take(row);
      });
    } catch (error) {
      if (!isConnectionError(error)) {
        throw error;
      }
      this.#noteAway(error);
    }
  }

  #take(row: FeedRow): void {
    const {symbol, barEnd, knowledgeTime} = row;
    const readAt = this.now();
    const reason =
      whyRefused(row, this.barMs) ??
      (barEnd > readAt + FAR_FUTURE_MS ? `the bar ends at ${toIso(barEnd)}` : undefined);
    if (reason !== undefined) {
      this.#counts.refused_rows += 1;
      this.#onNotice({kind: "refused-row", symbol, barEnd, reason});
      return;
    }
    const placed = this.#bars.add(row);
    if (placed === "correction") {
      this.#counts.corrections += 1;
      this.#onNotice({kind: "correction", symbol, barEnd});
    }
    const isNews = placed === "new" || placed === "correction";
    const decided = this.decidedAsOf ?? Number.NEGATIVE_INFINITY;
    if (isNews && Math.max(barEnd, knowledgeTime) + this.delayMs <= decided) {
      this.#counts.late_rows += 1;
      this.#onNotice({kind: "late-row", symbol, barEnd, knowledgeTime, readAt});
    }
  }

  #countMissing(barEnd: EpochMs, symbols: readonly string[]): void {
    this.#missing.add(symbols);
    if (symbols.length > 0) {
      this.#onNotice({kind: "missing", barEnd, symbols});
    }
  }

  #nameUnknown({missingAssets, historyMs}: StoreMarketOptions): void {
    const {rows} = this.lattice;
    const unknown = this.symbols.filter((symbol) =>
      rows.get(symbol)?.known.every((time) => time === Number.POSITIVE_INFINITY),
    );
    if (unknown.length === 0) {
      return;
    }
    if (missingAssets === "assert") {
      throw new ReckonError("bad-data", {
        place: this.#feed.place,
        expected: `rows of every instrument since ${toIso(this.now() - historyMs)}`,
        found: `none of ${unknown.join(", ")}`,
        fix: "collect them with `reckon market collect`, or leave them out",
      });
    }
    this.#onNotice({kind: "unknown-instruments", symbols: unknown});
  }

  #noteAway(error: unknown): void {
    this.#counts.store_failures += 1;
    if (this.#awaySince === undefined) {
      this.#awaySince = this.now();
      const reason = error instanceof Error ? error.message : String(error);
      this.#onNotice({kind: "store-away", reason});
    }
  }

  #noteBack(): void {
    if (this.#awaySince !== undefined) {
      this.#onNotice({kind: "store-back", awayMs: this.now() - this.#awaySince});
      this.#awaySince = undefined;
    }
  }
}
