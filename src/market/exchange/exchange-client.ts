import {ReckonError} from "../../errors.js";

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
    readonly cost?: {readonly min?: number | undefined} | undefined;
  };
}

/** Open time, open, high, low, close, volume. */
export type CandleRow = readonly (number | undefined)[];

/** The part of a ccxt exchange that market data is fetched through. */
export interface ExchangeClient {
  readonly id: string;
  readonly timeframes: Readonly<Record<string, unknown>>;
  readonly precisionMode: number;
  loadMarkets(): Promise<unknown>;
  market(symbol: string): ExchangeMarket;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
  ): Promise<readonly CandleRow[]>;
}

/** How to reach an exchange. */
export interface ExchangeSettings {
  /** A server that speaks the exchange's protocol, used in place of its own addresses. */
  readonly apiUrl?: string;
  /** Longest wait for one answer. */
  readonly timeoutMs?: number;
}

interface CcxtExchange extends ExchangeClient {
  urls: {api: unknown};
}

type CcxtModule = Readonly<Record<string, unknown>> & {
  readonly exchanges: readonly string[];
};

/**
 * A ccxt client for an exchange, rate limit on. ccxt is loaded here, when first needed.
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
  const Exchange = ccxt[id] as new (settings: object) => CcxtExchange;
  const client = new Exchange({enableRateLimit: true, timeout: timeoutMs});
  if (apiUrl !== undefined) {
    client.urls.api = redirected(client.urls.api, apiUrl);
  }
  return client;
}

/** Every address in ccxt's nested table replaced by one. */
function redirected(urls: unknown, apiUrl: string): unknown {
  if (typeof urls === "object" && urls !== null) {
    const entries = Object.entries(urls).map(([key, value]) => [key, redirected(value, apiUrl)]);
    return Object.fromEntries(entries);
  }
  return apiUrl;
}
