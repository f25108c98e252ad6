import type {HistoryPortfolio} from "../../backtest/history-portfolio.js";
import type {PnlHistory} from "../../backtest/pnl-history/pnl-history.js";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {columnOf, countUpTo, type Frame} from "../../table/frame.js";
import {type EpochMs, HOUR_MS, MINUTE_MS, utcYear} from "../../time/epoch.js";
import {formatGain} from "../number-text.js";
import type {RecordedRun} from "../recorded-run.js";
import {runModeName} from "../run-facts.js";

/** Net PnL over time, and what has to be said wherever it is shown. */
export interface PnlSeries {
  /** Part of a file name: `since_2025`, `last_24hours`. */
  readonly name: string;
  readonly title: string;
  /** Said below the title beside the fee and the capital; empty for nothing. */
  readonly remark: string;
  /** Bar ends (epoch ms). */
  readonly index: Float64Array;
  /** Per bar, after fees, in settlement currency. */
  readonly netPnl: Float64Array;
  /** Gross market value at bar ends; NaN where it is not known, or nothing was held yet. */
  readonly gmv: Float64Array;
  readonly capital: number;
  readonly feeBps: number;
  /** Gross market value aimed at; NaN where the sizing has no such target. */
  readonly targetGmv: number;
  readonly model: string;
  /** For example `binance 5m`; says "simulated market" where it is. */
  readonly market: string;
  /** How it came about: `backtest`, `paper trading`, `production`, `simulation`. */
  readonly origin: string;
  /** Length of the bars; of a joined series, of those of the history. */
  readonly barMs: number;
  /** Where live PnL begins, when what is before came about in another way. */
  readonly joint?: EpochMs | undefined;
  /** How what is behind the joint came about. */
  readonly liveOrigin?: string | undefined;
}

/** The whole history of a model's research portfolio. */
export function historySeries({portfolio, config, title, barMs}: HistoryPortfolio): PnlSeries {
  return {
    name: "history",
    title: "Cumulative net PnL",
    remark: "",
    ...moneyOf(portfolio.statistics),
    capital: config.portfolio_config.initial_cash,
    feeBps: config.portfolio_config.broker_config.fee_bps,
    targetGmv: targetGmvOf(config),
    model: config.dag_builder_class,
    market: title,
    origin: "backtest",
    barMs,
  };
}

/** What is known of the maker of a history that is a file: files hold money and times only. */
export type HistoryMaker = Pick<PnlSeries, "model" | "market" | "capital">;

/** A history from a file: fee and target are not known, money is net. */
export function fileSeries(history: PnlHistory, maker: HistoryMaker): PnlSeries {
  return {
    name: "history",
    title: "Cumulative net PnL",
    remark: "",
    index: history.index,
    netPnl: history.netPnl,
    gmv: history.gmv,
    feeBps: Number.NaN,
    targetGmv: Number.NaN,
    ...maker,
    origin: "backtest",
    barMs: history.barMs,
  };
}

/** Sizing by risk per name aims at no GMV, and one that changes over time at no single one. */
function targetGmvOf({process_forecasts_node_dict: node}: HistoryPortfolio["config"]): number {
  const {style, kwargs} = node.process_forecasts_dict.optimizer_config.params;
  const {target_gmv: gmv} = kwargs;
  return style === "cross_sectional" && typeof gmv === "number" ? gmv : Number.NaN;
}

/** Everything a run has earned so far. */
export function runSeries({facts, portfolio}: Pick<RecordedRun, "facts" | "portfolio">): PnlSeries {
  return {
    name: "run",
    title: "Cumulative net PnL of the run",
    remark: "",
    ...withoutFlatStart(moneyOf(portfolio.statistics)),
    capital: facts.capital,
    feeBps: facts.feeBps,
    targetGmv: facts.targetGmv,
    model: facts.model,
    market: facts.market.includes("unknown") ? "" : facts.market,
    origin: runModeName(facts.runMode).replace(/^The /, "").toLowerCase(),
    barMs: facts.barMs,
  };
}

/** The years that a series has bars of, in order; a bar that ends at New Year ends the old one. */
export function yearsOf({index}: PnlSeries): number[] {
  return [...new Set(Array.from(index, (time) => utcYear(time - 1)))];
}

/** From the first bar of a calendar year (UTC) on; the first year is the inception. */
export function sinceYear(series: PnlSeries, year: number): PnlSeries {
  const isInception = year <= (yearsOf(series)[0] ?? year);
  return {
    ...after(series, Date.UTC(year, 0, 1)),
    name: `since_${year}`,
    title: `Cumulative net PnL since ${isInception ? `inception (${year})` : year}`,
  };
}

/** The bars that end by an instant. */
export function upTo(series: PnlSeries, end: EpochMs): PnlSeries {
  return rows(series, 0, countUpTo(series.index, end));
}

/** The last hours up to the last bar. */
export function lastHours(series: PnlSeries, hours: number): PnlSeries {
  const end = series.index.at(-1) ?? 0;
  return {
    ...after(series, end - hours * HOUR_MS),
    name: `last_${hours}hours`,
    title: `Cumulative net PnL, last ${hours} hours`,
  };
}

/** The last minutes up to the last bar, or the last bar where bars are longer. */
export function lastMinutes(series: PnlSeries, minutes: number): PnlSeries {
  const {index, barMs} = series;
  const [before, end = 0] = index.slice(-2);
  const barSpan = barMs > 0 ? barMs : end - (before ?? end);
  const isOneBar = barSpan > minutes * MINUTE_MS;
  const total = totalOf(series.netPnl);
  return {
    ...after(series, end - (isOneBar ? barSpan : minutes * MINUTE_MS)),
    name: `last_${minutes}minutes`,
    title: `Cumulative net PnL, ${isOneBar ? "last bar" : `last ${minutes} minutes`}`,
    remark: Number.isNaN(total) ? "" : `the run so far ${formatGain(total)}`,
  };
}

/**
 * What a run's own picture shows: its last 24 hours when it is that long, to the hour; else its
 * last 5 minutes.
 */
export function liveWindow(series: PnlSeries): PnlSeries {
  const span = (series.index.at(-1) ?? 0) - (series.index[0] ?? 0);
  return Math.round(span / HOUR_MS) === 24 ? lastHours(series, 24) : lastMinutes(series, 5);
}

/** Σ of the known values; NaN when there is none. */
export function totalOf(pnl: Float64Array): number {
  const known = pnl.filter((x) => !Number.isNaN(x));
  return known.length === 0 ? Number.NaN : known.reduce((sum, x) => sum + x, 0);
}

/** The bars that end after an instant; behind the joint, all is live. */
function after(series: PnlSeries, start: EpochMs): PnlSeries {
  const {joint, liveOrigin, origin} = series;
  const isLive = joint !== undefined && joint <= start;
  return {
    ...rows(series, countUpTo(series.index, start), series.index.length),
    ...(isLive ? {joint: undefined, origin: liveOrigin ?? origin} : {}),
  };
}

function rows(series: PnlSeries, from: number, to: number): PnlSeries {
  return {
    ...series,
    index: series.index.subarray(from, to),
    netPnl: series.netPnl.subarray(from, to),
    gmv: series.gmv.subarray(from, to),
  };
}

/** A run holds nothing until its first orders are filled: that is no fall of what it holds. */
function withoutFlatStart<T extends Pick<PnlSeries, "gmv">>(money: T): T {
  const held = money.gmv.findIndex((gmv) => gmv > 0);
  const gmv = money.gmv.map((x, t) => (t < held ? Number.NaN : x));
  return {...money, gmv};
}

function moneyOf(statistics: Frame): Pick<PnlSeries, "index" | "netPnl" | "gmv"> {
  return statistics.index.length === 0
    ? {index: new Float64Array(), netPnl: new Float64Array(), gmv: new Float64Array()}
    : {index: statistics.index, netPnl: netPnl(statistics), gmv: columnOf(statistics, "gmv")};
}
