import {ReckonError} from "../../errors.js";
import type {PriceColumns, PriceView} from "../brokers/price-view.js";

/** How an order is priced: `{price}@{when}`. */
export interface OrderType {
  readonly price: "price" | "midpoint" | "partial_spread";
  /** For `partial_spread_X`: X, in [0, 1]; 0 is the passive side, 1 crosses the spread. */
  readonly spreadFraction: number;
  readonly when: "start" | "end" | "twap";
}

/** The text read last: a run's orders are nearly all of one type. */
let lastRead: {readonly text: string; readonly type: OrderType} | undefined;

const ORDER_TYPE = /^(price|midpoint|partial_spread)(?:_(\d*\.?\d+))?@(start|end|twap)$/;

/**
 * Reads an order type such as `price@twap` or `partial_spread_0.25@end`.
 *
 * @throws ReckonError `misuse` when the text is none
 */
export function parseOrderType(text: string): OrderType {
  if (lastRead?.text !== text) {
    lastRead = {text, type: readOrderType(text)};
  }
  return lastRead.type;
}

function readOrderType(text: string): OrderType {
  const [, price, fraction, when] = ORDER_TYPE.exec(text) ?? [];
  const spreadFraction = Number(fraction ?? Number.NaN);
  const isFit = price === "partial_spread" ? spreadFraction <= 1 : fraction === undefined;
  if (price === undefined || !isFit) {
    throw new ReckonError("misuse", {
      place: "order_type",
      expected: "{price|midpoint|partial_spread_X}@{start|end|twap} with X in [0, 1]",
      found: JSON.stringify(text),
    });
  }
  return {
    price: price as OrderType["price"],
    spreadFraction,
    when: when as OrderType["when"],
  };
}

/**
 * Refuses an order type whose prices the market does not have.
 *
 * @throws ReckonError `misuse` naming the missing columns
 */
export function checkOrderType(text: string, market: PriceView, columns: PriceColumns): void {
  const {price} = parseOrderType(text);
  const needed =
    price === "price"
      ? [columns.price]
      : price === "midpoint" && market.hasColumn(columns.midpoint)
        ? [columns.midpoint]
        : [columns.bid, columns.ask];
  const missing = needed.filter((column) => !market.hasColumn(column));
  if (missing.length > 0) {
    throw new ReckonError("misuse", {
      place: `order_type ${JSON.stringify(text)}`,
      expected: `market data with the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`,
      found: "a market without",
      fix: "use price@start, price@end or price@twap",
    });
  }
}
