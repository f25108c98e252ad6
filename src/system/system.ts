import type {Restriction, SystemConfig} from "../config/system-config.js";
import type {Dag} from "../dag/dag.js";
import {MovingWindow} from "../dag/moving-window.js";
import {type DagState, runDag} from "../dag/run-dag.js";
import {messageOf, ReckonError} from "../errors.js";
import type {Instrument} from "../market/instruments/instrument.js";
import type {SessionCalendar} from "../market/instruments/session-calendar.js";
import type {MarketData} from "../market/market-data.js";
import type {Model} from "../models/model.js";
import type {RunLog} from "../runlog/writing/run-log.js";
import type {Store} from "../store/open/open-store.js";
import {barEnds, parsePeriod} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, SECOND_MS, toIso} from "../time/epoch.js";
import {letEventsIn} from "../time/system-clock.js";
import type {Broker} from "../trading/brokers/broker.js";
import type {RecordedFill} from "../trading/brokers/replayed-fills.js";
import type {Holdings} from "../trading/initial-holdings.js";
import {checkOrderType} from "../trading/orders/order-type.js";
import {Portfolio, type PricingMethod} from "../trading/portfolio.js";
import {type BarOutcome, ForecastProcessor} from "../trading/targets/process-forecasts.js";
import {brokerOf, type Execution} from "./broker-of.js";
import {ownerOf} from "./database-execution.js";
import {followRestrictions, type RestrictionsAt} from "./follow-restrictions.js";
import {fitDag, forecastBar, historyWindow} from "./forecast-bar.js";
import {instrumentRules, sizingRules} from "./instrument-rules.js";
import {logNotes, logOpenOrders} from "./run/bar-log.js";
import {withRestrictions} from "./run/opening.js";
import {beginHoldings, withProcessor} from "./system-tasks.js";
import {tradableNames} from "./tradable-names.js";

/** The parts a system is built from. */
export interface SystemParts {
  readonly model: Model;
  readonly config: SystemConfig;
  readonly instruments: readonly Instrument[];
  /** Session calendars of the desk's own. */
  readonly calendars?: readonly SessionCalendar[];
  readonly market: MarketData;
  readonly clock: Clock;
  readonly log: RunLog;
  /** In place of the config's broker: the only way to trade for real. */
  readonly broker?: Broker;
  /** Ends every wait for a database that is away. */
  readonly signal?: AbortSignal;
  /** The SQL store, for a `database` broker or initial holdings from there; stays open. */
  readonly store?: Store;
  /** The market as the exchange sees it, for a `database` broker: a view of its own, no delay. */
  readonly exchangeMarket?: MarketData;
  /** What a recorded run was filled with, for replayed fills. */
  readonly recordedFills?: readonly RecordedFill[];
  /** What a recorded run began with: this one begins with it, whatever config and store say. */
  readonly opening?: Holdings;
  /** What may not be traded, beside the config's own list. */
  readonly restrictions?: readonly Restriction[];
  /** What may not be traded at a bar; as it was at first where left out. */
  readonly restrictionsAt?: RestrictionsAt;
}

/** A built system; it handles the bars whose end lies in (start, end]. */
export interface System {
  /**
   * Tries the model on what is known at `start`, without recording or trading.
   *
   * @throws ReckonError `misuse` when its output or the market lacks a column the config names
   */
  check(start: EpochMs): void;
  /**
   * Reads what it holds, and gives what is then to be run side by side in the clock's time: the
   * bars, and the order processor where there is one.
   *
   * @throws ReckonError `misuse` or `bad-data` when the holdings in the database do not fit
   */
  tasks(start: EpochMs, end: EpochMs, options?: RunOptions): Promise<(() => Promise<void>)[]>;
  /** Does {@link tasks} at once. On a simulated clock its `run` has to do it, if there are two. */
  run(start: EpochMs, end: EpochMs, options?: RunOptions): Promise<void>;
}

export interface RunOptions {
  /** Stops the run cleanly at the next bar border. */
  readonly signal?: AbortSignal;
  /** Told after each bar. */
  readonly onBar?: (outcome: BarOutcome) => void;
  /** Told of a bar that the clock had passed before it could be handled. */
  readonly onSkipped?: (barEnd: EpochMs) => void;
}

/**
 * Builds a system; the same code runs with every broker, on a real and on a replayed clock.
 *
 * @throws ReckonError `misuse` when the config does not fit the model or the market
 */
export function buildSystem(parts: SystemParts): System {
  const {model, config, instruments, market, clock, restrictions = []} = parts;
  const instrumentIds = instruments.map(({id}) => id);
  const barMs = config.dag_runner_config.bar_duration_in_secs * SECOND_MS;
  const dag = dagOf(model, config, barMs);
  const rules = instrumentRules(instruments, config);
  const {process_forecasts_dict} = config.process_forecasts_node_dict;
  const {column_remap: columns} = config.portfolio_config;
  checkOrderType(process_forecasts_dict.order_config.order_type, market, columns);
  const execution = brokerOf({...parts, rules});
  const {broker} = execution;
  const portfolio = makePortfolio(parts, broker, rules);
  const sizing = sizingRules(instruments, rules, config);
  const processor = new ForecastProcessor({
    config: process_forecasts_dict,
    barMs,
    instrumentIds,
    clock,
    portfolio,
    broker,
    rules: withRestrictions(sizing, instrumentIds, restrictions),
    ...tradableNames(parts, barMs),
  });
  const follow = followRestrictions(parts, (changed) => {
    processor.rules = withRestrictions(sizing, instrumentIds, changed);
  });
  const loop = {...parts, dag, barMs, processor, portfolio, execution, follow};
  return {
    check: (start) => checkColumns(loop, start),
    tasks: (start, end, options = {}) => tasksOf(loop, {start, end, ...options}),
    async run(start, end, options = {}) {
      const tasks = await tasksOf(loop, {start, end, ...options});
      await Promise.all(tasks.map((task) => task()));
    },
  };
}

/** A model is a desk's own code: what it throws is told with its name. */
function dagOf(model: Model, {dag_config}: SystemConfig, barMs: number): Dag {
  try {
    return model.dag(dag_config, barMs);
  } catch (cause) {
    throw cause instanceof ReckonError
      ? cause
      : new ReckonError("misuse", `model ${model.id}: its dag: ${messageOf(cause)}`, {cause});
  }
}

async function tasksOf(
  loop: BarLoop,
  {signal, ...run}: RunOptions & {readonly start: EpochMs; readonly end: EpochMs},
): Promise<(() => Promise<void>)[]> {
  const {database} = loop.execution;
  await beginHoldings(loop, run.start);
  const bars = (stop: AbortSignal | undefined): Promise<void> =>
    runBars(loop, stop === undefined ? run : {...run, signal: stop});
  return database === undefined
    ? [() => bars(signal)]
    : withProcessor(bars, database.processor, {log: loop.log, signal});
}

function makePortfolio(
  {config, instruments, market, clock}: SystemParts,
  broker: Broker,
  rules: ReturnType<typeof instrumentRules>,
): Portfolio {
  const {initial_cash, mark_to_market_col, pricing_method} = config.portfolio_config;
  const [kind, period] = pricing_method.split(".");
  const pricing: PricingMethod =
    kind === "twap"
      ? {kind, barMs: parsePeriod(period as string, "pricing_method")}
      : {kind: "last"};
  return new Portfolio({
    owner: ownerOf(config),
    instrumentIds: instruments.map(({id}) => id),
    initialCash: initial_cash,
    clock,
    market,
    broker,
    markColumn: mark_to_market_col,
    pricing,
    value: rules.value,
    roundShares: rules.roundShares,
  });
}

interface BarLoop extends SystemParts {
  readonly dag: Dag;
  readonly barMs: number;
  readonly processor: ForecastProcessor;
  readonly portfolio: Portfolio;
  readonly execution: Execution;
  /** To be called before each bar, where what may be traded can change. */
  readonly follow: ReturnType<typeof followRestrictions>;
}

/** A node that learns is fitted here too: its `predict` may need what `fit` returns. */
function checkColumns(loop: BarLoop, start: EpochMs): void {
  const {config, dag, market} = loop;
  const {price_col, prediction_col, volatility_col, spread_col} =
    config.process_forecasts_node_dict;
  const method = config.dag_runner_config.fit_at_beginning ? "fit" : "predict";
  const {features} = runDag(dag, {market: historyWindow(loop, start)}, {method});
  const named = {price_col, prediction_col, volatility_col, spread_col};
  for (const [key, name] of Object.entries(named)) {
    if (name !== null && !features.has(name)) {
      throw new ReckonError("misuse", {
        place: `config process_forecasts_node_dict.${key}`,
        expected: `a column of the model's output (${[...features.keys()].join(", ")})`,
        found: JSON.stringify(name),
      });
    }
  }
  const {mark_to_market_col} = config.portfolio_config;
  if (!market.hasColumn(mark_to_market_col)) {
    throw new ReckonError("misuse", {
      place: "config portfolio_config.mark_to_market_col",
      expected: "a column of the market",
      found: JSON.stringify(mark_to_market_col),
    });
  }
}

/** A run that jumps from bar to bar looks this often whether it was told to stop. */
const BARS_BETWEEN_EVENTS = 16;

async function runBars(
  loop: BarLoop,
  {
    start,
    end,
    signal,
    onBar,
    onSkipped,
  }: RunOptions & {readonly start: EpochMs; readonly end: EpochMs},
): Promise<void> {
  const {config, clock, log, market, processor, barMs, follow} = loop;
  const state: DagState = new Map();
  const window = new MovingWindow();
  if (config.dag_runner_config.fit_at_beginning) {
    await clock.sleepUntil(start, signal);
    await market.refresh?.(signal);
    fitDag(loop, start, state);
  }
  const maxLateMs = config.dag_runner_config.max_distance_in_secs * SECOND_MS;
  let openOrders = 0;
  let bars = 0;
  try {
    for (const barEnd of barEnds(start, end, barMs)) {
      await clock.sleepUntil(barEnd, signal);
      if (clock.now() > barEnd + maxLateMs) {
        log.event(clock.now(), "bar skipped: the clock had passed it", {bar: toIso(barEnd)});
        onSkipped?.(barEnd);
        continue;
      }
      const forecasts = await forecastBar(loop, barEnd, {state, window, signal});
      if (follow !== undefined) {
        await follow(barEnd, signal);
      }
      const outcome = await processor.process(barEnd, forecasts);
      openOrders = outcome.orders.length;
      logNotes(loop, outcome);
      await log.settle();
      log.bar(outcome);
      onBar?.(outcome);
      bars += 1;
      if (bars % BARS_BETWEEN_EVENTS === 0) {
        await letEventsIn();
      }
      signal?.throwIfAborted();
    }
  } finally {
    logOpenOrders(loop, openOrders);
  }
}
