import {ReckonError} from "../../errors.js";
import {METRIC_GROUPS} from "../../stats/summary/metric.js";
import type {Statistic} from "../../stats/summary/statistics.js";
import {
  joinSentences,
  type Kpi,
  kpiRow,
  note,
  type Sentence,
  tableOfTexts,
  verdictBox,
} from "../sentence.js";
import {type Holdings, readPositions, readTrades} from "./read-holdings.js";
import {loadReturns, type ReturnsQuery} from "./return-series.js";
import {
  basisText,
  formatStatistic,
  intervalText,
  periodText,
  reasonsOf,
  type StatisticsOptions,
  type StatisticsReport,
  statisticRow,
  statisticsJson,
  statisticsReport,
} from "./statistics-report.js";

/** Everything a tear sheet is made of; texts that are empty and amounts of 0 count as not given. */
export interface TearSheetQuery extends StatisticsOptions {
  readonly returnsPath: string;
  readonly benchmarkPath?: string;
  /** A csv of market values: a date, then a column for each position, and `cash`. */
  readonly positionsPath?: string;
  /** A csv of `date,symbol,amount,price`. */
  readonly tradesPath?: string;
  readonly zone?: string;
  readonly capital?: number;
  readonly gmv?: number;
}

/** What a page shows. */
export interface TearSheet extends StatisticsReport, Holdings {}

/**
 * Reads the files of a tear sheet and computes its numbers.
 *
 * @throws ReckonError as {@link loadReturns}; `misuse` for PnL without capital and without GMV
 */
export function loadTearSheet(query: TearSheetQuery): TearSheet {
  const {returnsPath, benchmarkPath, positionsPath, tradesPath, zone, ...rest} = query;
  const {capital, gmv, ...options} = rest;
  const request: ReturnsQuery = {
    path: returnsPath,
    benchmarkPath: benchmarkPath || undefined,
    zone: zone || undefined,
    capital: capital || undefined,
    gmv: gmv || undefined,
  };
  const series = loadReturns(request);
  if (series.isMoney) {
    throw new ReckonError("misuse", {
      place: returnsPath,
      expected: "returns, or PnL with the capital it was earned with",
      found: "PnL alone",
      fix: "give the parameter capital or gmv",
    });
  }
  return {
    ...statisticsReport(series, options),
    positions: positionsPath ? readPositions(positionsPath, zone || "UTC") : undefined,
    trades: tradesPath ? readTrades(tradesPath, zone || "UTC") : undefined,
  };
}

const KPIS: readonly [key: string, label: string][] = [
  ["cum_returns_final", "Total return"],
  ["cagr", "Annual growth"],
  ["annual_volatility", "Annual volatility"],
  ["sharpe_ratio", "Sharpe ratio"],
  ["sortino_ratio", "Sortino ratio"],
  ["calmar_ratio", "Calmar ratio"],
  ["max_drawdown", "Largest drawdown"],
  ["value_at_risk", "Value at risk, 5 %"],
];

/** The headline numbers with their intervals, and what they stand on. */
export function tearSheetHeadline(sheet: StatisticsReport): Sentence {
  const byKey = new Map(sheet.statistics.map((one) => [one.key, one]));
  const kpis = KPIS.map(([key, label]): Kpi => {
    const one = byKey.get(key) as Statistic;
    const interval = intervalText(one);
    return {
      label,
      value: Number.isFinite(one.value) ? formatStatistic(one) : "n/a",
      note: interval === "" ? (one.flag ?? "") : `95 %: ${interval}`,
    };
  });
  const basis = basisText(sheet).replaceAll("\n", " ");
  const warnings = sheet.warnings.map((warning) => verdictBox("differs", "Warning:", warning));
  return joinSentences(...warnings, kpiRow(kpis), note(`${periodText(sheet)}. ${basis}`));
}

/** Every statistic in tables by group, side by side with its interval, n and convention. */
export function statisticsView({statistics}: StatisticsReport): Sentence {
  const heads = ["name", "value", "95 % interval", "n", "convention"];
  const reasons = reasonsOf(statistics);
  const tables = METRIC_GROUPS.map((group) => {
    const own = statistics.filter((one) => one.group === group);
    const rows = own.map((one) => statisticRow(one, reasons));
    return rows.length === 0 ? undefined : tableOfTexts([[group, ...heads], ...rows], 2);
  });
  const notes = reasons.map((reason, i) => note(`[${i + 1}] ${reason}`));
  return joinSentences(...tables.filter((table) => table !== undefined), ...notes);
}

/** The numbers as data, as `reckon stats --json` prints them. */
export function tearSheetSummary(sheet: StatisticsReport): object {
  return statisticsJson(sheet);
}
