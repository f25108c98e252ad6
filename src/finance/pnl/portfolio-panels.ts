import {cumulativeSum, expandingMean} from "../../stats/series/cumulative.js";
import {type Column, columnOf, type Frame, makeFrame} from "../../table/frame.js";
import {netPnl} from "./net-pnl.js";

/** One panel of the portfolio figure. */
export interface PortfolioPanel {
  /** The panel's column in {@link portfolioPanels}. */
  readonly name: string;
  readonly title: string;
  /** `money`, `bps` of gross volume, `%` of GMV, or `x`: a multiple. */
  readonly unit: "money" | "bps" | "%" | "x";
}

/** The twelve panels in reading order, two columns of six rows. */
export const PORTFOLIO_PANELS: readonly PortfolioPanel[] = [
  {name: "bar_pnl", title: "Bar PnL", unit: "money"},
  {name: "bar_pnl_bps", title: "Bar PnL / Gross Volume", unit: "bps"},
  {name: "cumulative_pnl", title: "Cumulative PnL", unit: "money"},
  {name: "cumulative_pnl_pct", title: "Cumulative PnL / GMV", unit: "%"},
  {name: "cumulative_gross_volume", title: "Cumulative Gross Volume", unit: "money"},
  {name: "turnover_pct", title: "Bar Turnover (% GMV)", unit: "%"},
  {name: "cumulative_net_volume", title: "Cumulative Net Volume", unit: "money"},
  {name: "net_volume_pct", title: "Bar Net Volume (% GMV)", unit: "%"},
  {name: "gmv", title: "GMV", unit: "money"},
  {name: "gmv_relative", title: "GMV / Expanding Mean", unit: "x"},
  {name: "nmv", title: "NMV", unit: "money"},
  {name: "nmv_pct", title: "NMV (% GMV)", unit: "%"},
];

/**
 * The twelve series of the portfolio figure, one column per entry of {@link PORTFOLIO_PANELS}.
 *
 * PnL is net where the metrics have fees or funding. Cumulative sums skip missing bars (NaN there);
 * cumulative PnL / GMV and the relative GMV divide by the expanding mean of the GMV; percentages
 * divide by the bar's own GMV. Bars whose GMV (volume) is 0 are missing in a quotient by it.
 *
 * @param metrics bar metrics: pnl, gross_volume, net_volume, gmv, nmv [, fees, funding]
 */
export function portfolioPanels(metrics: Frame): Frame {
  const pnl = netPnl(metrics);
  const [grossVolume, netVolume, gmv, nmv] = ["gross_volume", "net_volume", "gmv", "nmv"].map(
    (name) => columnOf(metrics, name),
  ) as [Column, Column, Column, Column];
  const heldGmv = gmv.map(missingIfZero);
  const usualGmv = expandingMean(heldGmv);
  const cumulativePnl = cumulativeSum(pnl);
  const series: Record<string, Column> = {
    bar_pnl: pnl,
    bar_pnl_bps: quotient(pnl, grossVolume.map(missingIfZero), 1e4),
    cumulative_pnl: cumulativePnl,
    cumulative_pnl_pct: quotient(cumulativePnl, usualGmv, 100),
    cumulative_gross_volume: cumulativeSum(grossVolume),
    turnover_pct: quotient(grossVolume, heldGmv, 100),
    cumulative_net_volume: cumulativeSum(netVolume),
    net_volume_pct: quotient(netVolume, heldGmv, 100),
    gmv,
    gmv_relative: quotient(heldGmv, usualGmv, 1),
    nmv,
    nmv_pct: quotient(nmv, heldGmv, 100),
  };
  const names = PORTFOLIO_PANELS.map(({name}) => name);
  return makeFrame(
    metrics.index,
    names,
    names.map((name) => series[name] as Column),
  );
}

function quotient(a: Column, b: Column, scale: number): Float64Array {
  return a.map((x, t) => (scale * x) / (b[t] as number));
}

function missingIfZero(x: number): number {
  return x === 0 ? Number.NaN : x;
}
