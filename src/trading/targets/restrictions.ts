import type {Restriction} from "../../config/system-config.js";

/**
 * What is left of a trade when its forbidden parts are taken out.
 *
 * A trade has at most two parts: the one that brings a holding towards 0 (a sale of a long, a buy
 * that covers a short) and the one that opens or adds beyond 0. Sale of 30 from a long 20 with
 * short sales forbidden is a sale of 20; with sales of longs forbidden it is nothing, for the rest
 * would not open a short either.
 *
 * @param trade  signed, positive buys
 * @param held   before the trade; negative means short
 */
export function restrictTrade(
  trade: number,
  held: number,
  restriction: Restriction | undefined,
): number {
  if (restriction === undefined || trade === 0) {
    return trade;
  }
  if (restriction.is_restricted) {
    return 0;
  }
  const isBuy = trade > 0;
  const size = Math.abs(trade);
  const towardsZero = isBuy === held > 0 ? 0 : Math.min(size, Math.abs(held));
  const beyond = size - towardsZero;
  const [mayReduce, mayOpen] = isBuy
    ? [!restriction.is_buy_cover_restricted, !restriction.is_buy_restricted]
    : [!restriction.is_sell_long_restricted, !restriction.is_sell_short_restricted];
  if (towardsZero > 0 && !mayReduce) {
    return 0;
  }
  const left = towardsZero + (mayOpen ? beyond : 0);
  return left === 0 ? 0 : isBuy ? left : -left;
}
