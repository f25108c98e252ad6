import {diff, lag, lead} from "../../stats/series/lag.js";
import {type Frame, mapCells, requireSameAxes, zipCells} from "../../table/frame.js";
import {SHARE_ROUNDING} from "../account/share-rounding.js";

/** What a desk wanted and had, one column per instrument, one row per bar. */
export interface WantedAndHeld {
  /** Shares held when the bar's targets were made. */
  readonly holdings_shares: Frame;
  /** Shares to trade until the next bar, signed. */
  readonly target_trades_shares: Frame;
  readonly target_holdings_shares: Frame;
  /** Price of a share at the bar. */
  readonly price: Frame;
}

/** How well orders were filled, per bar and instrument; NaN where nothing was wanted or known. */
export interface FillStats {
  readonly executed_trades_shares: Frame;
  /** |executed| / |wanted one bar before|; NaN where nothing was wanted. */
  readonly fill_rate: Frame;
  /** |wanted one bar before| − |executed|; negative where more was done. */
  readonly underfill_share_count: Frame;
  /** The same at the price of the bar before, money. */
  readonly underfill_notional: Frame;
  /** What the shares that were not had earn over the next bar; positive is a cost. */
  readonly underfill_opportunity_cost_notional: Frame;
  /** The same at the bar at which it is known: one later. */
  readonly underfill_opportunity_cost_realized_notional: Frame;
  /** Held less wanted one bar before, shares. */
  readonly tracking_error_shares: Frame;
  /** The same against the holding that was wanted, in bps. */
  readonly tracking_error_bps: Frame;
}

/**
 * How much of what was wanted at a bar was had at the next (the reference's fill statistics).
 *
 * With H held, W the trade wanted, T the holding wanted and P the price: executed = H(t) − H(t−1);
 * fill rate = |executed(t) / W(t−1)|; underfill u(t) = |W(t−1)| − |executed(t)|; its opportunity
 * cost at t = sign W(t−1) · u(t) · (P(t+1) − P(t)); tracking error = H(t) − T(t−1). An underfill
 * of no more than rounding of the holdings is 0.
 */
export function fillStats(wanted: WantedAndHeld): FillStats {
  const {holdings_shares, target_trades_shares, target_holdings_shares, price} = wanted;
  requireSameAxes(holdings_shares, target_trades_shares);
  const executed = diff(holdings_shares);
  const before = lag(target_trades_shares, 1);
  const rounding = zipCells(holdings_shares, lag(holdings_shares, 1), (h, was) =>
    Math.max(Math.abs(h), Math.abs(was)),
  );
  const gap = zipCells(before, executed, (w, x) => Math.abs(w) - Math.abs(x));
  const underfill = zipCells(gap, rounding, (u, size) =>
    Math.abs(u) <= SHARE_ROUNDING * size ? 0 : u,
  );
  const rate = zipCells(executed, before, (x, w) => (w === 0 ? Number.NaN : Math.abs(x / w)));
  const side = mapCells(before, Math.sign);
  const cost = zipCells(zipCells(side, underfill, times), lead(diff(price)), times);
  const held = lag(target_holdings_shares, 1);
  const error = zipCells(holdings_shares, held, (h, t) => h - t);
  return {
    executed_trades_shares: executed,
    fill_rate: zipCells(rate, underfill, (x, u) => (u === 0 && !Number.isNaN(x) ? 1 : x)),
    underfill_share_count: underfill,
    underfill_notional: zipCells(underfill, lag(price, 1), times),
    underfill_opportunity_cost_notional: cost,
    underfill_opportunity_cost_realized_notional: lag(cost, 1),
    tracking_error_shares: error,
    tracking_error_bps: zipCells(error, held, (e, t) => (t === 0 ? NaN : (1e4 * e) / Math.abs(t))),
  };
}

const times = (a: number, b: number): number => a * b;
