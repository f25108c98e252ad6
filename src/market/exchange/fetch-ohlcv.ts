import type {Clock} from "../../time/clock.js";
import {type EpochMs, HOUR_MS} from "../../time/epoch.js";
import type {BarSource} from "../bars.js";
import type {Instrument} from "../instruments/instrument.js";
import {withDuckDb} from "../parquet/duck-db.js";
import type {SaveCount} from "../parquet/save-bars.js";
import {canonicalTimeframe} from "../timeframe.js";
import {askExchange, retryText} from "./ask-exchange.js";
import {type CandleQuery, candlePages} from "./candle-pages.js";
import {toBars} from "./candles.js";
import type {ExchangeClient} from "./exchange-client.js";
import {bookInstruments, requireTimeframe} from "./exchange-instruments.js";
import {FetchSum, type SymbolFetch} from "./fetch-sum.js";
import {type FetchTarget, parquetTarget} from "./fetch-target.js";

/** What to fetch. */
export interface FetchOptions extends BarSource {
  /** ccxt's names: `BTC/USDT`, `BTC/USDT:USDT`. */
  readonly symbols: readonly string[];
  /** Bars whose end lies in (start, end] and is over. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly client: ExchangeClient;
  readonly clock: Clock;
  /** Instant at which to give up; an hour from now when left out. */
  readonly deadlineMs?: EpochMs;
  /** Where bars are kept; the Parquet store of `dataDir` when left out. */
  readonly target?: FetchTarget;
  /** Ask for bars that are stored already too, to take what was corrected since. */
  readonly isAgain?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Told, before any symbol is begun, that the exchange does not answer and is asked again. */
  readonly onWaiting?: (text: string) => void;
}

/** How far a fetch is. */
export interface FetchProgress {
  readonly symbol: string;
  /** Symbols before this one. */
  readonly done: number;
  readonly symbols: number;
  /** Share of this symbol's range that was asked for, 0 to 1. */
  readonly share: number;
  /** Bars of this symbol that this fetch has stored. */
  readonly bars: number;
  /** Why the exchange is asked again, and after which wait; left out where it is not. */
  readonly retry?: string;
}

/** What a fetch did. */
export interface FetchReport {
  readonly exchange: string;
  readonly timeframe: string;
  readonly symbols: readonly SymbolFetch[];
  /** Questions that were asked again after a wait. */
  readonly retries: number;
}

/**
 * Fetches closed bars from an exchange into the store, page by page, symbol by symbol.
 *
 * Only bars that the store lacks are asked for, and every page is kept at once: a fetch that was
 * stopped anywhere goes on where it was, and ends in the same store. The bar that is still open is
 * left out. A bar counts as known at its end, as imported ones do. Gaps are counted, never filled.
 *
 * @throws ReckonError `misuse` for an unknown symbol or timeframe; `failed` for the exchange's own
 *   error or a passed deadline; the signal's reason when it is aborted
 */
export async function fetchOhlcv(options: FetchOptions): Promise<FetchReport> {
  const {client, exchange, clock, signal} = options;
  const timeframe = canonicalTimeframe(options.timeframe);
  requireTimeframe(client, timeframe);
  const deadlineMs = options.deadlineMs ?? clock.now() + HOUR_MS;
  let retries = 0;
  const onRetry = () => {
    retries += 1;
  };
  const patience = {clock, deadlineMs, signal, onRetry};
  await askExchange(client, () => client.loadMarkets(), {
    ...patience,
    onRetry(error, waitMs) {
      onRetry();
      options.onWaiting?.(retryText(error, waitMs));
    },
  });
  const instruments = await bookInstruments(options);
  const symbols = await withTarget(options, async (target) => {
    const done: SymbolFetch[] = [];
    for (const instrument of instruments) {
      const place = {target, instrument, done: done.length};
      done.push(await fetchSymbol({...options, ...patience, timeframe}, place));
    }
    return done;
  });
  return {exchange, timeframe, symbols, retries};
}

function withTarget<T>(
  options: FetchOptions,
  use: (target: FetchTarget) => Promise<T>,
): Promise<T> {
  return options.target === undefined
    ? withDuckDb((connection) => use(parquetTarget(connection, options)))
    : use(options.target);
}

type Asked = FetchOptions & Pick<CandleQuery, "deadlineMs" | "onRetry">;

async function fetchSymbol(
  asked: Asked,
  place: {readonly target: FetchTarget; readonly instrument: Instrument; readonly done: number},
): Promise<SymbolFetch> {
  const {target, instrument, done} = place;
  const {start, end, timeframe, clock} = asked;
  const stored = await target.storedEnds(instrument, {start, end});
  const sum = new FetchSum(instrument.id);
  const tell = (share: number, retry?: FetchProgress["retry"]): void =>
    asked.onProgress?.({
      symbol: instrument.id,
      done,
      symbols: asked.symbols.length,
      share,
      bars: sum.stored.added,
      ...(retry === undefined ? {} : {retry}),
    });
  let share = 0;
  const pages = candlePages({
    ...asked,
    symbol: instrument.symbol,
    known: new Set(asked.isAgain ? [] : stored),
    onRetry(error, waitMs) {
      asked.onRetry?.(error, waitMs);
      tell(share, retryText(error, waitMs));
    },
  });
  tell(0);
  for await (const {rows, upTo} of pages) {
    const {bars, quality} = toBars(rows, timeframe);
    const saved: SaveCount = await target.save(instrument, bars);
    sum.add(quality, saved);
    share = Math.min(1, (upTo - start) / (Math.min(end, clock.now()) - start));
    tell(share);
  }
  tell(1);
  const range = {start, end: Math.min(end, clock.now())};
  return sum.report(await target.storedEnds(instrument, range), {...range, timeframe});
}
