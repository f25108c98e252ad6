import type {Column} from "../../table/frame.js";
import {allowsInfinite, type Convention} from "../convention.js";
import {countKnown} from "../distribution/moments.js";

const DAYS_PER_YEAR = 365.25;

/** What 1 has become: Π(1 + r) of the known returns; 1 without any. */
export function finalWealth(returns: Column): number {
  let wealth = 1;
  for (let t = 0; t < returns.length; ++t) {
    const r = returns[t] as number;
    wealth *= Number.isNaN(r) ? 1 : 1 + r;
  }
  return wealth;
}

/** Π(1 + r) − 1: what was won or lost of the capital; NaN without any return. */
export function totalReturn(returns: Column): number {
  return returns.length === 0 ? Number.NaN : finalWealth(returns) - 1;
}

/** Wealth after each period, from 1: Π(1 + r) up to it; a missing return is 0. */
export function wealthPath(returns: Column): Float64Array {
  let wealth = 1;
  const path = new Float64Array(returns.length);
  for (let t = 0; t < returns.length; ++t) {
    const r = returns[t] as number;
    wealth *= Number.isNaN(r) ? 1 : 1 + r;
    path[t] = wealth;
  }
  return path;
}

/** What the time of a series is worth in years, where a convention asks the calendar. */
export interface AnnualReturnOptions {
  readonly convention?: Convention;
  /** Days from the first to the last date, which ffn divides by 365.25. */
  readonly calendarDays?: number;
}

/**
 * The compound annual growth rate: (Π(1 + r))^(periodsPerYear / n) − 1.
 *
 * n counts the known returns; under empyrical and pyfolio missing ones too. ffn takes calendar
 * years instead. A total loss is −1; NaN without any return.
 */
export function annualReturn(
  returns: Column,
  periodsPerYear: number,
  {convention = "reckon", calendarDays}: AnnualReturnOptions = {},
): number {
  const periods = allowsInfinite(convention) ? returns.length : countKnown(returns);
  const years =
    convention === "ffn" && calendarDays !== undefined
      ? calendarDays / DAYS_PER_YEAR
      : periods / periodsPerYear;
  return growthRate(returns.length === 0 ? Number.NaN : finalWealth(returns), years);
}

/** wealth^(1 / years) − 1: the yearly rate at which 1 becomes `wealth`. */
export function growthRate(wealth: number, years: number): number {
  return wealth ** (1 / years) - 1;
}
