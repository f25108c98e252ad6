import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {text} from "node:stream/consumers";
import {type WebSocket, WebSocketServer} from "ws";
import {parsePeriod} from "../../src/time/bar-grid.js";
import type {EpochMs} from "../../src/time/epoch.js";
import {contractOf, klineEvent, klineRow, type Steps} from "./binance-messages.js";
import type {Candle, CandleMarket, CandlePlace, Way} from "./candle-market.js";

/** Most candles in one answer, as on the real exchange. */
const PAGE_LIMIT = 1_500;

/** Messages of a growing candle, besides the one that closes it. */
const UPDATES_PER_BAR = 4;

const DEFAULT_STEPS: Steps = {tickSize: 0.01, lotSize: 0.001};

/** A wrong answer to the next requests for candles. */
export interface Failure {
  /** HTTP status; 200 sends a body that is no JSON. */
  readonly status: number;
  /** How many requests fail; all from now on when left out. */
  readonly count?: number;
}

/** What `POST /control` takes; what is left out stays as it is. */
export interface Control {
  readonly drop?: boolean;
  readonly silent?: boolean;
  readonly refuse?: boolean;
  /** null ends a failure. */
  readonly fail?: Failure | null;
  readonly pageLimit?: number;
  /** Keeps a candle back: see {@link CandleMarket.hide}. */
  readonly hide?: CandlePlace & {readonly until?: EpochMs; readonly ways?: readonly Way[]};
  /** Changes a candle and sends it. */
  readonly correct?: CandlePlace & {readonly change: Partial<Candle>};
}

/** A request for candles. */
export interface KlineRequest {
  readonly symbol: string;
  readonly interval: string;
  readonly since: EpochMs;
  readonly limit: number;
}

/**
 * A server on loopback that speaks the part of Binance's USD-M futures protocol that bars need:
 * REST for markets and candles, a websocket for candles as they grow; and misbehaves when told to.
 */
export class BinanceServer {
  readonly market: CandleMarket;
  /** Every request for candles. */
  readonly asked: KlineRequest[] = [];
  /** Most candles in one answer. */
  pageLimit = PAGE_LIMIT;
  /** Accepts connections and subscriptions, and sends nothing. */
  isSilent = false;
  /** Answers new websockets with 503. */
  isRefusing = false;
  /** Websockets that were opened. */
  connections = 0;
  #failure: {status: number; left: number} | undefined;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({noServer: true});
  readonly #streams = new Map<WebSocket, Set<string>>();
  readonly #ending = new AbortController();
  #pushing: Promise<void> = Promise.resolve();

  readonly #steps: ReadonlyMap<string, Steps>;

  /** @param steps of a symbol's prices and quantities; 0.01 and 0.001 when left out */
  constructor(market: CandleMarket, steps: ReadonlyMap<string, Steps> = new Map()) {
    this.market = market;
    this.#steps = steps;
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#http.on("upgrade", (request, socket, head) => {
      if (this.isRefusing) {
        socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (live) => this.#accept(live));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Websockets that are open now. */
  get openConnections(): number {
    return this.#streams.size;
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#http.listen(port, "127.0.0.1", resolve);
    });
  }

  /** Begins to send candles over websockets as they grow. */
  stream(): void {
    this.#pushing = this.#push().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#pushing;
    this.drop();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  /** Breaks every websocket. */
  drop(): void {
    for (const socket of this.#streams.keys()) {
      socket.terminate();
    }
    this.#streams.clear();
  }

  /** Makes the next requests for candles fail; `undefined` makes them succeed again. */
  fail(failure: Failure | undefined): void {
    this.#failure =
      failure === undefined
        ? undefined
        : {status: failure.status, left: failure.count ?? Number.POSITIVE_INFINITY};
  }

  /** Sends a candle as it stands now to all who watch it. */
  send(place: CandlePlace): void {
    this.#broadcast(place, this.market.clock.now());
  }

  /** Misbehaves, or stops to. */
  control({drop, silent, refuse, fail, pageLimit, hide, correct}: Control): void {
    this.isSilent = silent ?? this.isSilent;
    this.isRefusing = refuse ?? this.isRefusing;
    this.pageLimit = pageLimit ?? this.pageLimit;
    if (fail !== undefined) {
      this.fail(fail ?? undefined);
    }
    if (hide !== undefined) {
      this.market.hide(hide, hide);
    }
    if (correct !== undefined) {
      this.market.correct(correct, correct.change);
      this.send(correct);
    }
    if (drop) {
      this.drop();
    }
  }

  #accept(socket: WebSocket): void {
    this.connections += 1;
    this.#streams.set(socket, new Set());
    socket.on("close", () => this.#streams.delete(socket));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => {
      const {method, params, id} = JSON.parse(String(data)) as Record<string, unknown>;
      const streams = this.#streams.get(socket);
      for (const name of params as string[]) {
        if (method === "SUBSCRIBE") {
          streams?.add(name);
        } else {
          streams?.delete(name);
        }
      }
      socket.send(JSON.stringify({result: null, id}));
    });
  }

  /** Follows the clock tick by tick, so that a slow machine skips no message. */
  async #push(): Promise<void> {
    const {clock, barMs} = this.market;
    const step = barMs / UPDATES_PER_BAR;
    for (let tick = Math.ceil(clock.now() / step) * step; ; tick += step) {
      await clock.sleepUntil(tick, this.#ending.signal);
      for (const symbol of this.market.symbols) {
        const time = Math.floor(tick / barMs) * barMs;
        if (time === tick) {
          this.#broadcast({symbol, time: time - barMs}, tick);
        }
        this.#broadcast({symbol, time}, tick);
      }
    }
  }

  #broadcast(place: CandlePlace, now: EpochMs): void {
    const candle = this.market.at(place, "websocket", now);
    if (this.isSilent || candle === undefined) {
      return;
    }
    const {barMs} = this.market;
    const interval = `${barMs / 60_000}m`;
    const stream = `${place.symbol.toLowerCase()}@kline_${interval}`;
    const event = JSON.stringify(klineEvent({symbol: place.symbol, interval, barMs}, candle, now));
    for (const [socket, streams] of this.#streams) {
      if (streams.has(stream)) {
        socket.send(event);
      }
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const {pathname, searchParams} = new URL(request.url ?? "/", "http://localhost");
    const send = (body: unknown): void => {
      response.setHeader("content-type", "application/json");
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (pathname === "/control" && request.method === "POST") {
      text(request)
        .then((body) => this.control(JSON.parse(body) as Control))
        .then(
          () => send({ok: true}),
          (error: Error) => send({error: error.message}),
        );
    } else if (pathname.endsWith("/exchangeInfo")) {
      const isFutures = pathname.includes("/fapi/");
      const symbols = isFutures ? this.market.symbols : [];
      send({
        timezone: "UTC",
        serverTime: this.market.clock.now(),
        symbols: symbols.map((symbol) =>
          contractOf(symbol, this.#steps.get(symbol) ?? DEFAULT_STEPS),
        ),
      });
    } else if (pathname.endsWith("/klines")) {
      this.#answerKlines(searchParams, response, send);
    } else if (pathname.endsWith("/time")) {
      send({serverTime: this.market.clock.now()});
    } else {
      response.statusCode = 404;
      send({code: -1121, msg: `no such path: ${pathname}`});
    }
  }

  #answerKlines(
    params: URLSearchParams,
    response: ServerResponse,
    send: (body: unknown) => void,
  ): void {
    const symbol = params.get("symbol") ?? "";
    const interval = params.get("interval") ?? "";
    const since = Number(params.get("startTime"));
    const limit = Math.min(Number(params.get("limit") ?? 500), this.pageLimit);
    this.asked.push({symbol, interval, since, limit});
    if (this.#failure !== undefined && this.#failure.left > 0) {
      this.#failure.left -= 1;
      response.statusCode = this.#failure.status;
      send(response.statusCode === 200 ? '[[1756684800000,"1' : {code: -1003, msg: "not now"});
      return;
    }
    const barMs = parsePeriod(interval);
    const candles = this.market.page(symbol, since, {barMs, limit});
    send(candles.map((candle) => klineRow(candle, barMs)));
  }
}

/** Runs with a server that ends when `use` does. */
export async function withBinanceServer<T>(
  market: CandleMarket,
  use: (server: BinanceServer) => Promise<T>,
): Promise<T> {
  const server = new BinanceServer(market);
  await server.listen();
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}
