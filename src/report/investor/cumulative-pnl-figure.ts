import {cumulativeSum} from "../../stats/series/cumulative.js";
import {zeroForMissing} from "../../stats/series/zero-for-missing.js";
import {countUpTo} from "../../table/frame.js";
import {formatMinute} from "../../time/epoch.js";
import {type Figure, timeAxis} from "../figure.js";
import {formatGain} from "../number-text.js";
import {type PlotPoints, plotPoints} from "../plot-points.js";
import type {RecordedRun} from "../recorded-run.js";
import {ROLE_LINES} from "../roles.js";
import {note, type Sentence} from "../sentence.js";
import {type PnlSeries, runSeries, totalOf} from "./pnl-series.js";
import {pnlTitle} from "./pnl-title.js";

/** The size in which the picture files are painted, CSS pixels, and pixels per CSS pixel. */
export const INVESTOR_PICTURE = {width: 1200, height: 720, scale: 2} as const;

const MAX_POINTS = 4_000;

/**
 * Cumulative net PnL over the GMV and the capital, for people who do not read code: large type,
 * the period, the market, the fee and how the numbers came about in words, the last value written
 * at the line. A backtest and a simulated market are said twice: in words and across the picture;
 * where a backtest ends and live PnL begins, a line marks the joint and the colour changes.
 */
export function cumulativePnlFigure(series: PnlSeries): Figure {
  const {gmv} = series;
  const earned = earnedSoFar(series);
  const hasGmv = gmv.some((x) => !Number.isNaN(x));
  return {
    data: [...pnlTraces(series, earned), ...(hasGmv ? gmvTraces(series) : [])],
    layout: {
      title: {
        text: pnlTitle(series),
        font: {size: 24},
        xref: "container",
        x: 0.02,
        y: 0.96,
        yanchor: "top",
      },
      font: {size: 17},
      height: INVESTOR_PICTURE.height,
      margin: {l: 40, r: roomFor(gainText(series)), t: 120, b: 60},
      showlegend: false,
      hovermode: "x unified",
      xaxis: {
        ...timeAxis(""),
        anchor: hasGmv ? "y2" : "y",
        tickfont: {size: 17},
        ticklabelstandoff: 6,
      },
      yaxis: {domain: hasGmv ? [0.34, 1] : [0, 1], ...moneyAxis("Net PnL ($)", earned)},
      ...(hasGmv
        ? {yaxis2: {domain: [0, 0.2], ...moneyAxis("GMV ($)", gmv), rangemode: "tozero", nticks: 3}}
        : {}),
      shapes: jointShapes(series),
      annotations: [
        ...watermarks(series, hasGmv),
        ...lastValue(series, earned),
        ...jointTexts(series),
        ...(hasGmv ? [GMV_HEADING] : []),
      ],
    },
  };
}

const GMV_HEADING = {
  text: "Gross market value; dashed: capital",
  x: 0,
  y: 0.205,
  xref: "paper",
  yref: "paper",
  xanchor: "left",
  yanchor: "bottom",
  showarrow: false,
  font: {size: 15},
} as const;

/** One line, or one up to the joint and one from there on; they meet in the joint. */
function pnlTraces(series: PnlSeries, earned: Float64Array): Record<string, unknown>[] {
  const {index, joint, origin, liveOrigin, barMs} = series;
  const at = joint === undefined ? index.length : countUpTo(index, joint);
  const parts = [
    {name: origin, from: 0, to: at},
    {name: liveOrigin ?? origin, from: Math.max(0, at - 1), to: index.length},
  ];
  return parts
    .filter(({from, to}) => to - from > (from === 0 ? 0 : 1))
    .map(({name, from, to}) => {
      const color = colorOf(name);
      return {
        type: "scatter",
        mode: to - from === 1 && !(barMs > 0) ? "markers" : "lines",
        name: `net PnL, ${name}`,
        line: {color, width: 3},
        fill: "tozeroy",
        fillcolor: `${color}1f`,
        ...fromZero(
          plotPoints(index.subarray(from, to), earned.subarray(from, to), MAX_POINTS),
          from === 0 ? barMs : 0,
        ),
      };
    });
}

/** Nothing was earned before the first bar: the line begins there, at $0. */
function fromZero({x, y}: PlotPoints, barMs: number): PlotPoints {
  const [first] = x;
  return barMs > 0 && first !== undefined ? {x: [first - barMs, ...x], y: [0, ...y]} : {x, y};
}

function colorOf(origin: string): string {
  return String((origin === "backtest" ? ROLE_LINES.research : ROLE_LINES.prod).color);
}

/** A single bar has one value, a dot, and a capital all the same. */
function gmvTraces({index, gmv, capital, origin, barMs}: PnlSeries): Record<string, unknown>[] {
  const [first = null, last = null] = [index[0], index.at(-1)];
  const isOne = index.length === 1;
  const ends = [isOne && first !== null && barMs > 0 ? first - barMs : first, last];
  const line = {type: "scatter", mode: "lines", yaxis: "y2"};
  const value = {
    ...line,
    ...(isOne ? {mode: "markers", marker: {color: colorOf(origin), size: 9}} : {}),
    name: "GMV",
    line: {color: colorOf(origin), width: 1.5},
    ...plotPoints(index, gmv, MAX_POINTS),
  };
  const dashed = {
    ...line,
    name: "capital",
    line: {color: "#808080", width: 1.5, dash: "dash"},
    x: ends,
    y: [capital, capital],
  };
  return Number.isNaN(capital) ? [value] : [value, dashed];
}

function jointShapes({joint}: PnlSeries): Record<string, unknown>[] {
  return joint === undefined
    ? []
    : [
        {
          type: "line",
          x0: joint,
          x1: joint,
          y0: 0,
          y1: 1,
          xref: "x",
          yref: "y domain",
          line: {color: "#808080", width: 2, dash: "dot"},
        },
      ];
}

/** What is behind the joint, and since when. */
function jointTexts(series: PnlSeries): Record<string, unknown>[] {
  const {joint, liveOrigin} = series;
  return joint === undefined
    ? []
    : [
        {
          text: `${liveOrigin} since ${formatMinute(joint).slice(0, 10)}`,
          x: joint,
          y: 1,
          xref: "x",
          yref: "y domain",
          xanchor: jointShare(series) > 0.5 ? "right" : "left",
          yanchor: "bottom",
          showarrow: false,
          font: {size: 15},
        },
      ];
}

/** How far to the right the joint stands: 0 to 1; 1 where there is none. */
function jointShare({index, joint}: PnlSeries): number {
  const [first = 0, last = 0] = [index[0], index.at(-1)];
  return joint === undefined || last <= first ? 1 : (joint - first) / (last - first);
}

/** A missing bar earned nothing that is known. */
function earnedSoFar({netPnl}: PnlSeries): Float64Array {
  return cumulativeSum(zeroForMissing(netPnl));
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

/** What was earned in all; empty where nothing is known. */
function gainText({index, netPnl}: PnlSeries): string {
  const total = totalOf(netPnl);
  return index.length === 0 || Number.isNaN(total) ? "" : formatGain(total);
}

/** The margin in which the last value stands: 130 px, or what a longer one takes. */
function roomFor(text: string): number {
  return Math.max(130, Math.ceil(32 + 11.5 * text.length)); // px of a bold digit
}

/** The last value beside the end of the line. */
function lastValue(series: PnlSeries, earned: Float64Array): Record<string, unknown>[] {
  const text = gainText(series);
  if (text === "") {
    return [];
  }
  return [
    {
      text: `<b>${text}</b>`,
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

/** What a picture must still say when it was cut out of its page; a backtest up to its joint. */
function watermarks(series: PnlSeries, hasGmv: boolean): Record<string, unknown>[] {
  const {origin, market, joint} = series;
  const words = [
    ...(origin === "backtest" ? ["backtest"] : []),
    ...(market.startsWith("simulated") ? ["simulated market"] : []),
  ];
  const share = jointShare(series);
  return words.length === 0
    ? []
    : [
        {
          text: words.join("<br>"),
          x: joint === undefined ? 0.5 : share / 2,
          y: hasGmv ? 0.67 : 0.5,
          xref: "paper",
          yref: "paper",
          showarrow: false,
          font: {size: Math.round(64 * Math.max(0.4, share)), color: "rgba(128, 128, 128, 0.2)"},
        },
      ];
}
