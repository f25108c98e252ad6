import type {SystemConfig} from "../config/system-config.js";
import type {Instrument} from "../market/instruments/instrument.js";
import type {MarketData} from "../market/market-data.js";
import type {RunLog} from "../runlog/writing/run-log.js";
import {readPositions} from "../store/oms/oms-account.js";
import type {OmsAccount} from "../store/oms/oms-owner.js";
import type {Store} from "../store/open/open-store.js";
import type {Retry} from "../store/open/retry.js";
import {floorToBar} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, formatStamp, SECOND_MS} from "../time/epoch.js";
import type {Broker} from "../trading/brokers/broker.js";
import {type AccountRun, DatabaseAccount} from "../trading/brokers/database-account.js";
import {databaseBroker} from "../trading/brokers/database-broker.js";
import {OrderProcessor} from "../trading/brokers/order-processor.js";
import {type Holdings, holdingsOf} from "../trading/initial-holdings.js";
import type {InstrumentRules} from "./instrument-rules.js";

/** What trading through the OMS tables is made from. */
export interface DatabaseParts {
  readonly config: SystemConfig;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly log: RunLog;
  readonly rules: InstrumentRules;
  readonly store: Store;
  /** The market as the exchange sees it. */
  readonly market: MarketData;
  /** Fills what the processor accepts. */
  readonly exchange: Broker;
  /** What the run is asked to begin with, whatever the tables say. */
  readonly opening?: Holdings;
  /** Ends every wait for a database that is away. */
  readonly signal?: AbortSignal;
}

/** Trading through the OMS tables: the system's side and the exchange's. */
export interface DatabaseExecution {
  readonly account: DatabaseAccount;
  readonly broker: Broker;
  /** A second loop, which runs beside the bars. */
  readonly processor: OrderProcessor;
}

/**
 * A database broker and the order processor that answers it. The processor handles one bar's orders
 * after the other's: they last a bar at most, as the config's check demands.
 */
export function databaseExecution(parts: DatabaseParts): DatabaseExecution {
  const {config, clock, log, rules, market, exchange} = parts;
  const times = config.order_processor_config;
  const barMs = config.dag_runner_config.bar_duration_in_secs * SECOND_MS;
  const account = databaseAccount(parts);
  const pollMs = times.sleep_in_secs * SECOND_MS;
  const graceMs = times.delay_to_fill_in_secs * SECOND_MS;
  const broker = databaseBroker({
    account,
    pollMs,
    onRefused: ({filename, reason}) => {
      log.event(clock.now(), "orders refused", {filename, reason});
    },
  });
  const processor = new OrderProcessor({
    account,
    exchange,
    barMs,
    termination: {kind: "stopped"},
    delayToAcceptMs: times.delay_to_accept_in_secs * SECOND_MS,
    maxWaitMs: (times.max_wait_for_order_in_secs ?? Number.POSITIVE_INFINITY) * SECOND_MS,
    pollMs,
    waitForPrices: async (deadline) => {
      const barEnd = floorToBar(deadline, market.barMs);
      await market.waitForBar(barEnd, {deadlineMs: deadline + graceMs, graceMs});
    },
    value: rules.value,
    roundShares: rules.roundShares,
  });
  return {account, broker, processor};
}

/** What the log says while the database is away. */
export function awayNote({
  tries,
  waitMs,
  error,
}: Retry): [text: string, fields: Readonly<Record<string, unknown>>] {
  const fields = {tries, wait_ms: waitMs, error: String(error)};
  return ["database away: trying again", fields];
}

/** The run as the OMS tables know it: a name of its inputs, the day whose positions it moves. */
export function accountRun(config: SystemConfig, start: EpochMs): AccountRun {
  const day = config.cf_config.trade_date ?? formatStamp(start).slice(0, 8);
  return {
    runId: [config.dag_builder_class, config.run_mode, formatStamp(start)].join("."),
    tradeDate: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
  };
}

/**
 * What the OMS tables say that the run's account holds; undefined where they say nothing.
 *
 * @throws ReckonError `bad-data` when an instrument is held that is not in the run
 */
export async function storedHoldings(
  store: Store,
  config: SystemConfig,
  {start, instrumentIds}: {readonly start: EpochMs; readonly instrumentIds: readonly string[]},
): Promise<Holdings | undefined> {
  const found = await readPositions(store, ownerOf(config), accountRun(config, start).tradeDate);
  const {initial_cash} = config.portfolio_config;
  return found && holdingsOf(instrumentIds, found.shares, found.cash ?? initial_cash);
}

function databaseAccount(parts: DatabaseParts): DatabaseAccount {
  const {config, instruments, clock, log, store, opening, signal} = parts;
  const {initial_cash, retrieve_initial_holdings_from_db} = config.portfolio_config;
  const isSimulation = config.run_mode.startsWith("simulation");
  const isResumed = retrieve_initial_holdings_from_db && opening === undefined;
  return new DatabaseAccount({
    store,
    clock,
    ...ownerOf(config),
    start: isResumed ? "resume" : isSimulation ? "replace" : "fresh",
    instrumentIds: instruments.map(({id}) => id),
    isClockShared: !isSimulation,
    initial: opening ?? {cash: initial_cash, shares: new Float64Array(instruments.length)},
    ...(signal === undefined ? {} : {signal}),
    onRetry: (retry) => log.event(clock.now(), ...awayNote(retry)),
    onBack: () => log.event(clock.now(), "the database is back"),
    onExpired: (lists) => {
      const names = lists.map(({runId, filename}) => `${runId} ${filename}`);
      log.event(clock.now(), "accepted orders of earlier runs expired unfilled", {lists: names});
    },
  });
}

/** For whom a run trades: a simulation never in the name of an account that trades. */
export function ownerOf({cf_config, run_mode}: SystemConfig): OmsAccount {
  const {strategy, account} = cf_config;
  return {
    strategy,
    account: run_mode.startsWith("simulation") ? `${account}.simulation` : account,
  };
}
