import type {SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import type {Instrument} from "../market/instruments/instrument.js";
import type {MarketData} from "../market/market-data.js";
import type {RunLog} from "../runlog/writing/run-log.js";
import type {Store} from "../store/open/open-store.js";
import {parsePeriod} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import type {Broker} from "../trading/brokers/broker.js";
import {type PaperBrokerOptions, paperBroker} from "../trading/brokers/paper-broker.js";
import {type RecordedFill, replayedFills} from "../trading/brokers/replayed-fills.js";
import type {Holdings} from "../trading/initial-holdings.js";
import type {FillMode} from "../trading/orders/order-slices.js";
import {type DatabaseExecution, databaseExecution} from "./database-execution.js";
import type {InstrumentRules} from "./instrument-rules.js";

/** What a broker is made from. */
export interface BrokerParts {
  readonly config: SystemConfig;
  readonly instruments: readonly Instrument[];
  readonly market: MarketData;
  readonly clock: Clock;
  readonly log: RunLog;
  readonly rules: InstrumentRules;
  /** A broker of the caller's own, in place of the config's: the only way to trade for real. */
  readonly broker?: Broker;
  /** Holds the OMS tables, for a `database` broker or holdings that come from there. */
  readonly store?: Store;
  /** The market as the exchange sees it: a view of its own, without the knowledge delay. */
  readonly exchangeMarket?: MarketData;
  /** What a recorded run was filled with, for replayed fills. */
  readonly recordedFills?: readonly RecordedFill[];
  /** What the run is asked to begin with, in place of what config or database say. */
  readonly opening?: Holdings;
}

/** What executes a system's orders. */
export interface Execution {
  readonly broker: Broker;
  /** What stands behind a `database` broker. */
  readonly database?: DatabaseExecution;
}

/**
 * The broker that `run_mode` and `portfolio_config.broker_config.type` ask for; one that is passed
 * in goes before both.
 *
 * @throws ReckonError `misuse` when the mode is `prod` and no broker is passed in, or a part is
 *   missing that the broker needs
 */
export function brokerOf(parts: BrokerParts): Execution {
  const {config, clock, instruments, recordedFills} = parts;
  if (parts.broker !== undefined) {
    return {broker: parts.broker};
  }
  if (config.run_mode === "prod") {
    throw new ReckonError("misuse", {
      place: "run_mode prod",
      expected: "a broker that trades for real",
      found: "none: only mocked brokers are built in",
      fix: "use paper_trading, or pass a broker to runSystem",
    });
  }
  const {type} = config.portfolio_config.broker_config;
  if (config.run_mode === "simulation_with_replayed_fills" || type === "replayed_fills") {
    const fills = needed(recordedFills, "the run folder whose fills are replayed");
    const instrumentIds = instruments.map(({id}) => id);
    return {broker: replayedFills({clock, instrumentIds, fills})};
  }
  if (type === "database") {
    const store = needed(parts.store, "an open SQL store");
    const market = needed(parts.exchangeMarket, "the exchange's view of the market");
    const exchange = paperBroker({
      ...paperOptions(parts, market),
      oldestStartMs: Number.POSITIVE_INFINITY,
    });
    const database = databaseExecution({...parts, store, market, exchange});
    return {broker: database.broker, database};
  }
  return {broker: paperBroker(paperOptions(parts, parts.market))};
}

/** How the config has orders filled; parts are never shorter than the market's bars. */
export function fillModeOf(config: SystemConfig, marketBarMs: number): FillMode {
  if (config.portfolio_config.broker_config.fill_mode === "at_once") {
    return {kind: "at-once"};
  }
  const {execution_frequency} =
    config.process_forecasts_node_dict.process_forecasts_dict.order_config;
  const wantedMs = parsePeriod(execution_frequency, "execution_frequency");
  return {kind: "twap", sliceMs: Math.max(wantedMs, marketBarMs)};
}

function paperOptions(
  {config, clock, log, rules}: BrokerParts,
  market: MarketData,
): PaperBrokerOptions {
  return {
    clock,
    market,
    marketBarMs: market.barMs,
    columns: config.portfolio_config.column_remap,
    fillMode: fillModeOf(config, market.barMs),
    feeBps: config.portfolio_config.broker_config.fee_bps,
    value: rules.value,
    roundShares: rules.roundShares,
    onExpired: (order) => {
      log.event(clock.now(), "order expired unfilled: no price was known by its end", {
        instrument: order.instrumentId,
        order: order.orderId,
      });
    },
  };
}

function needed<T>(part: T | undefined, expected: string): T {
  if (part === undefined) {
    throw new ReckonError("misuse", {
      place: "run_mode and portfolio_config.broker_config.type",
      expected,
      found: "none was given to the system",
      fix: "give it, or use the broker type paper",
    });
  }
  return part;
}
