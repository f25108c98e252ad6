import {type Column, type Frame, mapColumns, requireSameAxes} from "../../table/frame.js";

/**
 * Mark-to-market PnL of every bar, before fees and funding, of a portfolio in which a missing value
 * means that nothing is held.
 *
 * pnl[t] = value[t] − value[t−1] − traded[t], where buys count as positive traded value. The first
 * row is NaN: nothing was carried into it. A missing value counts as 0 next to a known one, and a
 * bar with neither value nor trade is NaN. Of an account, take {@link accountPnl}; of
 * one position, {@link positionBarsPnl}.
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
 * not 0; see {@link positionBarsPnl}. Which bars these are, `unpricedBars` tells.
 *
 * @param shares held at each bar's end
 */
export function accountPnl(value: Frame, traded: Frame, shares: Frame): Frame {
  requireSameAxes(value, traded);
  requireSameAxes(value, shares);
  return mapColumns(value, (column, j) => {
    const pnl = new Float64Array(column.length);
    const [paid, held] = [traded.data[j] as Column, shares.data[j] as Column];
    positionBarsPnl({value: column, traded: paid, shares: held}, pnl);
    return pnl;
  });
}

/** One instrument of a portfolio, bar by bar. */
export interface PositionBars {
  /** Held at the bar's end. */
  readonly shares: Column;
  /** Shares at the bar's mark, money. */
  readonly value: Column;
  /** Trades at their prices, money, buys positive. */
  readonly traded: Column;
  /** Shares traded, signed; where left out, a trade without a value is none. */
  readonly trades?: Column;
}

/**
 * PnL of the bars of one position, before fees, written into `pnl`.
 *
 * Δ value − traded value, where nothing held is worth 0, as in {@link barPnl}. A bar whose holding
 * has no value has no PnL (NaN): what the holding earns from its last known value on, less what was
 * traded since, falls on the next bar that has one. A bar whose trade has no value has no PnL
 * either, nor has the first bar that has a value: what led into it is not known.
 */
export function positionBarsPnl(bars: PositionBars, pnl: Float64Array): void {
  const {shares, value, traded, trades} = bars;
  let before = Number.NaN;
  let paidInGap = 0;
  let isFirst = true;
  for (let t = 0; t < pnl.length; ++t) {
    const [now, paid] = [value[t] as number, traded[t] as number];
    const isPaidUnknown = trades !== undefined && isValueUnknown(trades[t] as number, paid);
    if (isValueUnknown(shares[t] as number, now)) {
      pnl[t] = Number.NaN;
      paidInGap += isPaidUnknown ? Number.NaN : known(paid);
    } else {
      const isUnknown = isFirst || isPaidUnknown;
      pnl[t] = isUnknown ? Number.NaN : pnlOfChange(before, now, paid) - paidInGap;
      [before, paidInGap, isFirst] = [now, 0, false];
    }
  }
}

/**
 * What a position was worth at each bar, so that {@link barPnl} of it is what `positionBarsPnl`
 * tells: where its value is missing, it is the last known one and what was traded since; before the
 * first known one, that less what was traded up to it.
 */
export function valueAcrossGaps({shares, value, traded}: PositionBars): Float64Array {
  const worth = value.slice();
  const isGap = (t: number): boolean => isValueUnknown(shares[t] as number, value[t] as number);
  let first = 0;
  while (first < worth.length && isGap(first)) {
    first += 1;
  }
  for (let t = first + 1; t < worth.length; ++t) {
    worth[t] = isGap(t)
      ? known(worth[t - 1] as number) + known(traded[t] as number)
      : (value[t] as number);
  }
  for (let t = Math.min(first, worth.length) - 1; t >= 0 && first < worth.length; --t) {
    worth[t] = known(worth[t + 1] as number) - known(traded[t + 1] as number);
  }
  return worth;
}

/**
 * PnL without the bars behind lost ones: what changed over bars that are not there is not what one
 * bar earned, nor is it where the value of a position comes back later still.
 *
 * @param isBehindLost 1 at rows before which a bar is left out
 */
export function pnlWithoutLost(pnl: Frame, isBehindLost: ArrayLike<number>): Frame {
  return mapColumns(pnl, (column) => {
    let isDoubtful = false;
    return column.map((x, t) => {
      isDoubtful ||= isBehindLost[t] === 1;
      const isMasked = isDoubtful;
      isDoubtful &&= Number.isNaN(x);
      return isMasked ? Number.NaN : x;
    });
  });
}

/** True of a count of shares that is not 0 and whose value is missing. */
export function isValueUnknown(shares: number, value: number): boolean {
  return Number.isNaN(value) && !Number.isNaN(shares) && shares !== 0;
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
