import type {ConfigTree} from "../config/config-tree.js";
import type {RunFolder} from "../runlog/reading/run-folder.js";
import {type EpochMs, formatMinute, parseStamp, SECOND_MS} from "../time/epoch.js";
import {formatBps, formatCount, formatMoney, formatNumber} from "./number-text.js";
import {type Kpi, kpiRow, type Sentence} from "./sentence.js";

/** What a page says about a run before it shows any result. */
export interface RunFacts {
  readonly model: string;
  /** `prod`, `paper_trading` or `simulation`. */
  readonly runMode: string;
  /** For example `binance 5m`; says "simulated market" where it is. */
  readonly market: string;
  /** The run handles the bars that end in (start, end]; undefined when the folder does not say. */
  readonly start: EpochMs | undefined;
  readonly end: EpochMs | undefined;
  readonly barMs: number;
  /** The same as statistics take it: `5T` for five minutes. */
  readonly frequency: string;
  readonly instruments: number;
  /** Cash at the start, in settlement currency. */
  readonly capital: number;
  /** Gross market value aimed at; NaN where the sizing has no such target. */
  readonly targetGmv: number;
  readonly feeBps: number;
  readonly orderType: string;
  /** `done`, `failed`, `interrupted` or `running`; `unknown` without a run record. */
  readonly exitState: string;
  /** Peak memory of the process that ran it, bytes; NaN where not recorded. */
  readonly peakRssBytes: number;
}

/** The facts of a run folder; what it does not say is NaN, `unknown` or undefined. */
export function runFacts(run: Pick<RunFolder, "config" | "runRecord">): RunFacts {
  const config = run.config();
  const record = run.runRecord() ?? {};
  const style = at(config, `${SIZING}.style`);
  const exchange = text(at(config, "market_data_config.exchange"));
  const market = exchange === "simulated" ? "simulated market" : exchange;
  const ids = at(config, "market_data_config.asset_ids");
  return {
    model: text(at(config, "dag_builder_class")),
    runMode: text(at(config, "run_mode")),
    market: text(
      at(record, "market") ?? `${market} ${text(at(config, "market_data_config.timeframe"))}`,
    ),
    start: instant(at(record, "start_timestamp")),
    end: instant(at(record, "end_timestamp")),
    barMs: number(at(config, BAR_SECONDS)) * SECOND_MS,
    frequency: frequencyOf(number(at(config, BAR_SECONDS))),
    instruments: Array.isArray(ids) ? ids.length : 0,
    capital: number(at(config, "portfolio_config.initial_cash")),
    targetGmv:
      style === "cross_sectional" ? number(at(config, `${SIZING}.kwargs.target_gmv`)) : Number.NaN,
    feeBps: number(at(config, "portfolio_config.broker_config.fee_bps")),
    orderType: text(at(config, `${PROCESSING}.order_config.order_type`)),
    exitState: text(at(record, "exit_state")),
    peakRssBytes: number(at(record, "volatile.peak_rss_bytes")),
  };
}

/** The facts as headline figures, with the bars that were recorded. */
export function factsRow(facts: RunFacts, bars: number): Sentence {
  return kpiRow([
    {label: "Model", value: facts.model},
    {label: "Run mode", value: facts.runMode.replaceAll("_", " ")},
    {label: "Market", value: facts.market, note: formatCount(facts.instruments, "instrument")},
    {label: "Bars recorded", value: formatNumber(bars), note: intervalText(facts)},
    {label: "Capital", value: formatMoney(facts.capital), note: "cash at the start"},
    targetKpi(facts),
    {label: "Fee", value: formatBps(facts.feeBps, 1), note: "of the value traded"},
    {label: "Order type", value: facts.orderType},
  ]);
}

/** `2025-09-01 00:00 to 2025-09-02 00:00 UTC`, or that it is not known. */
export function intervalText({start, end}: Pick<RunFacts, "start" | "end">): string {
  return start === undefined || end === undefined
    ? "interval not recorded"
    : `${formatMinute(start)} to ${formatMinute(end)} UTC`;
}

/** The run mode as the subject of a sentence. */
export function runModeName(runMode: string): string {
  const names = new Map([
    ["prod", "Production"],
    ["paper_trading", "Paper trading"],
    ["simulation", "The simulation"],
  ]);
  return names.get(runMode) ?? "The recorded run";
}

const BAR_SECONDS = "dag_runner_config.bar_duration_in_secs";
const PROCESSING = "process_forecasts_node_dict.process_forecasts_dict";
const SIZING = `${PROCESSING}.optimizer_config.params`;

function targetKpi({targetGmv}: RunFacts): Kpi {
  return Number.isNaN(targetGmv)
    ? {label: "Target GMV", value: "none", note: "sized by risk per name"}
    : {label: "Target GMV", value: formatMoney(targetGmv), note: "gross market value"};
}

function frequencyOf(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}T` : `${seconds}S`;
}

/** The value at a path of keys joined by dots; undefined where there is none. */
function at(tree: ConfigTree, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);
}

function text(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : "unknown";
}

function number(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

function instant(value: unknown): EpochMs | undefined {
  return typeof value === "string" ? parseStamp(value, "run.json") : undefined;
}
