import {type Column, type Frame, mapColumns, requireSameAxes} from "../table/frame.js";

/**
 * Mark-to-market PnL of every bar, before fees and funding: the one place PnL is computed.
 *
 * pnl[t] = value[t] − value[t−1] − traded[t], where buys count as positive traded value. The first
 * row is NaN: nothing was carried into it. A missing value counts as 0 next to a known one (no
 * position), and a bar with neither value nor trade is NaN.
 *
 * @param value  holdings at each bar's end, settlement currency
 * @param traded value of the bar's trades at their execution prices, same currency
 */
export function barPnl(value: Frame, traded: Frame): Frame {
  requireSameAxes(value, traded);
  return mapColumns(value, (column, j) => columnPnl(column, traded.data[j] as Column));
}

/** {@link barPnl} of one column, written into `pnl`. */
export function columnPnl(
  value: Column,
  traded: Column,
  pnl: Float64Array = new Float64Array(value.length),
): Float64Array {
  let before = Number.NaN;
  for (let t = 0; t < value.length; ++t) {
    const now = value[t] as number;
    pnl[t] = pnlOfChange(before, now, traded[t] as number);
    before = now;
  }
  pnl.fill(Number.NaN, 0, 1);
  return pnl;
}

/** {@link barPnl} of one instrument over one bar: value before and after, value traded. */
export function pnlOfChange(before: number, after: number, traded: number): number {
  const change = Number.isNaN(after) ? 0 - before : after - known(before);
  return Number.isNaN(change) ? 0 - traded : change - known(traded);
}

function known(x: number): number {
  return Number.isNaN(x) ? 0 : x;
}
