import type {Column} from "../../table/frame.js";
import {stdev} from "../distribution/moments.js";
import {maxDrawdown} from "../drawdown/percent-drawdown.js";
import {winRate} from "../trades/win-loss.js";
import {calmarRatio} from "./calmar-ratio.js";
import {sharpeRatio} from "./sharpe-ratio.js";
import {sortinoRatio} from "./sortino-ratio.js";
import {annualReturn, totalReturn} from "./total-return.js";

/** The numbers an investor asks first, all from daily returns; fractions, 0.1 for 10 %. */
export interface Headline {
  /** Days with a known return. */
  readonly days: number;
  /** Π(1 + r) − 1. */
  readonly totalReturn: number;
  /** (1 + total return)^(periodsPerYear / days) − 1, compounded. */
  readonly annualReturn: number;
  /** stdev (ddof 1) · √periodsPerYear. */
  readonly annualVolatility: number;
  /** mean / stdev (ddof 1) · √periodsPerYear; risk-free rate 0. */
  readonly sharpe: number;
  /** mean · periodsPerYear / (√mean(min(r, 0)²) · √periodsPerYear); target 0. */
  readonly sortino: number;
  /** annual return / |maximum drawdown|. */
  readonly calmar: number;
  /** 0 or negative; the starting capital counts as a peak. */
  readonly maxDrawdown: number;
  /** Days up / days that moved. */
  readonly hitRate: number;
}

/**
 * Headline statistics of daily returns.
 *
 * Missing days do not count. What cannot be said is NaN, never infinite: volatility and ratios with
 * fewer than two days, Sharpe without variation, Sortino without a losing day, Calmar without a
 * drawdown, hit rate when nothing moved; total and annual return without any day. A total loss
 * (a return of −1) has an annual return of −1.
 *
 * @param returns        one simple return per UTC day; intraday returns go through `dailyReturns`
 * @param periodsPerYear 365 where trading never stops, about 261 where it rests on weekends
 */
export function headline(returns: Column, periodsPerYear: number): Headline {
  const known = returns.filter((r) => !Number.isNaN(r));
  const days = known.length;
  return {
    days,
    totalReturn: totalReturn(known),
    annualReturn: annualReturn(known, periodsPerYear),
    annualVolatility: stdev(known) * Math.sqrt(periodsPerYear),
    sharpe: sharpeRatio(known, periodsPerYear),
    sortino: sortinoRatio(known, periodsPerYear),
    calmar: calmarRatio(known, periodsPerYear),
    maxDrawdown: days === 0 ? Number.NaN : maxDrawdown(known),
    hitRate: winRate(known),
  };
}
