import type {ColumnTable} from "arquero";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {compareFrames, largestDifference} from "../../stats/comparison/compare-frames.js";
import {
  type Estimate,
  type SharedVariation,
  sharedVariation,
} from "../../stats/comparison/shared-variation.js";
import {columnOf, type Frame, makeFrame, selectColumns, selectRows} from "../../table/frame.js";
import {type Figure, MONEY_TICKS, timeAxis, valueAxis} from "../figure.js";
import {formatCount, formatDistance, formatNumber} from "../number-text.js";
import {plotPoints} from "../plot-points.js";
import {type ByRole, type Role, recordedRoles} from "../roles.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

/** The bar metrics that all three portfolios have, and how a page calls them. */
const FEATURES: readonly (readonly [name: string, head: string])[] = [
  ["pnl", "PnL per bar, net"],
  ["gross_volume", "Gross volume"],
  ["net_volume", "Net volume"],
  ["gmv", "GMV"],
  ["nmv", "NMV"],
];

/**
 * How far the portfolios are apart, pair by pair: the largest difference of each bar metric over
 * the bars that both have, in percent of the second of the pair.
 */
export function pairwiseDifferences(metrics: ByRole<Frame>): ColumnTable {
  const pairs = pairsOf(recordedRoles(metrics));
  const columns = pairs.map(([[a, left], [b, right]]): [string, string[]] => [
    `${a} vs ${b} (largest, %)`,
    FEATURES.map(([name]) =>
      formatDistance(largestPercent(netMetrics(left), netMetrics(right), name)),
    ),
  ]);
  return makeTable({
    "Bar metric": FEATURES.map(([, head]) => head),
    ...Object.fromEntries(columns),
  });
}

/**
 * How much of each portfolio's net PnL per bar is in another's, over the bars that both have:
 * correlation, beta and the share of variance that it explains, with 95 % intervals (Fisher's z;
 * least squares). The first of a pair is explained by the second.
 */
export function pnlCorrelations(metrics: ByRole<Frame>): ColumnTable {
  const pairs = pairsOf(recordedRoles(metrics));
  const shared = pairs.map(([[, a], [, b]]) => sharedVariation(...sharedPnl(a, b)));
  const column = (f: (fit: SharedVariation) => Estimate, scale = 1): string[] =>
    shared.map((fit) => estimateText(f(fit), scale));
  return makeTable({
    Pair: pairs.map(([[a], [b]]) => `${a} vs ${b}`),
    "Bars compared": shared.map(({count}) => count),
    "Correlation of bar PnL": column(({correlation}) => correlation),
    Beta: column(({beta}) => beta),
    "Explained share (%)": column(({explainedShare}) => explainedShare, 100),
  });
}

/** `0.987 [0.981, 0.991]`. */
function estimateText({value, low, high}: Estimate, scale: number): string {
  const text = (x: number): string => formatNumber(x * scale, scale === 1 ? 4 : 2);
  return Number.isNaN(low) ? text(value) : `${text(value)} [${text(low)}, ${text(high)}]`;
}

/** Net PnL of prod less that of sim, bar by bar; or the sentence that it is 0 at every bar. */
export function pnlDifferenceFigure({prod, sim}: ByRole<Frame>): Figure | Sentence {
  if (!prod?.index.length || !sim?.index.length) {
    return note("Only one run, or none, recorded a bar: there is no difference to draw.");
  }
  const [index, difference] = subtract(prod, sim);
  if (difference.every((x) => x === 0 || Number.isNaN(x))) {
    return note(`prod − sim is $0 at each of ${formatCount(index.length, "bar")}.`);
  }
  return {
    data: [
      {
        type: "bar",
        name: "prod − sim",
        ...plotPoints(index, difference),
      },
    ],
    layout: {
      title: {text: "Net PnL per bar, prod − sim"},
      height: 320,
      showlegend: false,
      xaxis: timeAxis(),
      yaxis: {...valueAxis("$ per bar", MONEY_TICKS), rangemode: "tozero"},
    },
  };
}

function subtract(prod: Frame, sim: Frame): [Float64Array, Float64Array] {
  const [a, b] = sharedPnl(prod, sim);
  return [commonIndex(prod, sim), a.map((x, t) => x - (b[t] as number))];
}

function sharedPnl(a: Frame, b: Frame): [Float64Array, Float64Array] {
  const index = commonIndex(a, b);
  return [netPnl(selectRows(a, index)), netPnl(selectRows(b, index))];
}

function commonIndex(a: Frame, b: Frame): Float64Array {
  const inB = new Set(b.index);
  return a.index.filter((time) => inB.has(time));
}

type Pair = readonly [readonly [Role, Frame], readonly [Role, Frame]];

function pairsOf(present: readonly (readonly [Role, Frame])[]): Pair[] {
  return present.flatMap((a, i) => present.slice(i + 1).map((b): Pair => [a, b]));
}

/** The metrics with net PnL in place of gross. */
function netMetrics(metrics: Frame): Frame {
  const names = FEATURES.map(([name]) => name);
  const data = names.map((name) => (name === "pnl" ? netPnl(metrics) : columnOf(metrics, name)));
  return makeFrame(metrics.index, names, data);
}

function largestPercent(a: Frame, b: Frame, name: string): number {
  const [left, right] = [selectColumns(a, [name]), selectColumns(b, [name])];
  return largestDifference(compareFrames(left, right, {rows: "inner"}));
}
