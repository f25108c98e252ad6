import {ReckonError} from "../../errors.js";
import {readableAnswersOnly} from "./readable-answers.js";
import {redirected} from "./redirected-urls.js";

/** Bounds of an order's quantity or cost. */
interface LimitRange {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A market as ccxt describes it; what this kit reads of it. */
export interface ExchangeMarket {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly settle?: string | undefined;
  readonly contract?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly contractSize?: number | undefined;
  readonly precision: {readonly price?: number | undefined; readonly amount?: number | undefined};
  readonly limits: {
    readonly amount?: LimitRange | undefined;
    readonly cost?: LimitRange | undefined;
  };
}

/** Open time, open, high, low, close, volume. */
export type CandleRow = readonly (number | undefined)[];

/** The part of a ccxt exchange that market data is fetched through. */
export interface ExchangeClient {
  readonly id: string;
  readonly timeframes: Readonly<Record<string, unknown>>;
  readonly precisionMode: number;
  /** What it can do: `watchOHLCV` for bars over a websocket. */
  readonly has: Readonly<Record<string, unknown>>;
  loadMarkets(): Promise<unknown>;
  market(symbol: string): ExchangeMarket;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
  ): Promise<readonly CandleRow[]>;
  /** Resolves at the symbol's next message with all candles it has of this connection. */
  watchOHLCV(symbol: string, timeframe: string): Promise<readonly CandleRow[]>;
  /** What ccxt knows of a method on this exchange: `fetchOHLCV` has a `limit`. */
  featureValue?(symbol: string, method: string, name: string): unknown;
}

/** How to reach an exchange. */
export interface ExchangeSettings {
  /** A server that speaks the exchange's protocol, used in place of its own addresses. */
  readonly apiUrl?: string;
  /** Longest wait for one answer, in machine time. */
  readonly timeoutMs?: number;
}

/** Candles a live connection keeps of a symbol. */
const CACHED_CANDLES = 120;

interface CcxtExchange extends ExchangeClient {
  urls: {api: unknown};
  newUpdates: boolean;
  options: Record<string, unknown>;
  loadHttpProxyAgent(): Promise<unknown>;
}

type ExchangeClass = new (settings: object) => CcxtExchange;

type CcxtModule = Readonly<Record<string, unknown>> & {
  readonly exchanges: readonly string[];
  readonly pro: Readonly<Record<string, ExchangeClass | undefined>>;
  readonly BadResponse: new (message: string) => Error;
};

/**
 * A ccxt client for an exchange, rate limit on, with websockets where ccxt has them. ccxt is loaded
 * here, when first needed.
 *
 * @throws ReckonError `misuse` for an exchange ccxt does not know
 */
export async function openExchange(
  id: string,
  {apiUrl, timeoutMs = 20_000}: ExchangeSettings = {},
): Promise<ExchangeClient> {
  const {default: ccxt} = (await import("ccxt")) as unknown as {default: CcxtModule};
  if (!ccxt.exchanges.includes(id)) {
    throw new ReckonError("misuse", {
      place: "--exchange",
      expected: `one of ccxt's ${ccxt.exchanges.length} exchanges`,
      found: JSON.stringify(id),
      fix: "write its ccxt id, for example binance, bybit, kraken",
    });
  }
  const Exchange = ccxt.pro[id] ?? (ccxt[id] as ExchangeClass);
  const client = new Exchange({enableRateLimit: true, timeout: timeoutMs});
  // With new updates only, ccxt hands out the newest candles: a changed older one would be lost.
  client.newUpdates = false;
  client.options.OHLCVLimit = CACHED_CANDLES;
  // Waiting before a new connection is the collector's, whose clock may run faster.
  const backoff = {base: 0, factor: 1, max: 0};
  client.options.ws = {...(client.options.ws as object | undefined), backoff};
  readableAnswersOnly(client, ccxt.BadResponse);
  if (apiUrl !== undefined) {
    client.urls.api = redirected(client.urls.api, apiUrl);
    // ccxt opens no websocket without TLS before this.
    await client.loadHttpProxyAgent();
  }
  return client;
}
