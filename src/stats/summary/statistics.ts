import type {Column} from "../../table/frame.js";
import {DAY_MS} from "../../time/epoch.js";
import {type BootstrapOptions, bootstrapIntervals} from "../bootstrap/intervals.js";
import type {Convention} from "../convention.js";
import {countKnown} from "../distribution/moments.js";
import type {Metric, MetricInputs, MetricUnit} from "./metric.js";
import {METRICS} from "./metrics.js";
import {SampleFacts} from "./sample-facts.js";

/** Histories shorter than this are not blown up to a year. */
export const SHORTEST_ANNUALISED_DAYS = 90;

/**
 * What stands in the place of a figure that would be blown up to a year: `not shown: fewer than 90
 * days`, however many there are. Undefined for a history that is long enough.
 *
 * @param days from the beginning of the first period to the end of the last, fractions too
 */
export function shortHistoryFlag(days: number): string | undefined {
  return days >= SHORTEST_ANNUALISED_DAYS
    ? undefined
    : `not shown: fewer than ${SHORTEST_ANNUALISED_DAYS} days`;
}

/** One number of a summary, with all that has to be said with it. */
export interface Statistic {
  readonly key: string;
  readonly label: string;
  readonly group: Metric["group"];
  readonly unit: MetricUnit;
  readonly isHeadline: boolean;
  /** NaN where it cannot be said; `flag` says why. */
  readonly value: number;
  /** Bootstrap interval; NaN where the statistic has none. */
  readonly low: number;
  readonly high: number;
  /** Periods it stands on. */
  readonly n: number;
  readonly convention: Convention;
  readonly flag?: string;
}

/** Every statistic of a series, and the bootstrap they share. */
export interface StatisticsSummary {
  readonly statistics: readonly Statistic[];
  /** Mean block length, in periods. */
  readonly blockLength: number;
  /** Calendar days from the first to the last period, both counted. */
  readonly days: number;
}

/** A series and how it is to be read. */
export interface StatisticsRequest extends BootstrapOptions {
  readonly index: Column;
  /** Simple returns per period, none missing; money where `isMoney`. */
  readonly returns: Column;
  /** 365 where trading never stops, 252 or 261 for business days. */
  readonly periodsPerYear: number;
  /** Default `empyrical`. */
  readonly convention?: Convention;
  /** Annual risk-free rate, 0.02 for 2 %; default 0. */
  readonly riskFreeRate?: number;
  /** The benchmark's returns in the same periods, NaN where it has none. */
  readonly benchmark?: Column | undefined;
  /** The returns are PnL of an account whose capital is not known. */
  readonly isMoney?: boolean;
}

/**
 * More than sixty statistics of a series, under the names of empyrical and quantstats.
 *
 * Headline numbers have a bootstrap interval. A history of fewer than
 * {@link SHORTEST_ANNUALISED_DAYS} days has a flag instead of annualised figures, and PnL without
 * capital instead of those that need returns. A name that the convention lacks follows the first
 * library that has it.
 */
export function summariseReturns(request: StatisticsRequest): StatisticsSummary {
  const {convention = "empyrical", index, returns, benchmark, isMoney = false} = request;
  const days = returns.length === 0 ? 0 : daysOf(index);
  const wanted = METRICS.filter((metric) => benchmark !== undefined || !metric.needsBenchmark);
  const followed = wanted.map((metric) => conventionOf(metric, convention));
  const flags = wanted.map((metric, i) =>
    flagOf(metric, {days, isMoney, convention: followed[i] as Convention}),
  );
  const inputsOf = inputsFor(request);
  // The growth rate has two names, and is resampled once.
  const headline = wanted.filter(
    ({isHeadline, of}, i) =>
      isHeadline && flags[i] === undefined && wanted.findIndex((other) => other.of === of) === i,
  );
  const {intervals, blockLength} = bootstrapIntervals(
    benchmark === undefined ? [returns] : [returns, benchmark],
    (columns) => {
      const inputs = inputsOf(columns);
      return headline.map((metric) => metric.of(inputs(conventionOf(metric, convention))));
    },
    request,
  );
  const whole = inputsOf(benchmark === undefined ? [returns] : [returns, benchmark]);
  const paired = benchmark === undefined ? 0 : countKnown(benchmark);
  const statistics = wanted.map((metric, i): Statistic => {
    const follows = followed[i] as Convention;
    const flag = flags[i];
    const at = headline.findIndex(({of}) => of === metric.of);
    const value = flag === undefined ? metric.of(whole(follows)) : Number.NaN;
    return {
      key: metric.key,
      label: metric.label,
      group: metric.group,
      unit: isMoney && metric.unit === "fraction" && !isShare(metric) ? "money" : metric.unit,
      isHeadline: metric.isHeadline ?? false,
      value,
      low: intervals[at]?.low ?? Number.NaN,
      high: intervals[at]?.high ?? Number.NaN,
      n: metric.needsBenchmark ? paired : returns.length,
      convention: follows,
      ...said(flag, value),
    };
  });
  return {statistics, blockLength, days};
}

/** Resampled columns have the dates of the original. */
function inputsFor(request: StatisticsRequest) {
  const {index, periodsPerYear, riskFreeRate = 0, isMoney = false} = request;
  const riskFree = riskFreeRate === 0 ? 0 : (1 + riskFreeRate) ** (1 / periodsPerYear) - 1;
  return (columns: readonly Column[]) => {
    const [returns, benchmark] = columns as [Column, Column?];
    const facts = new SampleFacts(returns, benchmark);
    const shared = {index, returns, benchmark, periodsPerYear, riskFree, facts, isMoney};
    return (convention: Convention): MetricInputs => ({...shared, convention});
  };
}

function daysOf(index: Column): number {
  return Math.round(((index.at(-1) as number) - (index[0] as number)) / DAY_MS) + 1;
}

function conventionOf({libraries}: Metric, wanted: Convention): Convention {
  return libraries.includes(wanted) ? wanted : (libraries[0] as Convention);
}

function flagOf(
  {needsCapital, isAnnualised = false}: Metric,
  {days, isMoney, convention}: {days: number; isMoney: boolean; convention: Convention},
): string | undefined {
  if (isMoney && needsCapital) {
    return "needs returns: give --capital or --gmv";
  }
  const growsWithTheYear =
    typeof isAnnualised === "boolean" ? isAnnualised : isAnnualised.includes(convention);
  return growsWithTheYear ? shortHistoryFlag(days) : undefined;
}

/** Shares of periods and probabilities, which money does not change. */
function isShare({key}: Metric): boolean {
  return /^win_rate|^exposure$|^probabilistic|^kelly|^risk_of_ruin$/.test(key);
}

function said(flag: string | undefined, value: number): {flag?: string} {
  if (flag !== undefined) {
    return {flag};
  }
  return Number.isFinite(value) ? {} : {flag: Number.isNaN(value) ? "not defined" : "infinite"};
}
