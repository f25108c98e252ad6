import type {Column} from "../../table/frame.js";
import {tTestOfZeroMean} from "../distribution/t-test.js";
import {calmarRatio} from "../performance/calmar-ratio.js";
import {kRatio} from "../performance/k-ratio.js";
import {omegaRatio} from "../performance/omega-ratio.js";
import {
  autocorrelationPenalty,
  probabilisticSharpeRatio,
} from "../performance/probabilistic-sharpe.js";
import {sharpeRatio, sharpeRatioStandardError} from "../performance/sharpe-ratio.js";
import {sortinoRatio} from "../performance/sortino-ratio.js";
import {stabilityOfTimeseries} from "../performance/stability.js";
import {annualReturn} from "../performance/total-return.js";
import {tailRatio} from "../risk/tail-ratio.js";
import {recoveryFactor, serenityIndex, ulcerPerformanceIndex} from "../risk/ulcer-index.js";
import {
  exposure,
  gainToPainRatio,
  kellyCriterion,
  payoffRatio,
  profitFactor,
  winRate,
} from "../trades/win-loss.js";
import type {Metric, MetricInputs} from "./metric.js";

const QUANTSTATS = ["quantstats", "reckon"] as const;
const ALL = ["reckon", "empyrical", "quantstats", "pyfolio", "nautilus", "ffn"] as const;

/** Returns less the risk-free rate; the same array where that is 0. */
export function excessOf({returns, riskFree}: MetricInputs): Column {
  return riskFree === 0 ? returns : returns.map((r) => r - riskFree);
}

const sharpe = (x: MetricInputs): number =>
  sharpeRatio(x.riskFree === 0 ? x.facts.moments : excessOf(x), x.periodsPerYear, x.convention);
const sortino = (x: MetricInputs): number =>
  sortinoRatio(excessOf(x), x.periodsPerYear, x.convention);

type Row = Omit<Metric, "group" | "unit" | "libraries"> & Partial<Metric>;

const ROWS: readonly Row[] = [
  {
    key: "sharpe_ratio",
    label: "Sharpe ratio",
    libraries: ALL,
    isAnnualised: true,
    isHeadline: true,
    of: sharpe,
  },
  {
    key: "sharpe_ratio_standard_error",
    label: "Sharpe ratio, standard error",
    libraries: ["reckon"],
    isAnnualised: true,
    of: (x) => sharpeRatioStandardError(excessOf(x), x.periodsPerYear),
  },
  {
    key: "smart_sharpe",
    label: "Smart Sharpe ratio",
    isAnnualised: true,
    of: (x) => sharpe(x) / autocorrelationPenalty(x.returns),
  },
  {
    key: "probabilistic_sharpe_ratio",
    label: "Probability of a Sharpe ratio above 0",
    unit: "fraction",
    libraries: ["reckon", "quantstats"],
    of: (x) =>
      probabilisticSharpeRatio(
        excessOf(x),
        0,
        x.convention === "quantstats" ? "quantstats" : "reckon",
      ),
  },
  {
    key: "sortino_ratio",
    label: "Sortino ratio",
    libraries: ALL,
    isAnnualised: true,
    isHeadline: true,
    of: sortino,
  },
  {
    key: "smart_sortino",
    label: "Smart Sortino ratio",
    isAnnualised: true,
    of: (x) => sortino(x) / autocorrelationPenalty(x.returns),
  },
  {
    key: "adjusted_sortino",
    label: "Adjusted Sortino ratio",
    isAnnualised: true,
    of: (x) => sortino(x) / Math.SQRT2,
  },
  {
    key: "calmar_ratio",
    label: "Calmar ratio",
    libraries: ALL,
    isAnnualised: true,
    isHeadline: true,
    needsCapital: true,
    of: ({returns, periodsPerYear, convention}) =>
      calmarRatio(returns, periodsPerYear, {convention}),
  },
  {
    key: "omega_ratio",
    label: "Omega ratio",
    libraries: ["reckon", "empyrical", "quantstats", "pyfolio"],
    isHeadline: true,
    of: (x) => omegaRatio(excessOf(x)),
  },
  {
    key: "gain_to_pain_ratio",
    label: "Gain-to-pain ratio",
    of: ({returns}) => gainToPainRatio(returns),
  },
  {
    key: "ulcer_performance_index",
    label: "Ulcer performance index",
    libraries: ["reckon", "quantstats"],
    isAnnualised: true,
    needsCapital: true,
    of: (x) => ulcerPerformanceIndex(x.returns, x.periodsPerYear, x.convention),
  },
  {
    key: "serenity_index",
    label: "Serenity index",
    needsCapital: true,
    of: ({returns}) => serenityIndex(returns),
  },
  {
    key: "recovery_factor",
    label: "Recovery factor",
    needsCapital: true,
    of: ({returns}) => recoveryFactor(returns),
  },
  {
    key: "risk_return_ratio",
    label: "Mean over deviation, per period",
    libraries: ["quantstats", "nautilus", "reckon"],
    of: ({returns}) => sharpeRatio(returns, 1),
  },
  {
    key: "common_sense_ratio",
    label: "Common sense ratio",
    of: ({returns}) => profitFactor(returns) * tailRatio(returns),
  },
  {
    key: "cpc_index",
    label: "CPC index",
    of: ({returns}) => profitFactor(returns) * winRate(returns) * payoffRatio(returns),
  },
  {
    key: "kelly_criterion",
    label: "Kelly criterion",
    unit: "fraction",
    of: ({returns}) => kellyCriterion(returns),
  },
  {
    key: "stability_of_timeseries",
    label: "Stability, R² of log wealth",
    libraries: ["empyrical", "pyfolio", "reckon"],
    needsCapital: true,
    of: ({returns}) => stabilityOfTimeseries(returns),
  },
  {
    key: "k_ratio",
    label: "K-ratio",
    libraries: ["reckon"],
    isAnnualised: true,
    of: ({returns, periodsPerYear}) => kRatio(returns, periodsPerYear),
  },
  {
    key: "t_statistic",
    label: "t statistic of a zero mean",
    libraries: ["reckon"],
    of: ({returns}) => tTestOfZeroMean(returns).tval,
  },
  {
    key: "p_value",
    label: "p-value of a zero mean",
    libraries: ["reckon"],
    of: ({returns}) => tTestOfZeroMean(returns).pval,
  },
  {
    key: "rar",
    label: "Annual return over exposure",
    unit: "fraction",
    isAnnualised: true,
    needsCapital: true,
    of: ({returns, periodsPerYear}) => annualReturn(returns, periodsPerYear) / exposure(returns),
  },
];

/** What was earned for the risk taken. */
export const RATIO_METRICS: readonly Metric[] = ROWS.map((row) => ({
  unit: "ratio",
  libraries: QUANTSTATS,
  ...row,
  group: "Risk-adjusted",
}));
