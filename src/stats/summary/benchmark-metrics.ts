import {
  battingAverage,
  informationRatio,
  trackingError,
  treynorRatio,
} from "../benchmark/active-return.js";
import {alpha} from "../benchmark/alpha-beta.js";
import {capture} from "../benchmark/capture.js";
import {DOWN, type PairedReturns, pairReturns, UP} from "../benchmark/paired.js";
import {correlation} from "../comparison/correlation.js";
import type {Metric, MetricInputs} from "./metric.js";

const EMPYRICAL = ["empyrical", "pyfolio", "nautilus", "reckon"] as const;

const pairs = (
  {returns, benchmark = new Float64Array(returns.length)}: MetricInputs,
  keep?: (benchmark: number) => boolean,
): PairedReturns => pairReturns(returns, benchmark, keep);

const captured = (x: MetricInputs, keep: (benchmark: number) => boolean): number =>
  capture(pairs(x, keep), x.periodsPerYear);

type Row = Pick<Metric, "key" | "label" | "of"> & Partial<Metric>;

const ROWS: readonly Row[] = [
  {
    key: "alpha",
    label: "Alpha, annual",
    unit: "fraction",
    isAnnualised: true,
    isHeadline: true,
    of: (x) => alpha(x.facts.line, x.periodsPerYear, x.riskFree),
  },
  {key: "beta", label: "Beta", isHeadline: true, of: ({facts}) => facts.line.beta},
  {
    key: "correlation",
    label: "Correlation",
    of: ({returns, benchmark = returns}) => correlation(returns, benchmark),
  },
  {
    key: "r_squared",
    label: "R²",
    libraries: ["quantstats", "reckon"],
    of: ({returns, benchmark = returns}) => correlation(returns, benchmark) ** 2,
  },
  {
    key: "information_ratio",
    label: "Information ratio",
    libraries: ["quantstats", "nautilus", "empyrical", "reckon"],
    isAnnualised: ["nautilus"],
    of: (x) => informationRatio(pairs(x), x.periodsPerYear, x.convention),
  },
  {
    key: "tracking_error",
    label: "Tracking error, annual",
    unit: "fraction",
    libraries: ["nautilus", "reckon"],
    isAnnualised: true,
    of: (x) => trackingError(pairs(x), x.periodsPerYear),
  },
  {
    key: "treynor_ratio",
    label: "Treynor ratio",
    libraries: ["reckon", "quantstats", "nautilus"],
    isAnnualised: true,
    of: ({riskFree, convention, ...x}) =>
      treynorRatio(pairs({...x, riskFree, convention}), x.periodsPerYear, {riskFree, convention}),
  },
  {
    key: "up_capture",
    label: "Up capture",
    isAnnualised: true,
    of: (x) => captured(x, UP),
  },
  {
    key: "down_capture",
    label: "Down capture",
    isAnnualised: true,
    of: (x) => captured(x, DOWN),
  },
  {
    key: "up_down_capture",
    label: "Up capture over down capture",
    isAnnualised: true,
    of: (x) => captured(x, UP) / captured(x, DOWN),
  },
  {
    key: "batting_average",
    label: "Share of periods ahead of the benchmark",
    unit: "fraction",
    of: (x) => battingAverage(pairs(x)),
  },
];

/** How it stands against a benchmark. */
export const BENCHMARK_METRICS: readonly Metric[] = ROWS.map((row) => ({
  unit: "ratio",
  libraries: EMPYRICAL,
  needsCapital: true,
  ...row,
  needsBenchmark: true,
  group: "Against the benchmark",
}));
