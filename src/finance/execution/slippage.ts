import {forwardFill} from "../../stats/series/forward-fill.js";
import {diff, lag, lead, simpleReturns} from "../../stats/series/lag.js";
import {type Frame, mapCells, requireSameAxes, zipCells} from "../../table/frame.js";

/** What slippage is measured on: one column per instrument, one row per bar. */
export interface TradedPortfolio {
  readonly holdings_shares: Frame;
  /** Value of the holdings at each bar's end. */
  readonly holdings_notional: Frame;
  /** Shares traded during the bar, signed. */
  readonly executed_trades_shares: Frame;
  /** Value of these trades at their prices, buys positive; missing means none known. */
  readonly executed_trades_notional: Frame;
}

/** Slippage per bar and instrument; costs are positive, and NaN where nothing was traded. */
export interface Slippage {
  /** The benchmark: the price at the bar's beginning, when the trade was decided. */
  readonly holdings_price_per_share: Frame;
  /** The mean price of the bar's trades. */
  readonly trade_price_per_share: Frame;
  /** Of all the bar's shares, money. */
  readonly slippage_notional: Frame;
  readonly slippage_notional_per_share: Frame;
  /** Against the benchmark price. */
  readonly slippage_in_bps: Frame;
  /** What the benchmark price gained during the bar, per share, for the side traded; 0 for none. */
  readonly benchmark_return_notional: Frame;
  /** The same against the benchmark price; one that is missing counts as the last known. */
  readonly benchmark_return_in_bps: Frame;
  /** 1 where shares were bought, else 0. */
  readonly is_buy: Frame;
  /** 1 where shares were sold, else 0. */
  readonly is_sell: Frame;
  /** 1 where the price went the trade's way after the decision, -1 against it, else 0. */
  readonly is_benchmark_profitable: Frame;
}

/**
 * What trades cost against the price at which they were decided.
 *
 * With side = +1 for a bar of buys, −1 of sales, 0 of neither, traded price T = value / shares of
 * the bar's trades and benchmark B = the price one bar earlier: slippage per share = side·(T − B),
 * times |shares|, or times 10⁴ / B; benchmark return = side·(B[t+1] − B[t]), likewise. The last
 * row's return is not known yet.
 *
 * @param price each bar's closing price; where left out, what the holdings were marked at, which
 *   is known only where something was held
 */
export function slippage(portfolio: TradedPortfolio, price?: Frame): Slippage {
  const {holdings_shares, holdings_notional, executed_trades_shares, executed_trades_notional} =
    portfolio;
  const mark = price ?? zipCells(holdings_notional, holdings_shares, ratio);
  requireSameAxes(mark, executed_trades_shares);
  const benchmark = lag(mark, 1);
  const traded = zipCells(executed_trades_notional, executed_trades_shares, ratio);
  const side = mapCells(executed_trades_notional, sideOf);
  const perShare = zipCells(side, zipCells(traded, benchmark, minus), times);
  const benchmarkReturn = zipCells(side, lead(diff(benchmark)), times);
  const relativeReturn = lead(simpleReturns(forwardFill(benchmark)));
  return {
    holdings_price_per_share: benchmark,
    trade_price_per_share: traded,
    slippage_notional: zipCells(perShare, mapCells(executed_trades_shares, Math.abs), times),
    slippage_notional_per_share: perShare,
    slippage_in_bps: zipCells(perShare, benchmark, (cost, at) => (1e4 * cost) / at),
    benchmark_return_notional: benchmarkReturn,
    benchmark_return_in_bps: zipCells(side, relativeReturn, (s, x) => 1e4 * s * x),
    is_buy: mapCells(side, (s) => (s > 0 ? 1 : 0)),
    is_sell: mapCells(side, (s) => (s < 0 ? 1 : 0)),
    is_benchmark_profitable: mapCells(benchmarkReturn, Math.sign),
  };
}

const minus = (a: number, b: number): number => a - b;
const times = (a: number, b: number): number => a * b;
/** 0 / 0 is NaN: no price without shares. */
const ratio = (a: number, b: number): number => a / b;

/** NaN counts as nothing traded. */
function sideOf(traded: number): number {
  return traded > 0 ? 1 : traded < 0 ? -1 : 0;
}
