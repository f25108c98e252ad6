import type {Restriction, SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import type {Instrument} from "../market/instruments/instrument.js";
import {OPENING_FILE, openingStateOf} from "../runlog/opening-state.js";
import type {RunLog} from "../runlog/writing/run-log.js";
import type {Store} from "../store/open/open-store.js";
import type {Clock} from "../time/clock.js";
import type {EpochMs} from "../time/epoch.js";
import type {OrderProcessor} from "../trading/brokers/order-processor.js";
import type {Holdings} from "../trading/initial-holdings.js";
import type {Portfolio} from "../trading/portfolio.js";
import type {Execution} from "./broker-of.js";
import {accountRun, storedHoldings} from "./database-execution.js";
import type {Opening} from "./run/opening.js";

/**
 * The bars of a run, and the order processor beside them: it ends when the bars do, and when it
 * fails the bars end at their next border with its error.
 *
 * @param runBars handles the bars until the signal, where there is one, stops it
 * @returns tasks to run side by side in the run's time; of two failures the first task's is the
 *   cause of the other
 */
export function withProcessor(
  runBars: (signal: AbortSignal) => Promise<void>,
  processor: OrderProcessor,
  {log, signal}: {readonly log: RunLog; readonly signal: AbortSignal | undefined},
): (() => Promise<void>)[] {
  const barsEnd = new AbortController();
  const failure = new AbortController();
  const stop = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  return [
    async () => {
      try {
        await processor.run(barsEnd.signal);
      } catch (error) {
        failure.abort(error);
        throw error;
      } finally {
        log.json("order_processor.json", processor.signature().split("\n"));
      }
    },
    async () => {
      try {
        await runBars(stop);
      } finally {
        barsEnd.abort();
      }
    },
  ];
}

/** What decides what a portfolio begins with, and where that is recorded. */
export interface HoldingParts {
  readonly config: SystemConfig;
  readonly instruments: readonly Instrument[];
  readonly portfolio: Portfolio;
  readonly execution: Execution;
  readonly clock: Clock;
  readonly log: RunLog;
  readonly store?: Store;
  readonly opening?: Holdings;
  readonly restrictions?: readonly Restriction[];
}

/**
 * Gives a portfolio what it begins with, and records it: the recorded opening state that was asked
 * for, else the holdings in the OMS tables where the config says so, else the config's cash.
 *
 * @throws ReckonError `misuse` when there is no store to read; what opening an account throws
 */
export async function beginHoldings(parts: HoldingParts, start: EpochMs): Promise<void> {
  const {instruments, portfolio, log, restrictions = []} = parts;
  const {source, ...holdings} = await openingOf(parts, start);
  portfolio.begin(holdings);
  const ids = instruments.map(({id}) => id);
  log.json(OPENING_FILE, openingStateOf(ids, holdings, {source, restrictions}));
}

async function openingOf(parts: HoldingParts, start: EpochMs): Promise<Opening> {
  const {config, instruments, execution, opening, clock, log} = parts;
  const {initial_cash: cash, retrieve_initial_holdings_from_db} = config.portfolio_config;
  const run = accountRun(config, start);
  const opened = await execution.database?.account.open(run);
  if (opening !== undefined) {
    return {...opening, source: "run folder"};
  }
  const isStored = opened?.isStored ?? retrieve_initial_holdings_from_db;
  const stored = isStored ? (opened ?? (await holdingsInStore(parts, start))) : undefined;
  if (stored !== undefined) {
    return {cash: stored.cash, shares: stored.shares, source: "database"};
  }
  if (retrieve_initial_holdings_from_db) {
    const {strategy, account} = config.cf_config;
    const about = {strategy, account, trade_date: run.tradeDate, cash};
    log.event(clock.now(), "no positions in the database: begins with initial_cash", about);
  }
  return {cash, shares: new Float64Array(instruments.length), source: "config"};
}

async function holdingsInStore(
  {config, instruments, store}: HoldingParts,
  start: EpochMs,
): Promise<Holdings | undefined> {
  if (store === undefined) {
    throw new ReckonError("misuse", {
      place: "config portfolio_config.retrieve_initial_holdings_from_db",
      expected: "an open SQL store",
      found: "none was given to the system",
    });
  }
  const instrumentIds = instruments.map(({id}) => id);
  return await storedHoldings(store, config, {start, instrumentIds});
}
