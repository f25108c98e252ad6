import {stdev} from "../../stats/distribution/moments.js";
import {sharpeRatio} from "../../stats/performance/sharpe-ratio.js";
import {sortinoRatio} from "../../stats/performance/sortino-ratio.js";
import {rollingBeta, rollingMetric} from "../../stats/rolling/rolling-metrics.js";
import type {Figure} from "../figure.js";
import {formatNumber, formatPercent} from "../number-text.js";
import type {Sentence} from "../sentence.js";
import {notShown} from "./not-shown.js";
import {
  BENCHMARK,
  DAY_AXIS,
  dayLine,
  levelLine,
  percentAxis,
  STRATEGY,
  sheetFigure,
} from "./sheet-figure.js";
import type {StatisticsReport} from "./statistics-report.js";

type Metric = (returns: Float64Array) => number;

/** Sharpe, Sortino, volatility or beta of the half year up to each day. */
export type RollingName = "sharpe" | "sortino" | "volatility" | "beta";

const TITLES: Readonly<Record<RollingName, string>> = {
  sharpe: "Rolling Sharpe ratio",
  sortino: "Rolling Sortino ratio",
  volatility: "Rolling volatility, annual",
  beta: "Rolling beta to the benchmark",
};

/** One statistic over a window of half a year that moves with time. */
export function rollingFigure(report: StatisticsReport, name: RollingName): Figure | Sentence {
  const {series, options} = report;
  const {index, returns, benchmark} = series;
  const window = Math.max(2, Math.round(options.periodsPerYear / 2));
  const title = `${TITLES[name]}, ${window} periods`;
  if (returns.length <= window) {
    const why = `${returns.length} periods are not more than the window`;
    return notShown(title, why);
  }
  if (name === "beta" && benchmark === undefined) {
    return notShown(title, "no benchmark was given");
  }
  const values =
    name === "beta"
      ? rollingBeta(returns, benchmark as Float64Array, window)
      : rollingMetric(returns, window, metricOf(name, options.periodsPerYear));
  const known = values.filter((x) => Number.isFinite(x));
  const level = known.reduce((sum, x) => sum + x, 0) / known.length;
  const isShare = name === "volatility";
  const average = isShare ? formatPercent(100 * level, 1) : formatNumber(level, 2);
  return sheetFigure(
    `${title}; dashed: average ${average}`,
    [dayLine(index, values, {name, line: {color: STRATEGY, width: 1.75}})],
    {
      xaxis: DAY_AXIS,
      yaxis: isShare ? percentAxis() : {tickformat: ",.2~f"},
      height: 260,
      shapes: [levelLine(level, BENCHMARK)],
    },
  );
}

function metricOf(name: Exclude<RollingName, "beta">, periodsPerYear: number): Metric {
  switch (name) {
    case "sharpe":
      return (returns) => sharpeRatio(returns, periodsPerYear);
    case "sortino":
      return (returns) => sortinoRatio(returns, periodsPerYear);
    default:
      return (returns) => stdev(returns) * Math.sqrt(periodsPerYear);
  }
}
