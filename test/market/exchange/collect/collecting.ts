import type {BarTable, SymbolBars} from "../../../../src/market/bars.js";
import {barsOf} from "../../../../src/market/bars.js";
import type {BarWriter, CollectedBar} from "../../../../src/market/exchange/collect/bar-writer.js";
import {
  type CollectReport,
  collectBars,
} from "../../../../src/market/exchange/collect/collect-bars.js";
import type {CollectStatus} from "../../../../src/market/exchange/collect/collect-counts.js";
import type {CollectSettings} from "../../../../src/market/exchange/collect/collect-options.js";
import {openExchange} from "../../../../src/market/exchange/exchange-client.js";
import {inferInstrument} from "../../../../src/market/instruments/instrument.js";
import {barEnds} from "../../../../src/time/bar-grid.js";
import type {Clock} from "../../../../src/time/clock.js";
import {scaledClock} from "../../../../src/time/scaled-clock.js";
import {systemClock} from "../../../../src/time/system-clock.js";
import {type BinanceServer, withBinanceServer} from "../../../exchange/binance-server.js";
import {CandleMarket} from "../../../exchange/candle-market.js";

export const MINUTE = 60_000;
/** When the clocks of these tests begin. */
export const START = Date.UTC(2025, 8, 1);

/** Minute bars in (from, to] of a price that moves without repeating itself. */
export function minuteBars(symbols: readonly string[], from: number, to: number): BarTable {
  const ends = barEnds(from, to, MINUTE);
  const bySymbol = new Map<string, SymbolBars>();
  symbols.forEach((symbol, j) => {
    const open = ends.map((_, i) => Number((100 * (j + 1) + Math.sin(i + j) * 10).toFixed(2)));
    const close = ends.map((_, i) => Number((100 * (j + 1) + Math.sin(i + 1 + j) * 10).toFixed(2)));
    const high = ends.map((_, i) => Math.max(open[i] as number, close[i] as number) + 0.5);
    const low = ends.map((_, i) => Math.min(open[i] as number, close[i] as number) - 0.5);
    const volume = ends.map((_, i) => 10 + (i % 7) + j);
    bySymbol.set(symbol, barsOf(ends, ends, [open, high, low, close, volume]));
  });
  return {barMs: MINUTE, symbols, bySymbol};
}

/** A store in memory that keeps what it is given in order, and can be out of reach. */
export class MemoryWriter implements BarWriter {
  readonly rows: CollectedBar[] = [];
  isGone = false;
  attempts = 0;

  async append(bars: readonly CollectedBar[]): Promise<void> {
    this.attempts += 1;
    if (this.isGone) {
      throw new Error("connection refused");
    }
    this.rows.push(...bars);
  }

  async readSince(from: number): Promise<CollectedBar[]> {
    return this.rows.filter(({barEnd}) => barEnd > from);
  }

  /** `pair end open high low close volume` of each row whose bar ends in (from, to], sorted. */
  lines(from: number, to: number): string[] {
    const wanted = this.rows.filter(({barEnd}) => barEnd > from && barEnd <= to);
    return wanted.map(lineOf).sort();
  }
}

function lineOf(bar: Omit<CollectedBar, "endDownloadTime">): string {
  const {currencyPair, barEnd, open, high, low, close, volume} = bar;
  return [currencyPair, barEnd, open, high, low, close, volume].join(" ");
}

/** What a store should hold of a table's bars in (from, to]. */
export function linesOf({bySymbol}: BarTable, from: number, to: number): string[] {
  const lines: string[] = [];
  for (const [symbol, {barEnd, columns}] of bySymbol) {
    const currencyPair = symbol.replace(/USDT$/, "_USDT");
    barEnd.forEach((end, i) => {
      const value = (name: string): number => columns.get(name)?.[i] as number;
      const [open, high, low] = [value("open"), value("high"), value("low")];
      const [close, volume] = [value("close"), value("volume")];
      if (end > from && end <= to) {
        lines.push(lineOf({currencyPair, barEnd: end, open, high, low, close, volume}));
      }
    });
  }
  return lines.sort();
}

/** Stands at {@link START} until all is set up, then runs at a speed. */
class WaitingClock implements Clock {
  #running: Clock | undefined;
  #start: () => void = () => undefined;
  readonly #started = new Promise<void>((resolve) => {
    this.#start = resolve;
  });

  start(speed: number): void {
    const scale = {start: START, realStart: systemClock.now(), speed};
    this.#running = scaledClock(scale, systemClock);
    this.#start();
  }

  now(): number {
    return this.#running?.now() ?? START;
  }

  async sleepUntil(time: number, signal?: AbortSignal): Promise<void> {
    if (this.#running === undefined) {
      await Promise.race([this.#started, aborted(signal)]);
    }
    signal?.throwIfAborted();
    await this.#running?.sleepUntil(time, signal);
  }
}

/** Resolves when the signal is aborted. */
function aborted(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal?.addEventListener("abort", () => resolve());
  });
}

/** A collection that runs beside a test. */
export interface Collecting {
  readonly clock: Clock;
  readonly server: BinanceServer;
  readonly writer: MemoryWriter;
  readonly statuses: CollectStatus[];
  readonly events: string[];
  /** Ends the collection. */
  stop(): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<CollectReport>;
}

/** What a test collects, and how fast. */
export interface CollectSetup {
  readonly table: BarTable;
  /** Clock seconds per second. */
  readonly speed: number;
  /** Goes on until the bars of (from, until], counted from the start, are there and settled. */
  readonly fromMs?: number;
  readonly untilMs: number;
  /** Bars of that span that never come. */
  readonly absent?: number;
  readonly settings?: Partial<CollectSettings>;
  readonly writer?: MemoryWriter;
  readonly hasWebsocket?: boolean;
  /** Before the collection starts. */
  readonly prepare?: (server: BinanceServer) => void;
}

/** Collects from a local server at accelerated time; `use` acts while it runs. */
export async function collecting(
  setup: CollectSetup,
  use: (running: Collecting) => Promise<void> = async () => undefined,
): Promise<Collecting & {readonly report: CollectReport}> {
  const {table, speed, writer = new MemoryWriter()} = setup;
  const clock = new WaitingClock();
  return withBinanceServer(new CandleMarket(table, clock), async (server) => {
    setup.prepare?.(server);
    const client = await openExchange("binanceusdm", {apiUrl: server.url, timeoutMs: 5_000});
    Object.assign(client, {enableRateLimit: false});
    if (setup.hasWebsocket === false) {
      Object.assign(client, {has: {...client.has, watchOHLCV: false}});
    }
    await client.loadMarkets();
    const stopping = new AbortController();
    const statuses: CollectStatus[] = [];
    const events: string[] = [];
    clock.start(speed);
    server.stream();
    const ended = collectBars({
      client,
      timeframe: "1m",
      instruments: table.symbols.map(perpetual),
      clock,
      writer,
      signal: stopping.signal,
      // Generous, so that a machine that is busy for seconds changes nothing.
      settings: {backfillMs: 600 * MINUTE, silentMs: 600 * MINUTE, ...setup.settings},
      onBar: (status) => statuses.push(status),
      onEvent: (text) => events.push(text),
    });
    const stop = (): void => stopping.abort(new Error("the test has ended"));
    const running = {clock, server, writer, statuses, events, stop, ended};
    try {
      await use(running);
      await settled(running, setup);
      stop();
      const report = await ended;
      await socketsClosed(server);
      return {...running, report};
    } finally {
      stop();
      await ended.catch(() => undefined);
    }
  });
}

/** Waits until the server has seen the last connection go; it hears of it a moment later. */
async function socketsClosed(server: BinanceServer): Promise<void> {
  const deadline = systemClock.now() + 2_000;
  while (server.openConnections > 0 && systemClock.now() < deadline) {
    await systemClock.sleepUntil(systemClock.now() + 5);
  }
}

/** Waits until all bars have come, and those after them were asked for again: half a minute. */
async function settled({writer, statuses}: Collecting, setup: CollectSetup): Promise<void> {
  const {table, fromMs = 0, untilMs, absent = 0} = setup;
  const [from, to] = [START + fromMs, START + untilMs];
  const wanted = (table.symbols.length * (untilMs - fromMs)) / MINUTE - absent;
  const isSettled = (): boolean => {
    const bars = writer.rows.filter(({barEnd}) => barEnd > from && barEnd <= to);
    const different = new Set(bars.map(({currencyPair, barEnd}) => `${currencyPair} ${barEnd}`));
    return different.size >= wanted && (statuses.at(-1)?.barEnd ?? 0) >= to + 6 * MINUTE;
  };
  const deadline = systemClock.now() + 30_000;
  while (!isSettled() && systemClock.now() < deadline) {
    await systemClock.sleepUntil(systemClock.now() + 20);
  }
}

/** Waits until something is so, looking every ten clock seconds, ten hours at most. */
export async function waitFor({clock}: Collecting, isSo: () => boolean): Promise<void> {
  const deadline = clock.now() + 600 * MINUTE;
  while (!isSo() && clock.now() < deadline) {
    await clock.sleepUntil(clock.now() + 10_000);
  }
}

function perpetual(id: string) {
  const decimals = {priceDecimals: 2, volumeDecimals: 3};
  return inferInstrument({id, venue: "binanceusdm", kind: "linear", ...decimals});
}
