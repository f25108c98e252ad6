import type {Column} from "../../table/frame.js";
import {mean, stdev} from "../distribution/moments.js";
import {kurtosis, skew} from "../distribution/shape.js";
import {type Drawdown, drawdownTable} from "../drawdown/drawdown-table.js";
import {maxMoneyDrawdown} from "../drawdown/money-drawdown.js";
import {maxDrawdown, percentDrawdown} from "../drawdown/percent-drawdown.js";
import {autocorrelation} from "../performance/probabilistic-sharpe.js";
import {downsideRisk} from "../performance/sortino-ratio.js";
import {type GpdRisk, gpdRisk} from "../risk/gpd-risk.js";
import {outlierLossRatio, outlierWinRatio, tailRatio} from "../risk/tail-ratio.js";
import {ulcerIndex} from "../risk/ulcer-index.js";
import {conditionalValueAtRisk, valueAtRisk} from "../risk/value-at-risk.js";
import {periodReturns} from "../series/period-returns.js";
import * as trades from "../trades/win-loss.js";
import type {Metric, MetricInputs} from "./metric.js";
import {excessOf} from "./ratio-metrics.js";

const QUANTSTATS = ["quantstats", "reckon"] as const;
const ALL = ["reckon", "empyrical", "quantstats", "pyfolio", "nautilus", "ffn"] as const;
const CUTOFF = 0.05;

/** NaN where no tail could be fitted, of which the library says 0: no risk is another thing. */
function fittedGpd(returns: Column): Pick<GpdRisk, "valueAtRisk" | "expectedShortfall"> {
  const found = gpdRisk(returns);
  return found.scale > 0 ? found : {valueAtRisk: Number.NaN, expectedShortfall: Number.NaN};
}

type Row = Omit<Metric, "group" | "unit" | "libraries"> & Partial<Metric>;

const RISK: readonly Row[] = [
  {
    key: "annual_volatility",
    label: "Annual volatility",
    unit: "fraction",
    libraries: ALL,
    isAnnualised: true,
    isHeadline: true,
    of: ({facts, periodsPerYear}) => stdev(facts.moments) * Math.sqrt(periodsPerYear),
  },
  {
    key: "downside_risk",
    label: "Annual downside deviation",
    unit: "fraction",
    libraries: ["empyrical", "pyfolio", "reckon"],
    isAnnualised: true,
    of: (x) => downsideRisk(excessOf(x), x.periodsPerYear),
  },
  {
    key: "value_at_risk",
    label: "Value at risk, 5 %",
    unit: "fraction",
    libraries: ALL,
    isHeadline: true,
    of: ({facts, convention}) => valueAtRisk(facts.ordered, CUTOFF, convention),
  },
  {
    key: "conditional_value_at_risk",
    label: "Expected shortfall, 5 %",
    unit: "fraction",
    libraries: ALL,
    isHeadline: true,
    of: ({facts, convention}) => conditionalValueAtRisk(facts.ordered, CUTOFF, convention),
  },
  {
    key: "gpd_value_at_risk",
    label: "Pareto-tail value at risk, 1 % of losses",
    unit: "fraction",
    libraries: ["empyrical"],
    needsCapital: true,
    of: ({returns}) => -fittedGpd(returns).valueAtRisk,
  },
  {
    key: "gpd_expected_shortfall",
    label: "Pareto-tail expected shortfall",
    unit: "fraction",
    libraries: ["empyrical"],
    needsCapital: true,
    of: ({returns}) => -fittedGpd(returns).expectedShortfall,
  },
  {
    key: "tail_ratio",
    label: "Tail ratio",
    libraries: ["reckon", "empyrical", "quantstats", "pyfolio"],
    isHeadline: true,
    of: ({facts}) => tailRatio(facts.ordered),
  },
  {
    key: "skew",
    label: "Skew",
    libraries: ["reckon", "quantstats"],
    of: ({returns}) => skew(returns),
  },
  {
    key: "kurtosis",
    label: "Excess kurtosis",
    libraries: ["reckon", "quantstats"],
    of: ({returns}) => kurtosis(returns),
  },
  {
    key: "outlier_win_ratio",
    label: "Outlier win ratio",
    of: ({returns}) => outlierWinRatio(returns),
  },
  {
    key: "outlier_loss_ratio",
    label: "Outlier loss ratio",
    of: ({returns}) => outlierLossRatio(returns),
  },
  {
    key: "autocorrelation",
    label: "Autocorrelation at lag 1",
    libraries: ["reckon"],
    of: ({returns}) => autocorrelation(returns),
  },
  {
    key: "risk_of_ruin",
    label: "Risk of ruin",
    unit: "fraction",
    of: ({returns}) => trades.riskOfRuin(returns),
  },
];

const tableOf = ({index, returns}: MetricInputs): Drawdown[] => drawdownTable(index, returns);
const averageOf = (found: Drawdown[], f: (drawdown: Drawdown) => number): number =>
  mean(Float64Array.from(found, f));

const DRAWDOWN: readonly Row[] = [
  {
    key: "max_drawdown",
    label: "Largest drawdown",
    unit: "fraction",
    libraries: ALL,
    isHeadline: true,
    of: ({returns, isMoney}) =>
      isMoney ? -maxMoneyDrawdown(Float64Array.of(0, ...returns)) : maxDrawdown(returns),
  },
  {
    key: "average_drawdown",
    label: "Average drawdown",
    unit: "fraction",
    needsCapital: true,
    of: (x) => averageOf(tableOf(x), ({depth}) => depth),
  },
  {
    key: "longest_drawdown_days",
    label: "Longest time under water",
    unit: "days",
    needsCapital: true,
    of: (x) => tableOf(x).reduce((days, {daysUnderWater}) => Math.max(days, daysUnderWater), 0),
  },
  {
    key: "average_drawdown_days",
    label: "Average time under water",
    unit: "days",
    needsCapital: true,
    of: (x) => averageOf(tableOf(x), ({daysUnderWater}) => daysUnderWater),
  },
  {
    key: "current_drawdown",
    label: "Drawdown on the last day",
    unit: "fraction",
    libraries: ["reckon"],
    needsCapital: true,
    of: ({returns}) => percentDrawdown(returns).at(-1) ?? Number.NaN,
  },
  {
    key: "share_under_water",
    label: "Share of periods under water",
    unit: "fraction",
    libraries: ["reckon"],
    needsCapital: true,
    of: ({returns}) => mean(percentDrawdown(returns).map((depth) => (depth < 0 ? 1 : 0))),
  },
  {
    key: "ulcer_index",
    label: "Ulcer index",
    unit: "fraction",
    needsCapital: true,
    of: ({returns}) => ulcerIndex(returns),
  },
];

/** Wins among the months or years. */
const periodRate =
  (period: "month" | "year") =>
  ({index, returns}: MetricInputs): number =>
    trades.winRate(periodReturns(index, returns, period).returns);

const ofReturns =
  (f: (returns: Column) => number) =>
  ({returns}: MetricInputs): number =>
    f(returns);

const WINS: readonly Row[] = [
  {
    key: "win_rate",
    label: "Win rate",
    unit: "fraction",
    isHeadline: true,
    of: ({facts}) => trades.winRate(facts.winsAndLosses),
  },
  {
    key: "win_rate_months",
    label: "Win rate of months",
    unit: "fraction",
    needsCapital: true,
    of: periodRate("month"),
  },
  {
    key: "win_rate_years",
    label: "Win rate of years",
    unit: "fraction",
    needsCapital: true,
    of: periodRate("year"),
  },
  {key: "avg_win", label: "Average win", unit: "fraction", of: ofReturns(trades.averageWin)},
  {key: "avg_loss", label: "Average loss", unit: "fraction", of: ofReturns(trades.averageLoss)},
  {
    key: "avg_return",
    label: "Average of periods that moved",
    unit: "fraction",
    of: ofReturns(trades.expectancy),
  },
  {key: "payoff_ratio", label: "Payoff ratio", of: ofReturns(trades.payoffRatio)},
  {
    key: "profit_factor",
    label: "Profit factor",
    libraries: ["quantstats", "nautilus", "reckon"],
    isHeadline: true,
    of: ({facts}) => trades.profitFactor(facts.winsAndLosses),
  },
  {key: "profit_ratio", label: "Profit ratio", of: ofReturns(trades.profitRatio)},
  {
    key: "expectancy_ratio",
    label: "Expectancy ratio",
    libraries: ["freqtrade", "reckon"],
    of: ofReturns(trades.expectancyRatio),
  },
  {
    key: "consecutive_wins",
    label: "Longest run of wins",
    unit: "count",
    of: ({returns}) => trades.longestRun(returns, (r) => r > 0),
  },
  {
    key: "consecutive_losses",
    label: "Longest run of losses",
    unit: "count",
    of: ({returns}) => trades.longestRun(returns, (r) => r < 0),
  },
  {
    key: "exposure",
    label: "Share of periods that moved",
    unit: "fraction",
    of: ofReturns(trades.exposure),
  },
];

const complete = (rows: readonly Row[], group: Metric["group"]): Metric[] =>
  rows.map((row) => ({unit: "ratio", libraries: QUANTSTATS, ...row, group}));

/** What could be lost, how far down it went, and how often it won. */
export const RISK_METRICS: readonly Metric[] = [
  ...complete(RISK, "Risk"),
  ...complete(DRAWDOWN, "Drawdown"),
  ...complete(WINS, "Wins and losses"),
];
