import type {ColumnTable} from "arquero";
import {
  axisNumber,
  type Figure,
  LEGEND_ABOVE,
  MONEY_TICKS,
  timeAxis,
  valueAxis,
} from "../figure.js";
import {formatNumber} from "../number-text.js";
import {plotPoints} from "../plot-points.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";
import {cumulativeQuality, type ExecutionQuality, type TradeQuality} from "./execution-quality.js";

const NOTHING = "No targets and trades were recorded: there is no execution to judge.";

/** What execution cost over the whole run, in $ and in bps of the volume traded. */
export function executionCosts(quality: ExecutionQuality | undefined): ColumnTable | Sentence {
  if (quality === undefined) {
    return note(NOTHING);
  }
  const {sums, inBps} = cumulativeQuality(quality);
  const rows = [
    ["Slippage: paid above the price one bar before", sums.slippage],
    ["Underfill: missed for want of fills", sums.underfillCost],
    ["Both", sums.netCost],
    ["Fees", sums.fees],
    ["PnL, net of fees", sums.pnl],
    ["PnL without slippage and underfill", sums.idealPnl],
  ] as const;
  return makeTable({
    What: rows.map(([name]) => name),
    $: rows.map(([, money]) => formatNumber(money.at(-1) ?? Number.NaN, 2)),
    "bps of volume": rows.map(([, money]) => formatNumber(inBps(money).at(-1) ?? Number.NaN, 3)),
  });
}

const PANELS = [
  ["slippage", "Cumulative slippage"],
  ["underfillCost", "Cumulative underfill cost"],
  ["netCost", "Cumulative cost of execution"],
  ["pnl", "Cumulative PnL, net"],
  ["idealPnl", "Cumulative PnL before execution cost"],
] as const;

/** Told by the other panels where every order was filled whole. */
const UNDERFILL_PANELS: readonly string[] = ["underfillCost", "netCost"];

const FILLED_WHOLE = "every order was filled whole";

/** Shares are differences of holdings: their last digits are noise. */
function isFilledWhole({trades}: ExecutionQuality): boolean {
  return trades.every(({fillRate}) => Number.isNaN(fillRate) || Math.abs(fillRate - 1) < 1e-9);
}

const COLUMNS = [
  [0, 0.44],
  [0.56, 1],
] as const;

interface CostPanel {
  readonly title: string;
  readonly values: Float64Array;
  readonly unit: string;
  readonly ticks: string;
}

/**
 * Ten panels over one time axis: each sum in $ and in bps of the cumulative volume. Those of the
 * underfill are left out, and the title says so, where there is none.
 */
export function executionCostsFigure(quality: ExecutionQuality | undefined): Figure | Sentence {
  if (quality === undefined) {
    return note(NOTHING);
  }
  const {sums, inBps} = cumulativeQuality(quality);
  const isWhole = isFilledWhole(quality);
  const shown = PANELS.filter(([key]) => !(isWhole && UNDERFILL_PANELS.includes(key)));
  const panels = shown.flatMap(([key, title]): CostPanel[] => [
    {title: `${title} ($)`, values: sums[key], unit: "$", ticks: MONEY_TICKS},
    {title: `${title} (bps of volume)`, values: inBps(sums[key]), unit: "bps", ticks: ","},
  ]);
  return {
    data: panels.map(({title, values}, at) => ({
      type: "scatter",
      mode: "lines",
      name: title,
      line: {color: "#2f80c8", width: 1.75},
      ...plotPoints(quality.index, values),
      xaxis: `x${axisNumber(at)}`,
      yaxis: `y${axisNumber(at)}`,
    })),
    layout: {
      title: {text: `What execution cost${isWhole ? `; ${FILLED_WHOLE}` : ""}`},
      height: 260 * shown.length,
      showlegend: false,
      margin: {l: 72, r: 24, t: 72, b: 48},
      annotations: panels.map((panel, at) => panelTitle(panel, at, shown.length)),
      ...Object.fromEntries(panels.flatMap((panel, at) => panelAxes(panel, at, shown.length))),
    },
  };
}

function panelTitle({title}: CostPanel, at: number, rows: number): Record<string, unknown> {
  return {
    text: `<b>${title}</b>`,
    x: COLUMNS[at % 2]?.[0],
    y: costRow(at, rows)[1],
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    yshift: 4,
    showarrow: false,
  };
}

function panelAxes(
  {unit, ticks}: CostPanel,
  at: number,
  rows: number,
): [string, Record<string, unknown>][] {
  const isLowest = at >= 2 * (rows - 1);
  const x = {
    ...timeAxis(isLowest ? "UTC" : ""),
    domain: COLUMNS[at % 2],
    anchor: `y${axisNumber(at)}`,
    ...(at === 0 ? {} : {matches: "x"}),
  };
  const y = {...valueAxis(unit, ticks), domain: costRow(at, rows), anchor: `x${axisNumber(at)}`};
  return [
    [`xaxis${axisNumber(at)}`, x],
    [`yaxis${axisNumber(at)}`, y],
  ];
}

/** From the bottom to the top of a panel's row. */
function costRow(at: number, rows: number): [number, number] {
  const top = 1 - Math.floor(at / 2) / rows;
  return [top - 0.72 / rows, top - 0.1 / rows];
}

/** Two ways to part trades: which side, and whether the price went that way meanwhile. */
const SPLITS = [
  [
    ["buys", (trade: TradeQuality) => trade.isBuy, "#2f80c8"],
    ["sales", (trade: TradeQuality) => !trade.isBuy, "#d9660a"],
  ],
  [
    ["price went their way", (trade: TradeQuality) => trade.isProfitable === true, "#1a9a6c"],
    ["price went against them", (trade: TradeQuality) => trade.isProfitable === false, "#9a3fb5"],
  ],
] as const;

const MEASURES = [
  ["Slippage (bps)", ",", (trade: TradeQuality) => trade.slippageBps],
  ["Fill rate", ".0%", (trade: TradeQuality) => trade.fillRate],
  ["Underfill cost ($)", MONEY_TICKS, (trade: TradeQuality) => trade.underfillCost],
] as const;

/**
 * Share of trades at or below a value, by side and by what the price did next: six panels. Where
 * every order was filled whole, the title says so, and the two of the slippage are left.
 */
export function executionSharesFigure(quality: ExecutionQuality | undefined): Figure | Sentence {
  if (quality === undefined || quality.trades.length === 0) {
    return note(NOTHING);
  }
  const {trades} = quality;
  const isWhole = isFilledWhole(quality);
  const measures = isWhole ? MEASURES.slice(0, 1) : MEASURES;
  const data = measures.flatMap(([, , measure], row) =>
    SPLITS.flatMap((split, side) =>
      split.map(([name, belongs, color]) => ({
        type: "scatter",
        mode: "lines",
        line: {shape: "hv", color, width: 1.75},
        name,
        legendgroup: name,
        showlegend: row === 0,
        ...shares(trades.filter(belongs).map(measure)),
        xaxis: `x${axisNumber(2 * row + side)}`,
        yaxis: `y${axisNumber(2 * row + side)}`,
      })),
    ),
  );
  const axes = measures.flatMap(([title, ticks], row) => {
    const measure = {title, ticks, domain: shareRow(row, measures.length)};
    return [0, 1].flatMap((side) => shareAxes(measure, row, side));
  });
  return {
    data,
    layout: {
      title: {text: `How trades were done${isWhole ? `; ${FILLED_WHOLE}` : ""}`},
      height: 120 + 280 * measures.length,
      margin: {l: 72, r: 24, t: 96, b: 56},
      legend: LEGEND_ABOVE,
      ...Object.fromEntries(axes),
    },
  };
}

interface Measure {
  readonly title: string;
  readonly ticks: string;
  readonly domain: readonly [number, number];
}

/** From the bottom to the top of a row of panels. */
function shareRow(row: number, rows: number): [number, number] {
  const top = 1 - row / rows;
  return [top - 0.7 / rows, top - 0.06 / rows];
}

/** Both panels of a row share one scale, so that they can be compared. */
function shareAxes(
  {title, ticks, domain}: Measure,
  row: number,
  side: number,
): [string, Record<string, unknown>][] {
  const at = axisNumber(2 * row + side);
  const x = {
    ...valueAxis(title, ticks),
    domain: COLUMNS[side],
    anchor: `y${at}`,
    ...(side === 0 ? {} : {matches: `x${axisNumber(2 * row)}`}),
  };
  const y = {
    ...valueAxis(side === 0 ? "share of trades" : "", ".0%"),
    domain,
    range: [0, 1],
    anchor: `x${at}`,
  };
  return [
    [`xaxis${at}`, x],
    [`yaxis${at}`, y],
  ];
}

/** At most as many points as a line can show. */
const MAX_POINTS = 500;

/** The empirical distribution function of the known values. */
function shares(values: readonly number[]): {x: number[]; y: number[]} {
  const known = Float64Array.from(values.filter((x) => !Number.isNaN(x))).sort();
  const step = Math.max(1, Math.ceil(known.length / MAX_POINTS));
  const kept = Array.from(known.keys()).filter((i) => i % step === 0 || i === known.length - 1);
  return {
    x: kept.map((i) => known[i] as number),
    y: kept.map((i) => (i + 1) / known.length),
  };
}
