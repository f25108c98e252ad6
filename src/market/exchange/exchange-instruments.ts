import {ReckonError} from "../../errors.js";
import type {Instrument} from "../instruments/instrument.js";
import {readInstruments, saveInstruments} from "../instruments/instrument-book.js";
import {ALWAYS_OPEN} from "../instruments/session-calendar.js";
import type {ExchangeClient, ExchangeMarket} from "./exchange-client.js";

/** ccxt's `precisionMode` in which a precision is a number of decimals, not a step. */
const DECIMAL_PLACES = 2;

/** Which instruments of an exchange, and where the store is. */
export interface InstrumentQuery {
  /** Its markets are loaded. */
  readonly client: ExchangeClient;
  readonly dataDir: string;
  /** The exchange's name in the store. */
  readonly exchange: string;
  /** ccxt's names: `BTC/USDT`, `BTC/USDT:USDT`. */
  readonly symbols: readonly string[];
}

/**
 * The instruments as the exchange describes them (tick, lot, limits, currencies, kind of contract),
 * in the order asked for, written into the store's book.
 *
 * @throws ReckonError `misuse` for an unknown symbol, or an id the store has for another market
 */
export async function bookInstruments(query: InstrumentQuery): Promise<Instrument[]> {
  const {client, exchange, symbols} = query;
  const known = await readInstruments(query);
  const wanted = symbols.map((symbol) => toInstrument(findMarket(client, symbol), query));
  requireSameMarket(wanted, known);
  await saveInstruments({dataDir: query.dataDir, exchange}, {given: wanted});
  return wanted;
}

/** @throws ReckonError `misuse` unless the exchange offers bars of this length */
export function requireTimeframe(client: ExchangeClient, timeframe: string): void {
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
  {client, exchange}: Pick<InstrumentQuery, "client" | "exchange">,
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
    maxNotional: positiveOrNull(market.limits.cost?.max),
    minAmount: market.limits.amount?.min ?? 0,
    maxAmount: positiveOrNull(market.limits.amount?.max),
    sessionCalendar: ALWAYS_OPEN,
  };
}

/** An upper limit; exchanges write 0 or nothing where there is none. */
function positiveOrNull(limit: number | undefined): number | null {
  return limit !== undefined && limit > 0 ? limit : null;
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
