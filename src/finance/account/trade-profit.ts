import {fillPosition, NO_POSITION, type Position} from "./position.js";

/** A trade: a position opened at one price, to be closed as a whole at another. */
export interface Trade {
  readonly side: "long" | "short";
  /** Base units, > 0. */
  readonly amount: number;
  readonly openPrice: number;
  /** Fee rates, shares of the money traded: 0.001 is 10 bps. */
  readonly openFee: number;
  readonly closeFee: number;
  /** Position value over own money; 1 where left out. */
  readonly leverage?: number;
  /** Funding in quote currency; received positive. 0 where left out. */
  readonly funding?: number;
  /** Interest on what was borrowed: in quote currency for a long trade, in base units for a short
   * one. {@link marginInterest} computes it; 0 where left out. */
  readonly interest?: number;
}

/** What closing a trade earns. */
export interface TradeProfit {
  /** Paid (long) or received (short) at the opening, after the fee; quote currency. */
  readonly openValue: number;
  /** Received (long) or paid (short) at the closing, after fee, interest and funding. */
  readonly closeValue: number;
  /** Quote currency. */
  readonly profit: number;
  /** On own money: profit / openValue · leverage. */
  readonly profitRatio: number;
}

/**
 * The profit of closing a trade at a price, after fees, interest and funding.
 *
 * Long: open = a·p·(1 + f₀), close = a·p'·(1 − f₁) − interest + funding, profit = close − open.
 * Short: open = a·p·(1 − f₀), close = (a + interest)·p'·(1 + f₁) − funding, profit = open − close.
 * The conventions of freqtrade's trades.
 */
export function tradeProfit(trade: Trade, closePrice: number): TradeProfit {
  const {side, amount, openPrice, openFee, closeFee} = trade;
  const {leverage = 1, funding = 0, interest = 0} = trade;
  const isLong = side === "long";
  const openValue = amount * openPrice * (isLong ? 1 + openFee : 1 - openFee);
  const closeValue = isLong
    ? amount * closePrice * (1 - closeFee) - interest + funding
    : (amount + interest) * closePrice * (1 + closeFee) - funding;
  const profit = isLong ? closeValue - openValue : openValue - closeValue;
  return {openValue, closeValue, profit, profitRatio: (profit / openValue) * leverage};
}

/** What a margin trade borrows: the part of the price that is not own money (long, quote currency),
 * or everything that is sold (short, base units). */
export function borrowedAmount({
  side,
  amount,
  openPrice,
  leverage = 1,
}: Pick<Trade, "side" | "amount" | "openPrice" | "leverage">): number {
  return side === "short" ? amount : (amount * openPrice * (leverage - 1)) / leverage;
}

/** How an exchange counts the time that is charged for. */
export type InterestRule = "per-hour" | "opening-and-per-4-hours";

/**
 * Interest on a borrowed amount, in the unit of what was borrowed.
 *
 * `per-hour` (Binance): the daily rate, for every hour begun: b·r·⌈hours⌉ / 24.
 * `opening-and-per-4-hours` (Kraken): the rate at the opening and for every four hours begun:
 * b·r·(1 + ⌈hours / 4⌉). Nothing borrowed costs nothing.
 *
 * @param rate share of the borrowed amount: a day's, or a four-hour period's
 * @param hours how long it was borrowed, ≥ 0
 */
export function marginInterest(
  borrowed: number,
  {rate, hours, rule}: {readonly rate: number; readonly hours: number; readonly rule: InterestRule},
): number {
  const periods = rule === "per-hour" ? Math.ceil(hours) / 24 : 1 + Math.ceil(hours / 4);
  return borrowed * rate * periods;
}

/** A trade that is scaled in and out by several orders. */
export interface ScaledTrade {
  readonly side: "long" | "short";
  /** What is open, at its average price, before fees. */
  readonly position: Position;
  /** Σ value of the opening orders with their fees; quote currency. */
  readonly openedValue: number;
  /** Of all closing orders so far, after the fees of both sides. */
  readonly realisedProfit: number;
  /** Of the last closing order; NaN before the first. */
  readonly lastProfit: number;
  /** realisedProfit / openedValue at the last closing order; NaN before the first. */
  readonly profitRatio: number;
}

/** A trade without any order yet. */
export function newTrade(side: ScaledTrade["side"]): ScaledTrade {
  return {
    side,
    position: NO_POSITION,
    openedValue: 0,
    realisedProfit: 0,
    lastProfit: Number.NaN,
    profitRatio: Number.NaN,
  };
}

/**
 * The trade after one more order: on its own side it opens more, on the other it closes.
 *
 * Average cost: what is closed was opened at the average price of what was held, and pays the fees
 * of both sides.
 *
 * @param quantity signed: positive buys; an order that closes must not exceed what is open
 * @param feeRate  share of the money traded, for the opening and the closing
 */
export function scaleTrade(
  trade: ScaledTrade,
  {quantity, price, feeRate = 0}: {quantity: number; price: number; feeRate?: number},
): ScaledTrade {
  const {side} = trade;
  const position = fillPosition(trade.position, {quantity, price});
  const isOpening = quantity > 0 === (side === "long");
  const fees = {openFee: feeRate, closeFee: feeRate};
  if (isOpening) {
    const {openValue} = tradeProfit(
      {side, amount: Math.abs(quantity), openPrice: price, ...fees},
      price,
    );
    const openedValue = trade.openedValue + openValue;
    return {...trade, position, openedValue};
  }
  const openPrice = trade.position.averagePrice;
  const {profit} = tradeProfit({side, amount: Math.abs(quantity), openPrice, ...fees}, price);
  const realisedProfit = trade.realisedProfit + profit;
  return {
    ...trade,
    position,
    realisedProfit,
    lastProfit: profit,
    profitRatio: realisedProfit / trade.openedValue,
  };
}
