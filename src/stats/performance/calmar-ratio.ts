import type {Column} from "../../table/frame.js";
import {maxDrawdown} from "../drawdown/percent-drawdown.js";
import {type AnnualReturnOptions, annualReturn} from "./total-return.js";

/** Annual return / |maximum drawdown|; NaN without a drawdown. */
export function calmarRatio(
  returns: Column,
  periodsPerYear: number,
  options: AnnualReturnOptions = {},
): number {
  const deepest = maxDrawdown(returns);
  return deepest < 0 ? annualReturn(returns, periodsPerYear, options) / -deepest : Number.NaN;
}
