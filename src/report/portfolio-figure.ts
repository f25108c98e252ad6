import {
  PORTFOLIO_PANELS,
  type PortfolioPanel,
  portfolioPanels,
} from "../finance/pnl/portfolio-panels.js";
import {columnOf, type Frame, sliceRows} from "../table/frame.js";
import {axisNumber, type Figure, LEGEND_ABOVE, MONEY_TICKS, timeAxis, valueAxis} from "./figure.js";
import {plotPoints} from "./plot-points.js";
import {type ByRole, ROLE_LINES, type Role, recordedRoles} from "./roles.js";
import {note, type Sentence} from "./sentence.js";

/** How the twelve panels are drawn. */
export interface PortfolioFigureOptions {
  /** Leading bars of each portfolio that are not drawn; default 0. */
  readonly burnInBars?: number;
  /** Default `Portfolio, PnL net of fees`. */
  readonly title?: string;
}

const ROWS = 6;
/** Where the two columns stand; the gap holds the tick labels of the right one. */
const COLUMNS = [
  [0, 0.43],
  [0.58, 1],
] as const;
/** Share of a row that its title takes. */
const HEAD_SHARE = 0.22;
const UNITS = {money: "$", bps: "bps", "%": "%", x: "multiple"} as const;

/**
 * The twelve panels of a portfolio, two columns of six rows over one time axis; each line is one
 * portfolio, in the order prod, sim, research. Without any bar, the sentence that there is none.
 *
 * @param metrics bar metrics of each: pnl, gross_volume, net_volume, gmv, nmv [, fees, funding]
 */
export function portfolioFigure(
  metrics: ByRole<Frame>,
  {burnInBars = 0, title = "Portfolio, PnL net of fees"}: PortfolioFigureOptions = {},
): Figure | Sentence {
  const series = recordedRoles(metrics).map(([role, frame]): [Role, Frame] => [
    role,
    portfolioPanels(sliceRows(frame, Math.min(burnInBars, frame.index.length))),
  ]);
  if (series.every(([, {index}]) => index.length === 0)) {
    return note("No bar was recorded: there is no portfolio to draw.");
  }
  return {
    data: PORTFOLIO_PANELS.flatMap((panel, at) =>
      series.map(([role, panels]) =>
        panelTrace({role, panels, panel, at, isAlone: series.length === 1}),
      ),
    ),
    layout: {
      title: {text: title},
      height: 1_560,
      margin: {l: 64, r: 24, t: 72, b: 48},
      legend: LEGEND_ABOVE,
      annotations: PORTFOLIO_PANELS.map(panelTitle),
      ...Object.fromEntries(PORTFOLIO_PANELS.flatMap(panelAxes)),
    },
  };
}

interface PanelTrace {
  readonly role: Role;
  readonly panels: Frame;
  readonly panel: PortfolioPanel;
  readonly at: number;
  readonly isAlone: boolean;
}

/** The wide line is pale, so that the narrow ones stand out on it; a line alone needs neither. */
function panelTrace({role, panels, panel, at, isAlone}: PanelTrace): Record<string, unknown> {
  const line = ROLE_LINES[role];
  return {
    type: "scatter",
    mode: panels.index.length === 1 ? "markers" : "lines",
    name: role,
    legendgroup: role,
    showlegend: at === 0,
    line: isAlone ? {color: line.color, width: 1.75} : line,
    opacity: role === "prod" && !isAlone ? 0.55 : 1,
    ...plotPoints(panels.index, columnOf(panels, panel.name)),
    xaxis: `x${axisNumber(at)}`,
    yaxis: `y${axisNumber(at)}`,
  };
}

function panelAxes(panel: PortfolioPanel, at: number): [string, Record<string, unknown>][] {
  const [left, right] = COLUMNS[at % 2] as readonly [number, number];
  const row = Math.floor(at / 2);
  const x = {
    ...timeAxis(row === ROWS - 1 ? "UTC" : ""),
    domain: [left, right],
    anchor: `y${axisNumber(at)}`,
    ...(at === 0 ? {} : {matches: "x"}),
  };
  const ticks = panel.unit === "money" ? MONEY_TICKS : ",";
  const y = {
    ...valueAxis(UNITS[panel.unit], ticks),
    domain: rowDomain(row),
    anchor: `x${axisNumber(at)}`,
  };
  return [
    [`xaxis${axisNumber(at)}`, x],
    [`yaxis${axisNumber(at)}`, y],
  ];
}

function panelTitle({title, unit, name}: PortfolioPanel, at: number): Record<string, unknown> {
  const net = name === "bar_pnl" || name === "cumulative_pnl" ? ", net" : "";
  const [left] = COLUMNS[at % 2] as readonly [number, number];
  const text = title.includes("(%") ? title : `${title} (${UNITS[unit]}${net})`;
  return {
    text: `<b>${text}</b>`,
    x: left,
    y: rowDomain(Math.floor(at / 2))[1],
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    yshift: 4,
    showarrow: false,
  };
}

/** From the bottom to the top of a row; row 0 is the highest. */
function rowDomain(row: number): [number, number] {
  const height = 1 / ROWS;
  const top = 1 - row * height;
  return [top - height * (1 - HEAD_SHARE), top - height * 0.04];
}
