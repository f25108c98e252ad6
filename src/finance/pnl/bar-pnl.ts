import {type Column, type Frame, mapColumns, requireSameAxes} from "../../table/frame.js";

/**
 * Mark-to-market PnL of every bar, before fees and funding, of a portfolio in which a missing value
 * means that nothing is held.
 *
 * pnl[t] = value[t] − value[t−1] − traded[t], where buys count as positive traded value. The first
 * row is NaN: nothing was carried into it. A missing value counts as 0 next to a known one, and a
 * bar with neither value nor trade is NaN. Of an account, take {@link accountPnl}; of
 * a research portfolio, `researchPnl`.
 *
 * @param value  holdings at each bar's end, settlement currency
 * @param traded value of the bar's trades at their execution prices, same currency
 */
export function barPnl(value: Frame, traded: Frame): Frame {
  requireSameAxes(value, traded);
  return mapColumns(value, (column, j) => columnPnl(column, traded.data[j] as Column));
}

function columnPnl(value: Column, traded: Column): Float64Array {
  const pnl = new Float64Array(value.length);
  let before = Number.NaN;
  for (let t = 0; t < value.length; ++t) {
    const now = value[t] as number;
    pnl[t] = pnlOfChange(before, now, traded[t] as number);
    before = now;
  }
  pnl.fill(Number.NaN, 0, 1);
  return pnl;
}

/**
 * {@link barPnl} of an account: where shares are held whose value is missing, the value is unknown,
 * not 0, and so is the PnL of that bar and of the next.
 *
 * @param shares held at each bar's end
 */
export function accountPnl(value: Frame, traded: Frame, shares: Frame): Frame {
  requireSameAxes(value, shares);
  const pnl = barPnl(value, traded);
  pnl.data.forEach((column, j) => {
    const held = shares.data[j] as Column;
    (value.data[j] as Column).forEach((x, t) => {
      if (Number.isNaN(x) && known(held[t] as number) !== 0) {
        column.fill(Number.NaN, t, t + 2);
      }
    });
  });
  return pnl;
}

/**
 * PnL of one position over one bar, before fees and funding: Δ value − value traded. NaN where a
 * value is unknown; of nothing held it is 0.
 */
export function positionPnl(before: number, after: number, traded: number): number {
  return after - before - traded;
}

/** {@link positionPnl} where a missing value is nothing held, and a missing trade none. */
export function pnlOfChange(before: number, after: number, traded: number): number {
  const change = Number.isNaN(after) ? 0 - before : after - known(before);
  return Number.isNaN(change) ? 0 - traded : change - known(traded);
}

function known(x: number): number {
  return Number.isNaN(x) ? 0 : x;
}
