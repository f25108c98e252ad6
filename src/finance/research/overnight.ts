import {type Column, type Frame, mapColumns, requireSameAxes} from "../../table/frame.js";
import {roundHalfEven} from "../sizing/round-half-even.js";
import {type DayOf, forEachDay, type TradingDays, tradingDays, utcDay} from "./trading-day.js";

/** What happens to holdings between days. */
export interface OvernightRules {
  /** Holdings are 0 at the end of every day's last and first bar. */
  readonly liquidateAtEndOfDay: boolean;
  /** Without liquidation: each day starts with the evening's shares, multiplied by a split. */
  readonly adjustForSplits: boolean;
  /** Missing holdings take the last known of the day, at most this many bars old. */
  readonly ffillLimit: number;
}

/**
 * Share holdings at bar ends, adapted to what happens between days.
 *
 * A missing first bar stays missing when liquidating. A split is inferred where the price falls
 * overnight to 1/N of itself: the factor is previous close / first price, rounded, if that is above
 * 1 (a fall to 60 % rounds to a factor of 2: wrong for crashes, right for N-for-1 splits).
 *
 * @param price marks, same axes
 */
export function adjustHoldingsOvernight(
  holdings: Frame,
  price: Frame,
  {dayOf = utcDay, ...rules}: OvernightRules & {readonly dayOf?: DayOf},
): Frame {
  requireSameAxes(holdings, price);
  const days = tradingDays(holdings.index, dayOf);
  return mapColumns(holdings, (column, j) => {
    const adjusted = Float64Array.from(column);
    adjustColumnOvernight(adjusted, {price: price.data[j] as Column, days, rules});
    return adjusted;
  });
}

/** {@link adjustHoldingsOvernight} of one column, in place. */
export function adjustColumnOvernight(
  holdings: Float64Array,
  {price, days, rules}: {price: Column; days: TradingDays; rules: OvernightRules},
): void {
  if (rules.liquidateAtEndOfDay) {
    forEachDay(days, (from, to) => {
      holdings[to - 1] = 0;
      holdings[from] = (holdings[from] as number) * 0;
    });
  } else if (rules.adjustForSplits) {
    carryOvernight(holdings, price, days);
  }
  if (rules.ffillLimit > 0) {
    forEachDay(days, (from, to) => {
      fillForward(holdings.subarray(from, to), rules.ffillLimit);
    });
  }
}

function carryOvernight(holdings: Float64Array, price: Column, days: TradingDays): void {
  let evening = Number.NaN;
  let close = Number.NaN;
  forEachDay(days, (from, to) => {
    const nextEvening = lastKnown(holdings.subarray(from, to));
    const open = price.subarray(from, to).find((x) => !Number.isNaN(x)) ?? Number.NaN;
    const ratio = roundHalfEven(close / open);
    holdings[from] = evening * (ratio > 1 && ratio < Infinity ? ratio : 1);
    evening = nextEvening;
    close = lastKnown(price.subarray(from, to));
  });
}

function lastKnown(values: Column): number {
  for (let t = values.length - 1; t >= 0; --t) {
    if (!Number.isNaN(values[t] as number)) {
      return values[t] as number;
    }
  }
  return Number.NaN;
}

function fillForward(values: Float64Array, limit: number): void {
  let age = limit;
  for (let t = 0; t < values.length; ++t) {
    if (!Number.isNaN(values[t] as number)) {
      age = 0;
    } else if (age < limit) {
      values[t] = values[t - 1] as number;
      age += 1;
    }
  }
}
