import type {BarValues} from "../../table/bar-values.js";
import type {EpochMs} from "../../time/epoch.js";
import {toIso} from "../../time/epoch.js";

/** One version of one bar, as a table of bars holds it. */
export interface FeedRow extends BarValues {
  /** Counts up as rows are appended. */
  readonly id: number;
  /** Instrument id. */
  readonly symbol: string;
  readonly barEnd: EpochMs;
  readonly knowledgeTime: EpochMs;
  readonly endDownloadTime: EpochMs;
}

/** Which rows of a feed: bars that end in (from, to]. */
export interface FeedQuery {
  readonly from: EpochMs;
  /** To the newest where left out. */
  readonly to?: EpochMs;
  /** Only rows with a larger id. */
  readonly afterId?: number;
}

/** A table of bars that grows while it is read. */
export interface BarFeed {
  /** What it is, for messages: `ccxt_ohlcv_futures, binance 1m`. */
  readonly place: string;
  readonly barMs: number;
  /** Instrument ids. */
  readonly symbols: readonly string[];
  /** Every version of every bar asked for, in the order of their ids. */
  read(query: FeedQuery): Promise<readonly FeedRow[]>;
}

/**
 * Why a row is no bar that anything may be computed from; undefined when it is one.
 *
 * A function of the row alone, so that a live run and its replay leave out the same rows.
 */
export function whyRefused(row: FeedRow, barMs: number): string | undefined {
  const {open, high, low, close, volume, barEnd, knowledgeTime} = row;
  if (!Number.isFinite(open + high + low + close)) {
    return "a price is not a number";
  }
  if (Math.min(open, high, low, close) <= 0) {
    return "a price is not positive";
  }
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) {
    return "the volume is no amount";
  }
  if (barEnd % barMs !== 0) {
    return `the bar ends at ${toIso(barEnd)}, off the grid`;
  }
  return barEnd > knowledgeTime + barMs ? "it was known before the bar began" : undefined;
}
