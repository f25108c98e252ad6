import {type Column, type Frame, makeFrame, requireSameAxes} from "../../table/frame.js";
import {barPnl} from "./bar-pnl.js";

const BAR_METRICS = ["pnl", "gross_volume", "net_volume", "gmv", "nmv"] as const;

/**
 * One row of portfolio metrics per bar, in settlement currency.
 *
 * pnl Σ pnl · gross_volume Σ|traded| · net_volume Σ traded (buys positive) · gmv Σ|holdings| ·
 * nmv Σ holdings, each over the columns. Missing cells count as 0; a row without any value is NaN.
 *
 * @param holdings value of the holdings at each bar's end
 * @param traded   value of each bar's trades, buys positive
 * @param pnl      computed with {@link barPnl} when absent
 */
export function barMetrics(
  holdings: Frame,
  traded: Frame,
  pnl: Frame = barPnl(holdings, traded),
): Frame {
  requireSameAxes(holdings, traded);
  requireSameAxes(holdings, pnl);
  const totals = barTotals(holdings.index);
  for (let j = 0; j < holdings.columns.length; ++j) {
    totals.add({
      value: holdings.data[j] as Column,
      traded: traded.data[j] as Column,
      pnl: pnl.data[j] as Column,
    });
  }
  return totals.metrics;
}

/** What one instrument adds to the bar metrics. */
export interface InstrumentBars {
  readonly value: Column;
  readonly traded: Column;
  readonly pnl: Column;
}

/** Bar metrics that grow as instruments are added; the order of adding is the order of summing. */
export interface BarTotals {
  readonly metrics: Frame;
  /** @param from the row of the first of the bars; default the first of all */
  add(bars: InstrumentBars, from?: number): void;
}

/** Bar metrics of no instrument yet: all NaN. */
export function barTotals(index: Float64Array): BarTotals {
  const [pnl, grossVolume, netVolume, gmv, nmv] = BAR_METRICS.map(() =>
    new Float64Array(index.length).fill(Number.NaN),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return {
    metrics: makeFrame(index, BAR_METRICS, [pnl, grossVolume, netVolume, gmv, nmv]),
    add(bars, from = 0) {
      addKnown(pnl, bars.pnl, from);
      addNetAndGross({net: netVolume, gross: grossVolume}, bars.traded, from);
      addNetAndGross({net: nmv, gross: gmv}, bars.value, from);
    },
  };
}

/** Adds the known cells to the sums; a sum that was NaN begins with its first known cell. */
export function addKnown(sums: Float64Array, column: Column, from = 0): void {
  for (let t = 0, at = from; t < column.length; ++t, ++at) {
    const x = column[t] as number;
    if (!Number.isNaN(x)) {
      const before = sums[at] as number;
      sums[at] = Number.isNaN(before) ? x : before + x;
    }
  }
}

function addNetAndGross(
  {net, gross}: {net: Float64Array; gross: Float64Array},
  column: Column,
  from: number,
): void {
  for (let t = 0, at = from; t < column.length; ++t, ++at) {
    const x = column[t] as number;
    if (!Number.isNaN(x)) {
      const before = net[at] as number;
      const isFirst = Number.isNaN(before);
      net[at] = isFirst ? x : before + x;
      gross[at] = isFirst ? Math.abs(x) : (gross[at] as number) + Math.abs(x);
    }
  }
}
