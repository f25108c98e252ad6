import {messageOf, ReckonError} from "../../errors.js";
import {ceilToBar, floorToBar, parsePeriod} from "../../time/bar-grid.js";
import type {Clock} from "../../time/clock.js";
import {type EpochMs, formatMinute, HOUR_MS, toIso} from "../../time/epoch.js";
import {type BarSource, OHLCV, type SymbolBars} from "../bars.js";
import {type BarQuality, cleanBars} from "../csv/clean-bars.js";
import {SHAPE} from "../csv/read-csv.js";
import type {Instrument} from "../instruments/instrument.js";
import {readInstruments, saveInstruments} from "../instruments/instrument-book.js";
import {withDuckDb} from "../parquet/duck-db.js";
import {type SaveCount, saveBars} from "../parquet/save-bars.js";
import {canonicalTimeframe} from "../timeframe.js";
import type {CandleRow, ExchangeClient, ExchangeMarket} from "./exchange-client.js";

/** Bars asked for at a time; exchanges send fewer when this is above their limit. */
const PAGE_BARS = 500;

/** ccxt's `precisionMode` in which a precision is a number of decimals, not a step. */
const DECIMAL_PLACES = 2;

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
}

/** What was fetched of one symbol; its gaps are counted between its first and last bar. */
export interface SymbolFetch extends BarQuality {
  readonly symbol: string;
  /** Bars of the range asked for that the exchange did not send. */
  readonly notSent: number;
  readonly stored: SaveCount;
}

/** What a fetch did. */
export interface FetchReport {
  readonly exchange: string;
  readonly timeframe: string;
  readonly symbols: readonly SymbolFetch[];
}

/**
 * Fetches closed bars from an exchange into the store, page by page, symbol by symbol.
 *
 * The bar that is still open is left out. A bar counts as known at its end, as imported ones do.
 * Symbols that are done stay in the store when a later one fails.
 *
 * @throws ReckonError `misuse` for an unknown symbol or timeframe; `failed` for the exchange's own
 *   error or a passed deadline
 */
export async function fetchOhlcv(options: FetchOptions): Promise<FetchReport> {
  const {client, exchange, clock} = options;
  const timeframe = canonicalTimeframe(options.timeframe);
  requireTimeframe(client, timeframe);
  const deadlineMs = options.deadlineMs ?? clock.now() + HOUR_MS;
  await answerOf(client, () => client.loadMarkets());
  const known = await readInstruments(options);
  const wanted = options.symbols.map((symbol) => toInstrument(findMarket(client, symbol), options));
  requireSameMarket(wanted, known);
  await saveInstruments(options, {given: wanted});
  const symbols = await withDuckDb(async (connection) => {
    const done: SymbolFetch[] = [];
    for (const {id, symbol} of wanted) {
      const candles = await fetchCandles({...options, deadlineMs}, symbol);
      const {bars, quality} = toBars(candles, parsePeriod(timeframe));
      const stored = await saveBars(connection, {...options, timeframe, symbol: id, bars});
      const notSent = countAsked(options) - quality.bars;
      done.push({symbol: id, ...quality, notSent, stored});
    }
    return done;
  });
  return {exchange, timeframe, symbols};
}

function requireTimeframe(client: ExchangeClient, timeframe: string): void {
  const offered = Object.keys(client.timeframes);
  if (!offered.includes(timeframe)) {
    throw new ReckonError("misuse", {
      place: `${client.id} timeframe`,
      expected: `one of ${offered.join(", ")}`,
      found: timeframe,
    });
  }
}

function findMarket(client: ExchangeClient, symbol: string): ExchangeMarket {
  try {
    return client.market(symbol);
  } catch (error) {
    const complaint = {
      place: `${client.id} symbol`,
      expected: "a market of this exchange such as BTC/USDT",
      found: JSON.stringify(symbol),
    };
    throw new ReckonError("misuse", complaint, {cause: error});
  }
}

/** The record of an instrument as the exchange describes it. */
function toInstrument(
  market: ExchangeMarket,
  {client, exchange}: Pick<FetchOptions, "client" | "exchange">,
): Instrument {
  const step = (precision: number | undefined): number => {
    const value = precision ?? 1e-8;
    return client.precisionMode === DECIMAL_PLACES ? Number(`1e-${value}`) : value;
  };
  const kind = market.contract ? (market.inverse ? "inverse" : "linear") : "spot";
  return {
    id: `${market.base}${market.quote}`,
    symbol: market.symbol,
    venue: exchange,
    kind,
    multiplier: market.contract ? (market.contractSize ?? 1) : 1,
    baseCurrency: market.base,
    quoteCurrency: market.quote,
    settlementCurrency: market.settle ?? market.quote,
    tickSize: step(market.precision.price),
    lotSize: step(market.precision.amount),
    minNotional: market.limits.cost?.min ?? 0,
  };
}

/** One folder holds one market: `BTCUSDT` cannot be both the spot pair and the perpetual. */
function requireSameMarket(
  wanted: readonly Instrument[],
  known: ReadonlyMap<string, Instrument>,
): void {
  const seen = new Map(known);
  for (const instrument of wanted) {
    const {id, symbol, venue} = instrument;
    const rival = seen.get(id);
    if (rival !== undefined && rival.symbol !== symbol) {
      throw new ReckonError("misuse", {
        place: `${venue} ${id}`,
        expected: `${rival.symbol}, which the store has under this id`,
        found: symbol,
        fix: "fetch it into another --data-dir",
      });
    }
    seen.set(id, instrument);
  }
}

/** The candles of closed bars in the range, oldest first as the exchange sends them. */
async function fetchCandles(
  {client, clock, timeframe, start, end, deadlineMs}: FetchOptions & {deadlineMs: EpochMs},
  symbol: string,
): Promise<CandleRow[]> {
  const barMs = parsePeriod(timeframe);
  const found: CandleRow[] = [];
  let since = ceilToBar(start, barMs);
  const closedBy = Math.min(end, clock.now());
  while (since + barMs <= closedBy) {
    if (clock.now() >= deadlineMs) {
      const place = `${client.id} ${symbol}`;
      const at = `only bars before ${formatMinute(since)} (UTC) at the deadline`;
      throw new ReckonError("failed", {
        place,
        expected: `bars up to ${toIso(end)}`,
        found: at,
      });
    }
    const page = await answerOf(client, () =>
      client.fetchOHLCV(symbol, canonicalTimeframe(timeframe), since, PAGE_BARS),
    );
    const fresh = page.filter(([open = Number.NaN]) => open >= since);
    found.push(...fresh.filter(([open = Number.NaN]) => open + barMs <= closedBy));
    const newest = Math.max(...fresh.map(([open]) => open as number));
    // An empty page can be a hole in the history: the next page may have bars again.
    since = fresh.length > 0 ? newest + barMs : since + PAGE_BARS * barMs;
  }
  return found;
}

/** An answer, or the exchange's complaint as ours. */
async function answerOf<T>(client: ExchangeClient, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new ReckonError("failed", `${client.id}: ${messageOf(error)}`, {cause: error});
  }
}

/** Checked bars of candles, as an import checks its rows. */
function toBars(
  candles: readonly CandleRow[],
  barMs: number,
): {bars: SymbolBars; quality: BarQuality} {
  const field = (i: number): Float64Array =>
    Float64Array.from(candles, (row) => row[i] ?? Number.NaN);
  const raw = {
    openTime: field(0),
    shape: new Float64Array(candles.length).fill(SHAPE.whole),
    values: OHLCV.map((_, i) => field(i + 1)),
    unreadableLines: 0,
  };
  return cleanBars(raw, barMs);
}

/** How many closed bars the range has. */
function countAsked({start, end, timeframe, clock}: FetchOptions): number {
  const barMs = parsePeriod(timeframe);
  const last = floorToBar(Math.min(end, clock.now()), barMs);
  return Math.max(0, (last - ceilToBar(start, barMs)) / barMs);
}
