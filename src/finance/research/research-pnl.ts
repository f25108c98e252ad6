import type {Column} from "../../table/frame.js";
import {pnlOfChange} from "../pnl/bar-pnl.js";

/** One instrument of a research portfolio, bar by bar. */
export interface ResearchBars {
  readonly shares: Column;
  /** Shares at the bar's mark, money. */
  readonly value: Column;
  readonly trades: Column;
  /** Trades at their prices, money, buys positive. */
  readonly traded: Column;
}

/**
 * PnL of a research portfolio's bars, before fees, written into `pnl`.
 *
 * Δ value − traded value, where nothing held is worth 0, as in `barPnl`. A bar whose holding has no
 * mark has no PnL (NaN): what the holding earns from its last known value on falls on the next bar
 * that has one. A bar whose trade has no price has no PnL either.
 */
export function researchPnl(
  {shares, value, trades, traded}: ResearchBars,
  pnl: Float64Array,
): void {
  let before = Number.NaN;
  for (let t = 0; t < pnl.length; ++t) {
    const now = value[t] as number;
    const paid = traded[t] as number;
    if (isValueUnknown(shares[t] as number, now)) {
      pnl[t] = Number.NaN;
    } else {
      const isPaidUnknown = isValueUnknown(trades[t] as number, paid);
      pnl[t] = isPaidUnknown ? Number.NaN : pnlOfChange(before, now, paid);
      before = now;
    }
  }
  pnl.fill(Number.NaN, 0, 1);
}

/** True of a count of shares that is not 0 and whose value is missing. */
export function isValueUnknown(shares: number, value: number): boolean {
  return Number.isNaN(value) && !Number.isNaN(shares) && shares !== 0;
}
