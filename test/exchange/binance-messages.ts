import type {EpochMs} from "../../src/time/epoch.js";
import type {Candle} from "./candle-market.js";

/** The end of a perpetual contract, as the exchange writes it. */
const NEVER = 4_133_404_800_000;

/** Smallest steps of a price and of a quantity. */
export interface Steps {
  readonly tickSize: number;
  readonly lotSize: number;
}

/** What `fapi/v1/exchangeInfo` says of a perpetual. */
export function contractOf(symbol: string, steps: Steps) {
  const tickSize = steps.tickSize.toFixed(8);
  const stepSize = steps.lotSize.toFixed(8);
  const quote = "USDT";
  return {
    symbol,
    pair: symbol,
    contractType: "PERPETUAL",
    deliveryDate: NEVER,
    onboardDate: 1_569_398_400_000,
    status: "TRADING",
    baseAsset: symbol.slice(0, -quote.length),
    quoteAsset: quote,
    marginAsset: quote,
    pricePrecision: 8,
    quantityPrecision: 8,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    filters: [
      {filterType: "PRICE_FILTER", minPrice: tickSize, maxPrice: "1000000", tickSize},
      {filterType: "LOT_SIZE", minQty: stepSize, maxQty: "10000000", stepSize},
      {filterType: "MIN_NOTIONAL", notional: "5"},
    ],
    orderTypes: ["LIMIT", "MARKET"],
    timeInForce: ["GTC", "IOC", "FOK", "GTX"],
  };
}

/** A row of `fapi/v1/klines`. */
export function klineRow(candle: Candle, barMs: number): (number | string)[] {
  const {time, open, high, low, close, volume} = candle;
  const prices = [open, high, low, close, volume].map(String);
  return [time, ...prices, time + barMs - 1, String(close * volume), 1, "0", "0", "0"];
}

/** A message of the stream `{symbol}@kline_{interval}`. */
export function klineEvent(
  {symbol, interval, barMs}: {symbol: string; interval: string; barMs: number},
  candle: Candle,
  now: EpochMs,
): object {
  const {time, open, high, low, close, volume} = candle;
  const k = {
    t: time,
    T: time + barMs - 1,
    s: symbol,
    i: interval,
    o: String(open),
    h: String(high),
    l: String(low),
    c: String(close),
    v: String(volume),
    n: 1,
    x: now >= time + barMs,
    q: String(close * volume),
  };
  return {e: "kline", E: now, s: symbol, k};
}
