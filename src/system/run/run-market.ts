import {ReckonError} from "../../errors.js";
import type {BarTable} from "../../market/bars.js";
import type {Instrument} from "../../market/instruments/instrument.js";
import {describeNotice, type MarketNotice} from "../../market/live/market-notice.js";
import type {MarketData} from "../../market/market-data.js";
import {RecordedMarket} from "../../market/recorded-market.js";
import type {Clock} from "../../time/clock.js";
import {type EpochMs, toIso} from "../../time/epoch.js";

/** What every market of a run says of itself. */
interface MarketFacts {
  readonly exchange: string;
  readonly instruments: readonly Instrument[];
  /** For example `binance 5m`, or `simulated market 5m`. */
  readonly title: string;
  /** Bar length as written in the config, for example `5m`. */
  readonly timeframe: string;
}

/** Recorded bars, replayed. */
export interface RecordedRunMarket extends MarketFacts {
  /** Bars from before the start (the model's history) to the end. */
  readonly bars: BarTable;
}

/** Rows that come in while the run goes on. */
export interface LiveRunMarket extends MarketFacts {
  /** Where the rows come from: what a replay file of the run is dumped from. */
  readonly feed: LiveFeed;
  /** Starts reading; the run closes what it opened. */
  readonly open: (opening: MarketOpening) => Promise<LiveMarket>;
}

/** The market a run reads: recorded, or live. */
export type RunMarket = RecordedRunMarket | LiveRunMarket;

/** A table of the SQL store that a collector fills. */
export interface LiveFeed {
  readonly kind: "sql";
  readonly table: string;
  readonly exchange: string;
}

/** What a live market needs to begin. */
export interface MarketOpening {
  readonly clock: Clock;
  readonly delayMs: number;
  /** What a wait does when instruments have no row by the deadline: stop, or go on without. */
  readonly missingAssets: "assert" | "warn_and_trim";
  /** History that is read at once: from here on. */
  readonly from: EpochMs;
  /** Told of what an operator should know: gaps, late rows, a store that is gone. */
  readonly onNote: (text: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** Ends the wait for a store that does not answer yet. */
  readonly signal: AbortSignal | undefined;
}

/** Market data with something behind it that must be let go. */
export interface LiveMarket extends MarketData {
  /** How often things went wrong so far, by kind: `late_rows`, `gaps`. */
  counts(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** The market data of a run as its system sees them. */
export async function openMarket(market: RunMarket, opening: MarketOpening): Promise<LiveMarket> {
  if ("open" in market) {
    return await market.open(opening);
  }
  const {onNote, ...options} = opening;
  const onNotice = (notice: MarketNotice) => onNote(describeNotice(notice), {...notice});
  return new RecordedMarket({...options, onNotice, bars: market.bars});
}

/**
 * A run over nothing would be done at once and say that all is well.
 *
 * @throws ReckonError `bad-data` when recorded bars have none in the interval
 */
export function checkBars(
  market: RunMarket,
  {start, end}: {readonly start: EpochMs; readonly end: EpochMs},
): void {
  if (!("bars" in market)) {
    return;
  }
  const isIn = (time: EpochMs): boolean => start < time && time <= end;
  if (![...market.bars.bySymbol.values()].some(({barEnd}) => barEnd.some(isIn))) {
    throw new ReckonError("bad-data", {
      place: market.title,
      expected: `bars that end after ${toIso(start)} and up to ${toIso(end)}`,
      found: "none",
      fix: "choose an interval that the market store has; `reckon market list` shows it",
    });
  }
}
