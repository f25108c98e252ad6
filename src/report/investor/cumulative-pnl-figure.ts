import {cumulativeSum} from "../../stats/series/cumulative.js";
import {formatMinute} from "../../time/epoch.js";
import {type Figure, timeAxis} from "../figure.js";
import {formatBps, formatGain, formatMoney} from "../number-text.js";
import {plotPoints} from "../plot-points.js";
import type {RecordedRun} from "../recorded-run.js";
import {ROLE_LINES} from "../roles.js";
import {escapeHtml, note, type Sentence} from "../sentence.js";
import {type PnlSeries, runSeries, totalOf} from "./pnl-series.js";

/** The size in which the picture files are painted, CSS pixels, and pixels per CSS pixel. */
export const INVESTOR_PICTURE = {width: 1200, height: 720, scale: 2} as const;

const MAX_POINTS = 4_000;

/**
 * Cumulative net PnL over the GMV and the capital, for people who do not read code: large type,
 * the period, the market, the fee and how the numbers came about in words, the last value written
 * at the line. A backtest and a simulated market are said twice: in words and across the picture.
 */
export function cumulativePnlFigure(series: PnlSeries): Figure {
  const {gmv} = series;
  const earned = earnedSoFar(series);
  return {
    data: tracesOf(series, earned),
    layout: {
      title: {text: titleText(series), font: {size: 24}, x: 0, y: 0.96, yanchor: "top"},
      font: {size: 17},
      height: INVESTOR_PICTURE.height,
      margin: {l: 40, r: 130, t: 120, b: 60},
      showlegend: false,
      hovermode: "x unified",
      xaxis: {...timeAxis(""), anchor: "y2", tickfont: {size: 17}},
      yaxis: {domain: [0.34, 1], ...moneyAxis("Net PnL ($)", earned)},
      yaxis2: {domain: [0, 0.2], ...moneyAxis("GMV ($)", gmv), rangemode: "tozero", nticks: 3},
      annotations: [
        ...watermarks(series),
        ...lastValue(series, earned),
        {
          text: "Gross market value; dashed: capital",
          x: 0,
          y: 0.205,
          xref: "paper",
          yref: "paper",
          xanchor: "left",
          yanchor: "bottom",
          showarrow: false,
          font: {size: 15},
        },
      ],
    },
  };
}

function tracesOf(series: PnlSeries, earned: Float64Array): Record<string, unknown>[] {
  const {index, gmv, capital} = series;
  const {color} = series.origin === "backtest" ? ROLE_LINES.research : ROLE_LINES.prod;
  const line = {type: "scatter", mode: index.length === 1 ? "markers" : "lines"};
  const ends = [index[0] ?? null, index.at(-1) ?? null];
  return [
    {
      ...line,
      name: "net PnL",
      line: {color, width: 3},
      fill: "tozeroy",
      fillcolor: `${color}1f`,
      ...plotPoints(index, earned, MAX_POINTS),
    },
    {
      ...line,
      name: "GMV",
      line: {color, width: 1.5},
      yaxis: "y2",
      ...plotPoints(index, gmv, MAX_POINTS),
    },
    {
      ...line,
      name: "capital",
      line: {color: "#808080", width: 1.5, dash: "dash"},
      yaxis: "y2",
      x: ends,
      y: [capital, capital],
    },
  ];
}

/** A missing bar earned nothing that is known. */
function earnedSoFar({netPnl}: PnlSeries): Float64Array {
  return cumulativeSum(netPnl.map((x) => (Number.isNaN(x) ? 0 : x)));
}

/** The figure of a window, or the sentence why there is none. */
export function cumulativePnlView(
  series: PnlSeries | undefined,
  absent = "There is no such window in the data.",
): Figure | Sentence {
  if (series === undefined) {
    return note(absent);
  }
  return series.index.length === 0
    ? note(`${series.title}: no bar was recorded.`)
    : cumulativePnlFigure(series);
}

/** What a run earned bar by bar, or the sentence that no bar was recorded. */
export function runPnlView(run: Pick<RecordedRun, "facts" | "portfolio">): Figure | Sentence {
  return cumulativePnlView(runSeries(run));
}

/** `Backtest · binance 5m · C1 · 2025-04-01 00:10 to … UTC · net of fees (0.0 bps …) · …`. */
export function pnlSubtitle(series: PnlSeries): string {
  const {origin, market, model, index, feeBps, capital, remark} = series;
  const [first, last] = [index[0], index.at(-1)];
  const period =
    first === undefined || last === undefined
      ? "no bar"
      : `${formatMinute(first)} to ${formatMinute(last)} UTC`;
  return [
    `${origin.charAt(0).toUpperCase()}${origin.slice(1)} of ${model} on ${market}`,
    period,
    `net of fees (${formatBps(feeBps, 1)} of the value traded)`,
    `capital ${formatMoney(capital)}`,
    ...(remark === "" ? [] : [remark]),
  ].join(" · ");
}

function titleText(series: PnlSeries): string {
  const parts = pnlSubtitle(series).split(" · ");
  const lines = [parts.slice(0, 2).join(" · "), parts.slice(2).join(" · ")];
  const small = lines.map((text) => `<span style="font-size:16px">${escapeHtml(text)}</span>`);
  return [`<b>${escapeHtml(series.title)}</b>`, ...small].join("<br>");
}

function moneyAxis(title: string, values: Float64Array): Record<string, unknown> {
  const known = values.filter((x) => !Number.isNaN(x));
  const range =
    known.reduce((max, x) => Math.max(max, x), 0) - known.reduce((min, x) => Math.min(min, x), 0);
  return {
    title: {text: title, font: {size: 17}},
    tickformat: range < 10 ? "$,.2f" : "$,.0f",
    tickfont: {size: 17},
  };
}

/** The last value beside the end of the line. */
function lastValue({index, netPnl}: PnlSeries, earned: Float64Array): Record<string, unknown>[] {
  const total = totalOf(netPnl);
  if (index.length === 0 || Number.isNaN(total)) {
    return [];
  }
  return [
    {
      text: `<b>${formatGain(total)}</b>`,
      x: 1,
      y: earned.at(-1),
      xref: "paper",
      yref: "y",
      xanchor: "left",
      xshift: 8,
      showarrow: false,
      font: {size: 18},
    },
  ];
}

/** What a picture must still say when it was cut out of its page. */
function watermarks({origin, market}: PnlSeries): Record<string, unknown>[] {
  const words = [
    ...(origin === "backtest" ? ["backtest"] : []),
    ...(market.startsWith("simulated") ? ["simulated market"] : []),
  ];
  return words.length === 0
    ? []
    : [
        {
          text: words.join("<br>"),
          x: 0.5,
          y: 0.67,
          xref: "paper",
          yref: "paper",
          showarrow: false,
          font: {size: 64, color: "rgba(128, 128, 128, 0.2)"},
        },
      ];
}
