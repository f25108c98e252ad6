import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";

/** A candle as Kraken sends it: open time (s), OHLC, vwap, volume, trades. */
type KrakenCandle = readonly [number, string, string, string, string, string, string, number];

/** What the server was asked, and how it behaves. */
export interface FakeKraken {
  readonly url: string;
  /** `since` (s) of every request for candles. */
  readonly asked: number[];
}

export interface FakeKrakenOptions {
  /** The candles it has, oldest first. */
  readonly candles: readonly KrakenCandle[];
  /** Most candles in one answer. */
  readonly pageSize?: number;
  /** Answers to requests for candles from this one on are errors. */
  readonly failsFrom?: number;
}

const ASSETS = {
  XXBT: {aclass: "currency", altname: "XBT", decimals: 10, display_decimals: 5},
  ZUSD: {aclass: "currency", altname: "USD", decimals: 4, display_decimals: 2},
};

const PAIRS = {
  XXBTZUSD: {
    altname: "XBTUSD",
    wsname: "XBT/USD",
    aclass_base: "currency",
    base: "XXBT",
    aclass_quote: "currency",
    quote: "ZUSD",
    pair_decimals: 1,
    lot_decimals: 8,
    lot_multiplier: 1,
    fees: [[0, 0.26]],
    fees_maker: [[0, 0.16]],
    ordermin: "0.0001",
    costmin: "0.5",
    tick_size: "0.1",
    status: "online",
  },
};

/** A candle without spread at this price. */
export function candleAt(openTimeMs: number, price: number): KrakenCandle {
  const text = price.toFixed(1);
  return [openTimeMs / 1_000, text, text, text, text, text, "2.50000000", 7];
}

/** Runs with a server on loopback that speaks the part of Kraken's protocol bars need. */
export async function withFakeKraken<T>(
  options: FakeKrakenOptions,
  use: (kraken: FakeKraken) => Promise<T>,
): Promise<T> {
  const asked: number[] = [];
  const server = createServer((request, response) => answer(request, response, {options, asked}));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    return await use({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked,
    });
  } finally {
    await closeServer(server);
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  {options, asked}: {options: FakeKrakenOptions; asked: number[]},
): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const send = (result: unknown, error: string[] = []): void => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({error, result}));
  };
  if (url.pathname.endsWith("/Assets")) {
    send(ASSETS);
  } else if (url.pathname.endsWith("/AssetPairs")) {
    send(PAIRS);
  } else if (url.pathname.endsWith("/OHLC")) {
    const since = Number(url.searchParams.get("since"));
    asked.push(since);
    if (asked.length > (options.failsFrom ?? Number.POSITIVE_INFINITY)) {
      send({}, ["EService:Unavailable"]);
      return;
    }
    const page = options.candles.filter(([time]) => time > since).slice(0, options.pageSize);
    send({XXBTZUSD: page, last: page.at(-1)?.[0] ?? since});
  } else {
    response.statusCode = 404;
    send({}, ["EGeneral:Unknown method"]);
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
