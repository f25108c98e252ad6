import {mean, stdev} from "../../stats/distribution/moments.js";
import {quantiles} from "../../stats/distribution/quantile.js";
import {periodReturns} from "../../stats/series/period-returns.js";
import type {Figure} from "../figure.js";
import {formatPercent} from "../number-text.js";
import {PERIODS} from "./calendar-figures.js";
import type {ReturnSeries} from "./return-series.js";
import {
  BENCHMARK,
  DAY_AXIS,
  dayPoints,
  LOSS,
  percentAxis,
  STRATEGY,
  sheetFigure,
} from "./sheet-figure.js";

/** At most, and about two for each square root of the count. */
const MOST_BINS = 60;

/** How often returns of each size occurred, beside the normal curve of equal mean and width. */
export function distributionFigure({returns}: ReturnSeries): Figure {
  const [low, high, tail] = quantiles(returns, [0, 1, 0.05]) as unknown as [number, number, number];
  const bins = Math.max(8, Math.min(MOST_BINS, Math.round(2 * Math.sqrt(returns.length))));
  const width = (high - low) / bins || 1e-6;
  const counts = new Float64Array(bins);
  for (const r of returns) {
    const bin = Math.min(bins - 1, Math.floor((r - low) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const x = Array.from(counts, (_, i) => Number((low + (i + 0.5) * width).toPrecision(5)));
  const [centre, spread] = [mean(returns), stdev(returns)];
  const normal = x.map((at) => {
    const density = Math.exp(-((at - centre) ** 2) / (2 * spread * spread));
    return (returns.length * width * density) / (spread * Math.sqrt(2 * Math.PI));
  });
  return sheetFigure(
    "Distribution of returns",
    [
      {type: "bar", name: "periods", x, y: Array.from(counts), width, marker: {color: STRATEGY}},
      {
        type: "scatter",
        mode: "lines",
        name: "normal distribution",
        x,
        y: normal.map((n) => Number(n.toPrecision(4))),
        line: {color: BENCHMARK, width: 1.5, dash: "dash"},
      },
    ],
    {
      xaxis: {tickformat: ",.1~%", title: {text: "return of a period"}},
      yaxis: {title: {text: "periods"}},
      bargap: 0.05,
      hovermode: "closest",
      shapes: [
        {
          type: "line",
          x0: tail,
          x1: tail,
          yref: "paper",
          y0: 0,
          y1: 1,
          line: {color: LOSS, width: 1, dash: "dot"},
        },
      ],
      annotations: [
        {
          x: tail,
          yref: "paper",
          y: 1,
          xanchor: "right",
          yanchor: "top",
          text: `5 % quantile ${formatPercent(100 * tail)} `,
          showarrow: false,
        },
      ],
    },
  );
}

/** Quartiles and extremes of returns by day, week, month, quarter and year. */
export function quantileFigure({index, returns}: ReturnSeries): Figure {
  const groups: [string, Float64Array][] = [
    ["day", returns],
    ...PERIODS.map((period): [string, Float64Array] => [
      period,
      periodReturns(index, returns, period).returns,
    ]),
  ];
  const fences = groups.map(([, values]) => quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95]));
  const at = (i: number) => fences.map((row) => Number((row[i] as number).toPrecision(5)));
  return sheetFigure(
    "Quantiles of returns: 5, 25, 50, 75 and 95 %",
    [
      {
        type: "box",
        x: groups.map(([name, values]) => `${name} (${values.length})`),
        lowerfence: at(0),
        q1: at(1),
        median: at(2),
        q3: at(3),
        upperfence: at(4),
        marker: {color: STRATEGY},
        showlegend: false,
      },
    ],
    {xaxis: {type: "category"}, yaxis: percentAxis(), hovermode: "closest"},
  );
}

/** Every return, as it came. */
export function everyReturnFigure({index, returns}: ReturnSeries): Figure {
  return sheetFigure(
    "Return of each period",
    [
      {
        type: "bar",
        ...dayPoints(index, returns),
        marker: {color: STRATEGY, line: {width: 0}},
      },
    ],
    {xaxis: DAY_AXIS, yaxis: percentAxis("", ",.1~%"), height: 280, bargap: 0},
  );
}
