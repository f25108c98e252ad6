import {positionValue} from "../../src/finance/account/holdings-value.js";
import type {BarTable} from "../../src/market/bars.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";
import type {Order} from "../../src/trading/orders/order.js";

/** A time of day on 2000-01-01 in New York, as the reference's samples tell them. */
export const newYork = (text: string) => parseUtc(`2000-01-01 ${text}-05:00`);

/** Spot: value is shares times price. */
export const spotValue = (_id: string, shares: number, price: number) =>
  positionValue(shares, price);

/** An order for 100 shares of 101 from 09:30 to 09:35, but for the changes. */
export function orderOf(changes: Partial<Order> = {}): Order {
  return {
    orderId: 0,
    parentOrderId: null,
    strategy: "",
    account: "",
    creationTime: newYork("09:30:00"),
    instrumentId: "101",
    type: "price@twap",
    start: newYork("09:30:00"),
    end: newYork("09:35:00"),
    currentShares: 0,
    diffShares: 100,
    extraParams: {},
    ...changes,
  };
}

/** Minute bars of 101 from the end `first` on, known `delayMs` after they end. */
export function minuteBars(
  first: number,
  columns: Readonly<Record<string, readonly number[]>>,
  delayMs = 0,
): BarTable {
  const length = Math.max(...Object.values(columns).map((cells) => cells.length));
  const barEnd = Float64Array.from({length}, (_, i) => first + i * MINUTE_MS);
  const cells = Object.entries(columns).map(
    ([name, values]) => [name, Float64Array.from(values)] as const,
  );
  const knowledgeTime = barEnd.map((end) => end + delayMs);
  const own = {barEnd, knowledgeTime, columns: new Map(cells)};
  return {barMs: MINUTE_MS, symbols: ["101"], bySymbol: new Map([["101", own]])};
}
