import {forwardFillColumn} from "../../stats/series/forward-fill.js";
import type {Column} from "../../table/frame.js";
import {positionBarsPnl} from "../pnl/bar-pnl.js";
import {shareDecimalsOf} from "../sizing/quantize-shares.js";
import {NO_ROUNDING, roundHalfEven} from "../sizing/round-half-even.js";
import {forEachSizedBlock} from "../sizing/row-sizer.js";
import {targetSizer} from "../sizing/target-sizer.js";
import type {EvaluatorParams} from "./forecast-params.js";
import type {ForecastInputs} from "./forecast-trim.js";
import {adjustColumnOvernight} from "./overnight.js";
import {firstRows, forEachDay, type TradingDays} from "./trading-day.js";
import {carryUnderfills, type SidePrices} from "./underfills.js";

/** Missing marks and holdings are filled from at most this many bars before. */
export const FFILL_LIMIT = 4;

interface Context {
  readonly params: EvaluatorParams;
  readonly days: TradingDays;
}

/** One instrument's story, bar by bar. */
export interface InstrumentOutcome {
  readonly shares: Float64Array;
  /** Shares at the bar's mark, money. */
  readonly value: Float64Array;
  readonly trades: Float64Array;
  /** Trades at their prices, money, buys positive. */
  readonly traded: Float64Array;
  readonly pnl: Float64Array;
}

/**
 * Holdings, trades and PnL of every instrument, in column order, of forecasts that were traded
 * without any loss on the way.
 *
 * @param visit with `keep` false it must not keep the arrays: the next instrument overwrites them
 */
export function simulateHoldings(
  active: ForecastInputs,
  {keep, ...context}: Context & {readonly keep: boolean},
  visit: (outcome: InstrumentOutcome, j: number) => void,
): void {
  const rows = active.price.index.length;
  const buffers = () => ({
    value: new Float64Array(rows),
    trades: new Float64Array(rows),
    traded: new Float64Array(rows),
    pnl: new Float64Array(rows),
  });
  const reused = buffers();
  idealShares(active, context.params).forEach((shares, j) => {
    const outcome = {shares, ...(keep ? buffers() : reused)};
    fillOutcome(outcome, j, {active, ...context});
    visit(outcome, j);
  });
}

/** Shares at the end of each bar if the targets of the bar before are met; first row NaN. */
function idealShares(active: ForecastInputs, {targets, quantization = null}: EvaluatorParams) {
  const {price} = active;
  const rows = price.index.length;
  const shares = price.columns.map(() => new Float64Array(rows));
  const digits = price.columns.map((name) => shareDecimalsOf(quantization, name));
  const isRounded = digits.some((d) => d < NO_ROUNDING);
  for (const column of shares) {
    column.fill(Number.NaN, 0, 1);
  }
  forEachSizedBlock(targetSizer(shares.length, targets), active, ({from, to, cells}) => {
    const last = Math.min(to, rows - 1);
    for (let j = 0; j < shares.length; ++j) {
      const marks = price.data[j] as Column;
      const column = shares[j] as Float64Array;
      for (let t = from, at = j; t < last; ++t, at += shares.length) {
        const exact = (cells[at] as number) / Math.abs(marks[t] as number);
        column[t + 1] = isRounded ? roundHalfEven(exact, digits[j]) : exact;
      }
    }
  });
  return shares;
}

/**
 * `shares` are the ideal ones and are adapted in place; the rest is overwritten.
 *
 * What was held over bars without a mark is traded as soon as there is one, also at the first bar
 * of a day that else trades nothing.
 */
function fillOutcome(
  {shares, value, trades, traded, pnl}: InstrumentOutcome,
  j: number,
  {active, params, days}: Context & {readonly active: ForecastInputs},
): void {
  const {liquidateAtEndOfDay = true, adjustForSplits = false} = params;
  const rules = {liquidateAtEndOfDay, adjustForSplits, ffillLimit: FFILL_LIMIT};
  const price = active.price.data[j] as Column;
  const mark = filled(price);
  adjustColumnOvernight(shares, {price, days, rules});
  const sides = sidePrices(active, j, {mark, days, liquidateAtEndOfDay});
  const hasSplits = adjustForSplits && !liquidateAtEndOfDay;
  if (sides || mark !== price) {
    const isSplit = hasSplits ? firstRows(days, shares.length) : undefined;
    carryUnderfills(shares, {mark, sides, isSplit});
  }
  differences(shares, trades);
  if (params.initializeBeginningOfDayTradesToZero ?? true) {
    forEachDay(days, (from) => {
      const isSplit = hasSplits && !Number.isNaN(shares[from] as number);
      if (isSplit || !Number.isNaN(mark[from - 1] ?? 0)) {
        trades[from] = (trades[from] as number) * 0;
      }
    });
  }
  multiply(shares, mark, value);
  if (sides) {
    multiplySides(trades, sides, traded);
  } else {
    multiply(trades, mark, traded);
  }
  positionBarsPnl({shares, value, trades, traded}, pnl);
}

/** Prices of buys and sells; the forced trades of a day's last bar are done at the mark. */
function sidePrices(
  {buyPrice, sellPrice}: ForecastInputs,
  j: number,
  {
    mark,
    days,
    liquidateAtEndOfDay,
  }: {mark: Column; days: TradingDays; liquidateAtEndOfDay: boolean},
): SidePrices | undefined {
  if (!buyPrice || !sellPrice) {
    return undefined;
  }
  const [buys, sells] = [buyPrice, sellPrice].map(({data}) => {
    const prices = Float64Array.from(data[j] as Column);
    if (liquidateAtEndOfDay) {
      forEachDay(days, (_from, to) => {
        prices[to - 1] = mark[to - 1] as number;
      });
    }
    return prices;
  }) as [Float64Array, Float64Array];
  return {buyPrice: buys, sellPrice: sells};
}

/** Δ shares, a missing one next to a known one counting as 0. */
function differences(shares: Column, trades: Float64Array): void {
  let before = Number.NaN;
  for (let t = 0; t < shares.length; ++t) {
    const now = shares[t] as number;
    trades[t] = Number.isNaN(now) ? 0 - before : now - (Number.isNaN(before) ? 0 : before);
    before = now;
  }
}

function multiply(a: Column, b: Column, product: Float64Array): void {
  for (let t = 0; t < product.length; ++t) {
    product[t] = (a[t] as number) * (b[t] as number);
  }
}

function multiplySides(
  trades: Column,
  {buyPrice, sellPrice}: SidePrices,
  traded: Float64Array,
): void {
  for (let t = 0; t < traded.length; ++t) {
    const x = trades[t] as number;
    traded[t] = x * (x > 0 ? (buyPrice[t] as number) : x < 0 ? (sellPrice[t] as number) : 1);
  }
}

/** The prices themselves where none is missing. */
function filled(price: Column): Column {
  for (let t = 0; t < price.length; ++t) {
    if (Number.isNaN(price[t] as number)) {
      return forwardFillColumn(price, FFILL_LIMIT);
    }
  }
  return price;
}
