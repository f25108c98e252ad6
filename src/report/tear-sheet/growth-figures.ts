import {stdev} from "../../stats/distribution/moments.js";
import {wealthPath} from "../../stats/performance/total-return.js";
import type {Figure} from "../figure.js";
import type {Sentence} from "../sentence.js";
import {notShown} from "./not-shown.js";
import type {ReturnSeries} from "./return-series.js";
import {BENCHMARK, DAY_AXIS, dayLine, percentAxis, STRATEGY, sheetFigure} from "./sheet-figure.js";

/** Cumulative return of the strategy, and of the benchmark where there is one. */
export function growthFigure(series: ReturnSeries): Figure {
  return sheetFigure(
    "Cumulative return",
    growthLines(series, (wealth) => wealth - 1),
    {
      xaxis: DAY_AXIS,
      yaxis: percentAxis(),
    },
  );
}

/** Growth of 1 on a logarithmic axis, where equal rates are equal slopes. */
export function logGrowthFigure(series: ReturnSeries): Figure {
  const columns = [series.returns, ...(series.benchmark === undefined ? [] : [series.benchmark])];
  const wealth = columns.flatMap((column) => Array.from(wealthPath(column)));
  const [least, most] = [Math.min(...wealth), Math.max(...wealth)];
  const isWide = most > 4 * least;
  return sheetFigure(
    "Growth of 1, logarithmic",
    growthLines(series, (w) => w),
    {
      xaxis: DAY_AXIS,
      // Ticks at 1, 2 and 5 of each decade, where there are several of those.
      yaxis: {
        type: "log",
        tickformat: ",.3~f",
        ...(isWide ? {dtick: "D2"} : {}),
        ...flatRange(least, most),
      },
    },
  );
}

/** Around a line that does not move, rather than a decade to each side with all its ticks. */
function flatRange(least: number, most: number): {range?: [number, number]} {
  return most > least ? {} : {range: [Math.log10(0.9 * most), Math.log10(1.1 * most)]};
}

/** Cumulative return with the strategy scaled to the benchmark's volatility. */
export function volatilityMatchedFigure(series: ReturnSeries): Figure | Sentence {
  const {benchmark, returns} = series;
  if (benchmark === undefined) {
    return notShown("Returns at the benchmark's volatility", "no benchmark was given");
  }
  const scale = stdev(benchmark) / stdev(returns);
  const matched = {...series, returns: returns.map((r) => r * scale)};
  return sheetFigure(
    `Cumulative return at the benchmark's volatility (strategy × ${scale.toFixed(2)})`,
    growthLines(matched, (wealth) => wealth - 1),
    {xaxis: DAY_AXIS, yaxis: percentAxis()},
  );
}

function growthLines(series: ReturnSeries, scaled: (wealth: number) => number) {
  const {index, returns, benchmark, benchmarkName = "benchmark", name} = series;
  const path = (column: Float64Array): Float64Array => wealthPath(column).map(scaled);
  const line = (color: string, width: number) => ({line: {color, width}});
  return [
    ...(benchmark === undefined
      ? []
      : [dayLine(index, path(benchmark), {name: benchmarkName, ...line(BENCHMARK, 1.5)})]),
    dayLine(index, path(returns), {name, ...line(STRATEGY, 2)}),
  ];
}
