import type {Order} from "../orders/order.js";
import {parseOrderType} from "../orders/order-type.js";
import type {PriceColumns, PriceView} from "./price-view.js";

/**
 * What an order is filled at, from the bars that are known now; NaN when none is.
 *
 * `@start` the value at the bar that ends at or before the order's start; `@end` at its end;
 * `@twap` the mean over the bars with end in (start, end]. midpoint = (bid + ask) / 2;
 * partial_spread_X: a buy pays (1 - X) bid + X ask, a sale receives X bid + (1 - X) ask.
 *
 * @param barMs length of the market's bars; `@start` and `@end` look no farther back than one bar
 */
export function fillPrice(
  order: Order,
  market: PriceView,
  {columns, barMs}: {readonly columns: PriceColumns; readonly barMs: number},
): number {
  const {price, spreadFraction, when} = parseOrderType(order.type);
  const values = (column: string): Float64Array => {
    if (when === "twap") {
      return market.valuesWithin(column, order.instrumentId, order);
    }
    const end = when === "start" ? order.start : order.end;
    return market.valuesWithin(column, order.instrumentId, {start: end - barMs, end}).subarray(-1);
  };
  if (price === "price") {
    return mean(values(columns.price));
  }
  if (price === "midpoint" && market.hasColumn(columns.midpoint)) {
    return mean(values(columns.midpoint));
  }
  const fraction = price === "midpoint" ? 0.5 : spreadFraction;
  const toAsk = order.diffShares > 0 ? fraction : 1 - fraction;
  return (1 - toAsk) * mean(values(columns.bid)) + toAsk * mean(values(columns.ask));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
