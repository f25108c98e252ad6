import {ReckonError} from "../../errors.js";
import {askExchange, retryText} from "../../market/exchange/ask-exchange.js";
import {type CollectReport, collectBars} from "../../market/exchange/collect/collect-bars.js";
import type {CollectOptions} from "../../market/exchange/collect/collect-options.js";
import {sqlBarWriter} from "../../market/exchange/collect/sql-bar-writer.js";
import {type ExchangeSettings, openExchange} from "../../market/exchange/exchange-client.js";
import {bookInstruments, requireTimeframe} from "../../market/exchange/exchange-instruments.js";
import type {Instrument} from "../../market/instruments/instrument.js";
import {canonicalTimeframe} from "../../market/timeframe.js";
import type {Store} from "../../store/open/open-store.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {MINUTE_MS} from "../../time/epoch.js";
import {openAwaitedStore} from "../shared-store.js";

/** Longest wait for the exchange's list of markets at the start. */
const MARKETS_MS = 10 * MINUTE_MS;

type Told = Pick<
  CollectOptions,
  "timeframe" | "clock" | "signal" | "settings" | "onBar" | "onEvent"
>;

/** What to collect into the SQL store. */
export interface CollectRequest extends Told, ExchangeSettings {
  readonly dataDir: string;
  /** ccxt's id; the store's `exchange_id` too. */
  readonly exchange: string;
  /** ccxt's names: `BTC/USDT`, `BTC/USDT:USDT`. */
  readonly symbols: readonly string[];
  /** How long to collect, counted from when all is set up; until the signal when left out. */
  readonly durationMs?: number | undefined;
}

/**
 * Writes an exchange's live bars into the SQL store that `RECKON_DATABASE_URL` or the data folder
 * names, and its instruments into the store's book.
 *
 * @throws ReckonError `misuse` for an unknown exchange, symbol or timeframe, or a store that cannot
 *   be used; `failed` when the exchange or the store is out of reach at the start, or bars could
 *   not be written at the end
 */
export async function collectMarket(request: CollectRequest): Promise<CollectReport> {
  const {dataDir, exchange, clock, signal, onEvent, durationMs} = request;
  const timeframe = canonicalTimeframe(request.timeframe, "--timeframe");
  const client = await openExchange(exchange, request);
  requireTimeframe(client, timeframe);
  const onRetry = (error: unknown, waitMs: number) => onEvent?.(retryText(error, waitMs));
  const patience = {clock, signal, deadlineMs: clock.now() + MARKETS_MS, onRetry};
  await askExchange(client, () => client.loadMarkets(), patience);
  const instruments = await bookInstruments({...request, client});
  const onLostConnection = (error: Error) => onEvent?.(`a connection was lost: ${error.message}`);
  const store = await openAwaitedStore(dataDir, {onLostConnection, ...(signal && {signal})});
  try {
    const writer = writerOf(store, {...request, timeframe}, instruments);
    const until = durationMs === undefined ? undefined : clock.now() + durationMs;
    const report = await collectBars({...request, timeframe, client, instruments, writer, until});
    requireAllWritten(report);
    return report;
  } finally {
    await store.close();
  }
}

function writerOf(store: Store, request: CollectRequest, instruments: readonly Instrument[]) {
  const {exchange, timeframe, clock} = request;
  return sqlBarWriter(store, {exchange, barMs: parsePeriod(timeframe), clock, instruments});
}

function requireAllWritten({unwritten}: CollectReport): void {
  if (unwritten > 0) {
    throw new ReckonError("failed", {
      place: "the store",
      expected: "every bar written before the end",
      found: `${unwritten} bars that could not be written`,
      fix: "run it again once the store is back: it asks the exchange for what is missing",
    });
  }
}
