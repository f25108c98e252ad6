import type {Override} from "../config/override.js";
import type {SystemConfig} from "../config/system-config.js";
import {runDag} from "../dag/run-dag.js";
import {ReckonError} from "../errors.js";
import type {ForecastPortfolio} from "../finance/research/forecast-evaluator.js";
import type {BarSource} from "../market/bars.js";
import {readInstruments} from "../market/instruments/instrument-book.js";
import {marketPanel} from "../market/market-panel.js";
import {marketTitle} from "../market/market-title.js";
import {readBars} from "../market/parquet/read-bars.js";
import {canonicalTimeframe} from "../market/timeframe.js";
import {findModel} from "../models/registry.js";
import {pickInstruments} from "../system/instrument-rules.js";
import {systemConfigOf} from "../system/run/system-config-of.js";
import {formatTimeframe, parsePeriod} from "../time/bar-grid.js";
import {type EpochMs, MINUTE_MS, SECOND_MS} from "../time/epoch.js";
import {evaluatePanel} from "./research-portfolio.js";

const ORDER_CONFIG = [
  "process_forecasts_node_dict",
  "process_forecasts_dict",
  "order_config",
] as const;

/** Which market and which model to look back on. */
export interface HistoryQuery extends BarSource {
  readonly model: string;
  readonly overrides?: readonly Override[];
}

/** A model's research portfolio over a whole stored history: a backtest. */
export interface HistoryPortfolio {
  readonly portfolio: ForecastPortfolio;
  readonly config: SystemConfig;
  /** For example `binance 5m`; says "simulated market" where it is. */
  readonly title: string;
  readonly barMs: number;
  /** First and last bar end of the portfolio. */
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/**
 * Runs a model's DAG over everything the store has of a market, at once, and evaluates its
 * forecasts. The trading period is the market's bar length.
 *
 * @throws ReckonError `bad-data` when the store lacks the market or holds too little of it
 */
export async function historyPortfolio(query: HistoryQuery): Promise<HistoryPortfolio> {
  const timeframe = canonicalTimeframe(query.timeframe);
  const barMs = parsePeriod(timeframe);
  const model = findModel(query.model);
  const bars = await readBars({...query, timeframe});
  const book = await readInstruments(query);
  const config = systemConfigOf(
    model,
    {runMode: "simulation", exchange: query.exchange, timeframe, instrumentIds: bars.symbols},
    [...tradingPeriod(barMs), ...(query.overrides ?? [])],
  );
  const dag = model.dag(config.dag_config, barMs);
  const output = runDag(dag, {market: marketPanel(bars)});
  const instruments = pickInstruments([...book.values()], bars.symbols);
  const portfolio = evaluatePanel(output, config, instruments);
  const {index} = portfolio.statistics;
  if (index.length === 0) {
    throw new ReckonError("bad-data", {
      place: `${query.exchange} ${timeframe}`,
      expected: "enough bars for the model's look-back",
      found: `${bars.symbols.length} instruments, but no bar with a forecast`,
    });
  }
  return {
    portfolio,
    config,
    title: marketTitle(query.exchange, timeframe),
    barMs,
    first: index[0] as number,
    last: index.at(-1) as number,
  };
}

/** What makes a model trade on bars of this length. */
export function tradingPeriod(barMs: number): Override[] {
  return [
    {path: ["dag_runner_config", "bar_duration_in_secs"], value: barMs / SECOND_MS, text: ""},
    {path: ["trading_period"], value: formatTimeframe(barMs), text: ""},
    {path: [...ORDER_CONFIG, "order_duration_in_mins"], value: barMs / MINUTE_MS, text: ""},
  ];
}
