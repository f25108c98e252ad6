import type {SystemConfig} from "../config/system-config.js";
import type {Dag} from "../dag/dag.js";
import type {MovingWindow} from "../dag/moving-window.js";
import {type DagState, type NodeRun, type RunDagOptions, runDag} from "../dag/run-dag.js";
import type {MarketData} from "../market/market-data.js";
import type {RunLog} from "../runlog/writing/run-log.js";
import {rowOf} from "../table/frame.js";
import {featureOf, type Panel} from "../table/panel.js";
import {floorToBar, parsePeriod} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, SECOND_MS} from "../time/epoch.js";
import type {Forecasts} from "../trading/targets/process-forecasts.js";

/** What a bar is forecast with. */
export interface ForecastParts {
  readonly config: SystemConfig;
  readonly dag: Dag;
  readonly market: MarketData;
  readonly clock: Clock;
  readonly log: RunLog;
}

/** What the DAG knows from bar to bar. */
export interface BarMemory {
  readonly state: DagState;
  readonly window: MovingWindow;
}

/** Waits for the bar's data and runs the DAG; undefined when no data came by the deadline. */
export async function forecastBar(
  parts: ForecastParts,
  barEnd: EpochMs,
  {state, window, signal}: BarMemory & {readonly signal: AbortSignal | undefined},
): Promise<Forecasts | undefined> {
  const {config, dag, market} = parts;
  const deadlineMs = barEnd + config.market_data_config.time_out_in_secs * SECOND_MS;
  const graceMs = config.market_data_config.wait_for_missing_in_secs * SECOND_MS;
  const stop = signal === undefined ? {} : {signal};
  const {kind, asOf} = await market.waitForBar(barEnd, {deadlineMs, graceMs, ...stop});
  if (kind === "late") {
    return undefined;
  }
  const given = {market: historyWindow(parts, barEnd)};
  const panel = runDag(dag, given, {state, window, ...recording(parts, barEnd)});
  const forecasts = toForecasts(panel, config, barEnd);
  return forecasts && {...forecasts, asOf};
}

/** Fits the nodes that learn on what is known at `start`, and keeps what they learned. */
export function fitDag(parts: ForecastParts, start: EpochMs, state: DagState): void {
  const {dag, log} = parts;
  const given = {market: historyWindow(parts, start)};
  runDag(dag, given, {method: "fit", state, ...recording(parts, start)});
  log.json("dag_state.json", Object.fromEntries(state));
}

/** The bars that the model looks back on. */
export function historyWindow(
  {config, market}: Pick<ForecastParts, "config" | "market">,
  barEnd: EpochMs,
): Panel {
  const lookbackMs = parsePeriod(config.market_data_config.history_lookback);
  return market.window({
    barEnd: floorToBar(barEnd, market.barMs),
    bars: Math.ceil(lookbackMs / market.barMs),
  });
}

/** Each node goes into the log; it is not even looked at where nothing is recorded of it. */
function recording({log, clock}: ForecastParts, barEnd: EpochMs): RunDagOptions {
  const {recordsNodes, readsMemory} = log;
  const onNode = (run: NodeRun): void => log.node(barEnd, clock.now(), run);
  return recordsNodes ? {onNode, readsMemory} : {};
}

/** The last row of the model's output, in instrument order. */
function toForecasts(panel: Panel, config: SystemConfig, barEnd: EpochMs): Forecasts | undefined {
  const last = panel.index.length - 1;
  if (panel.index[last] !== barEnd) {
    return undefined;
  }
  const {prediction_col, volatility_col, spread_col} = config.process_forecasts_node_dict;
  const row = (name: string): Float64Array => rowOf(featureOf(panel, name), last);
  return {
    barEnd,
    prediction: row(prediction_col),
    volatility: row(volatility_col),
    spread: spread_col === null ? undefined : row(spread_col),
  };
}
