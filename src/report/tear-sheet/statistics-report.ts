import type {Convention} from "../../stats/convention.js";
import {type Drawdown, drawdownTable} from "../../stats/drawdown/drawdown-table.js";
import {METRIC_GROUPS} from "../../stats/summary/metric.js";
import {spacingWarning} from "../../stats/summary/periods-of-dates.js";
import {type Statistic, summariseReturns} from "../../stats/summary/statistics.js";
import {type EpochMs, toIso} from "../../time/epoch.js";
import {formatCount, formatNumber, formatPercent, formatPValue, UNKNOWN} from "../number-text.js";
import {tableOfTexts} from "../sentence.js";
import type {ReturnSeries} from "./return-series.js";

/** How statistics are computed. */
export interface StatisticsOptions {
  /** Default 365. */
  readonly periodsPerYear?: number;
  /** Default `empyrical`. */
  readonly convention?: Convention;
  /** Annual, 0.02 for 2 %; default 0. */
  readonly riskFreeRate?: number;
  /** Of the bootstrap; default 1. */
  readonly seed?: number;
  /** Of the bootstrap; default 1,000. */
  readonly resamples?: number;
}

/** Every statistic of a series, its drawdowns, and what has to be said with them. */
export interface StatisticsReport {
  readonly series: ReturnSeries;
  readonly options: Required<StatisticsOptions>;
  readonly statistics: readonly Statistic[];
  readonly drawdowns: readonly Drawdown[];
  /** Mean block of the bootstrap, periods. */
  readonly blockLength: number;
  /** Calendar days from the first period to the last, both counted. */
  readonly days: number;
  /** What the numbers stand on and should not, in sentences. */
  readonly warnings: readonly string[];
}

/** Computes everything that `reckon stats` and the tear sheet say in numbers. */
export function statisticsReport(
  series: ReturnSeries,
  options: StatisticsOptions = {},
): StatisticsReport {
  const chosen = {
    periodsPerYear: 365,
    convention: "empyrical" as const,
    riskFreeRate: 0,
    seed: 1,
    resamples: 1_000,
    ...options,
  };
  const {index, returns, benchmark, isMoney} = series;
  const summary = summariseReturns({...chosen, index, returns, benchmark, isMoney});
  const {convention} = chosen;
  const drawdowns = isMoney ? [] : drawdownTable(index, returns, convention);
  const warning = spacingWarning(index, chosen.periodsPerYear);
  const warnings = warning === undefined ? [] : [warning];
  return {series, options: chosen, ...summary, drawdowns, warnings};
}

/** The report as one JSON document; what cannot be said is null. */
export function statisticsJson(report: StatisticsReport): object {
  const {series, options, statistics, drawdowns, days, blockLength} = report;
  const entries = statistics.map(({key, value, low, high, n, convention, unit, flag}) => [
    key,
    {
      value: orNull(value),
      low: orNull(low),
      high: orNull(high),
      n,
      convention,
      unit,
      ...(flag === undefined ? {} : {flag}),
    },
  ]);
  return {
    name: series.name,
    first: day(series.index[0] as number),
    last: day(series.index.at(-1) as number),
    periods: series.index.length,
    days,
    warnings: report.warnings,
    basis: {
      returns: series.basis,
      day_boundary: `00:00 ${series.zone}`,
      periods_per_year: options.periodsPerYear,
      risk_free_rate: options.riskFreeRate,
      convention: options.convention,
      benchmark: series.benchmarkName ?? null,
    },
    bootstrap: {
      method: "stationary block",
      confidence: 0.95,
      resamples: options.resamples,
      seed: options.seed,
      mean_block_length: blockLength,
    },
    statistics: Object.fromEntries(entries),
    drawdowns: drawdowns.map((one) => ({
      depth: one.depth,
      peak: dayOrNull(one.peak),
      start: day(one.start),
      valley: day(one.valley),
      end: day(one.end),
      recovery: dayOrNull(one.recovery),
      calendar_days: one.daysUnderWater,
      is_ongoing: one.isOngoing,
    })),
  };
}

/** The report as text: what it stands on, the statistics by group, the deepest drawdowns. */
export function statisticsText(report: StatisticsReport, shownDrawdowns = 5): string {
  const {series, drawdowns, warnings} = report;
  const parts = [
    `${series.name}: ${periodText(report)}\n${basisText(report)}\n`,
    ...warnings.map((warning) => `Warning: ${warning}\n`),
    statisticsTable(report),
  ];
  if (drawdowns.length > 0) {
    const shown = drawdowns.slice(0, shownDrawdowns);
    const all = formatCount(drawdowns.length, "drawdown");
    const count = shown.length < drawdowns.length ? `The ${shown.length} deepest of ${all}` : all;
    const rule = drawdownRule(report.options.convention);
    parts.push(`${count};\n${rule}\n\n${tableOfTexts(drawdownRows(shown)).text}\n`);
  }
  return parts.join("\n");
}

/** How drawdowns are counted, for below their table. */
export function drawdownRule(convention: Convention): string {
  const first = convention === "pyfolio" ? "the first period" : "the starting capital";
  return `days are calendar days under water, first and last counted; ${first} is a peak.`;
}

/** `2018-01-01 to 2020-12-31, 1,096 periods over 1,096 days`. */
export function periodText({series, days}: StatisticsReport): string {
  const {index} = series;
  const [from, to] = [day(index[0] as number), day(index.at(-1) as number)];
  const periods = `${formatCount(index.length, "period")} over ${formatCount(days, "day")}`;
  return `${from} to ${to}, ${periods}`;
}

/** All that numbers depend on, in sentences. */
export function basisText({series, options, blockLength}: StatisticsReport): string {
  const {periodsPerYear, riskFreeRate, convention, seed, resamples} = options;
  const rf = `risk-free rate ${formatPercent(100 * riskFreeRate)}`;
  const length = formatNumber(blockLength, 1);
  const {benchmarkName: name} = series;
  const against = name === undefined ? "no benchmark" : `benchmark ${name}`;
  return [
    `Basis: ${series.basis};`,
    `days begin at 00:00 ${series.zone}; ${periodsPerYear} periods a year; ${rf}; ${against};`,
    `convention ${convention}.`,
    `Intervals: 95 %, stationary block bootstrap, mean block of ${length} periods,`,
    `${formatNumber(resamples)} resamples, seed ${seed}.`,
  ].join("\n");
}

const HEADS = ["statistic", "name", "value", "95 % interval", "n", "convention"];

/** Every statistic in one table, under the names of their groups; why some have no value below. */
function statisticsTable({statistics}: StatisticsReport): string {
  const reasons = reasonsOf(statistics);
  const rows = METRIC_GROUPS.flatMap((group) => {
    const own = statistics.filter((one) => one.group === group);
    return own.length === 0 ? [] : [[], [group], ...own.map((one) => statisticRow(one, reasons))];
  });
  const notes = reasons.map((reason, i) => `[${i + 1}] ${reason}`);
  const table = tableOfTexts([HEADS, ...rows], 2).text;
  return `${[table, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n")}\n`;
}

/** Why statistics have no value, each reason once: a table refers to them by number. */
export function reasonsOf(statistics: readonly Statistic[]): string[] {
  const flags = statistics.flatMap(({flag}) => (flag === undefined ? [] : [flag]));
  return [...new Set(flags)];
}

/** What a table says of a statistic. */
export function statisticRow(one: Statistic, reasons: readonly string[]): string[] {
  const {label, key, n, convention, flag, value} = one;
  const said = Number.isFinite(value)
    ? formatStatistic(one)
    : `${UNKNOWN} [${reasons.indexOf(flag ?? "") + 1}]`;
  return [label, key, said, intervalText(one), formatNumber(n), convention];
}

/** Rows of a table of drawdowns, heads first. */
export function drawdownRows(drawdowns: readonly Drawdown[]): string[][] {
  const heads = ["depth", "peak", "under water since", "valley", "recovery", "days"];
  return [
    heads,
    ...drawdowns.map(({depth, peak, start, valley, recovery, daysUnderWater, isOngoing}) => [
      formatPercent(100 * depth),
      Number.isNaN(peak) ? "the start" : day(peak),
      day(start),
      day(valley),
      isOngoing ? "not yet" : day(recovery),
      `${formatNumber(daysUnderWater)}${isOngoing ? " so far" : ""}`,
    ]),
  ];
}

/** A value with its unit; its flag where it has no value. */
export function formatStatistic({key, value, unit, flag}: Statistic): string {
  if (key === "p_value" && Number.isFinite(value)) {
    return formatPValue(value, 3);
  }
  return Number.isFinite(value) ? formatValue(value, unit) : (flag ?? UNKNOWN);
}

/** `−0.37 to 1.88`; empty where there is none. */
export function intervalText({low, high, unit}: Statistic): string {
  return Number.isNaN(low) ? "" : `${formatValue(low, unit)} to ${formatValue(high, unit)}`;
}

/** From ten times on, hundredths of a percent say nothing. */
const MANIFOLD = 10;

function formatValue(value: number, unit: Statistic["unit"]): string {
  switch (unit) {
    case "fraction":
      return formatPercent(100 * value, Math.abs(value) < MANIFOLD ? 2 : 0);
    case "ratio":
      return formatNumber(value, 3);
    case "money":
      return formatNumber(value, 2);
    default:
      return formatNumber(value, Number.isInteger(value) ? 0 : 1);
  }
}

function day(time: EpochMs): string {
  return toIso(time).slice(0, 10);
}

function dayOrNull(time: EpochMs): string | null {
  return Number.isNaN(time) ? null : day(time);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
