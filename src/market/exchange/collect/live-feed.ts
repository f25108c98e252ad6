import {setMaxListeners} from "node:events";
import type {Clock} from "../../../time/clock.js";
import {type EpochMs, MINUTE_MS} from "../../../time/epoch.js";
import {backOffMs} from "../ask-exchange.js";
import type {CandleRow, ExchangeClient} from "../exchange-client.js";
import {cutConnections} from "./connection.js";

/** Why a connection ended. */
export interface ConnectionEnd {
  readonly reason: "silent" | "broken";
  readonly error: unknown;
  /** Wait before the next attempt. */
  readonly waitMs: number;
}

/** What a feed watches and whom it tells. */
export interface LiveFeedOptions {
  readonly client: ExchangeClient;
  /** ccxt's names. */
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly clock: Clock;
  /** A connection without any message for this long is given up. */
  readonly silentMs: number;
  /** A connection is being made, before its first message. */
  readonly onConnect: () => void;
  /** The first message of a connection has come. */
  readonly onLive: () => void;
  /** All candles this connection has of a symbol, at each of its messages. */
  readonly onCandles: (symbol: string, rows: readonly CandleRow[]) => void;
  readonly onEnd: (end: ConnectionEnd) => void;
}

/** A connection that held this long was a good one: waiting begins anew. */
const STABLE_MS = MINUTE_MS;

/** Watches candles over websockets until the signal is aborted; a lost connection is made again. */
export async function runLiveFeed(options: LiveFeedOptions, signal: AbortSignal): Promise<void> {
  const {clock, onEnd} = options;
  let failures = 0;
  while (!signal.aborted) {
    const since = clock.now();
    const end = await oneConnection(options, signal);
    if (signal.aborted) {
      return;
    }
    failures = clock.now() - since >= STABLE_MS ? 1 : failures + 1;
    const waitMs = backOffMs(failures);
    onEnd({...end, waitMs});
    await clock.sleepUntil(clock.now() + waitMs, signal).catch(() => undefined);
  }
}

/** One connection from its first message to its end, whose reason is the answer. */
async function oneConnection(
  options: LiveFeedOptions,
  signal: AbortSignal,
): Promise<Omit<ConnectionEnd, "waitMs">> {
  const {client, symbols} = options;
  const ended = new AbortController();
  // One listener for each symbol that is waited for.
  setMaxListeners(0, ended.signal);
  let end: Omit<ConnectionEnd, "waitMs"> | undefined;
  const finish = (reason: ConnectionEnd["reason"], error: unknown): void => {
    end ??= {reason, error};
    ended.abort();
    cutConnections(client, error instanceof Error ? error : new Error(String(error)));
  };
  const stop = (): void => finish("broken", signal.reason);
  signal.addEventListener("abort", stop);
  options.onConnect();
  const heard = {at: options.clock.now(), isLive: false};
  const watchers = symbols.map(async (symbol) => {
    try {
      await watchSymbol({...options, symbol, heard}, ended.signal);
    } catch (error) {
      finish("broken", error);
    }
  });
  const watchdog = noticeSilence(options, heard, ended.signal).then((isSilent) => {
    if (isSilent) {
      finish("silent", new Error(`no message for ${options.silentMs / 1_000} s`));
    }
  });
  if (signal.aborted) {
    stop();
  }
  await Promise.all([...watchers, watchdog]);
  signal.removeEventListener("abort", stop);
  return end ?? {reason: "broken", error: new Error("the connection ended")};
}

/** When a connection was last heard of. */
interface Heard {
  at: EpochMs;
  isLive: boolean;
}

async function watchSymbol(
  watched: LiveFeedOptions & {readonly symbol: string; readonly heard: Heard},
  ended: AbortSignal,
): Promise<void> {
  const {client, symbol, timeframe, clock, heard} = watched;
  while (!ended.aborted) {
    const rows = await unlessEnded(client.watchOHLCV(symbol, timeframe), ended);
    if (rows === undefined || ended.aborted) {
      return;
    }
    heard.at = clock.now();
    if (!heard.isLive) {
      heard.isLive = true;
      watched.onLive();
    }
    watched.onCandles(symbol, rows);
  }
}

/** What a promise brings, or nothing once the signal is aborted: some clients never answer then. */
function unlessEnded<T>(promise: Promise<T>, ended: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    ended.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => ended.removeEventListener("abort", stop));
  });
}

/** True when nothing was heard for too long; false when the connection ended otherwise. */
async function noticeSilence(
  {clock, silentMs}: LiveFeedOptions,
  heard: Heard,
  ended: AbortSignal,
): Promise<boolean> {
  while (!ended.aborted) {
    if (clock.now() >= heard.at + silentMs) {
      return true;
    }
    await clock.sleepUntil(heard.at + silentMs, ended).catch(() => undefined);
  }
  return false;
}
