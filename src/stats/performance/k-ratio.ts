import type {Column} from "../../table/frame.js";
import {cumulativeSum} from "../series/cumulative.js";
import {trend} from "../series/trend.js";
import {zeroForMissing} from "../series/zero-for-missing.js";

/**
 * Kestner's K-ratio (2003): how steadily cumulative PnL grows.
 *
 * slope / standard error of the slope of cumulative PnL on the bar number, · √periodsPerYear / n.
 * Missing PnL counts as 0. NaN with fewer than three bars or on an exactly straight line.
 */
export function kRatio(pnl: Column, periodsPerYear: number): number {
  const cumulative = cumulativeSum(zeroForMissing(pnl));
  const {slope, slopeError} = trend(cumulative);
  const isStraight = !(slopeError > 1e-12 * Math.abs(slope)); // what rounding leaves
  const ratio = isStraight ? Number.NaN : slope / slopeError;
  return (ratio * Math.sqrt(periodsPerYear)) / pnl.length;
}
