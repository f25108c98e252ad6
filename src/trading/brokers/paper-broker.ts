import {ReckonError} from "../../errors.js";
import type {Clock} from "../../time/clock.js";
import {MINUTE_MS} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import type {Fill} from "../orders/fill.js";
import {checkOrder, type Order} from "../orders/order.js";
import {type FillMode, orderSlices} from "../orders/order-slices.js";
import {checkOrderType} from "../orders/order-type.js";
import type {Broker} from "./broker.js";
import {fillPrice} from "./fill-price.js";
import {DEFAULT_PRICE_COLUMNS, type PriceColumns, type PriceView} from "./price-view.js";

/** An order that begins longer ago than this would be filled at prices of the past. */
const OLDEST_START_MS = MINUTE_MS;

export interface PaperBrokerOptions {
  readonly clock: Clock;
  readonly market: PriceView;
  /** Length of the market's bars, ms. */
  readonly marketBarMs: number;
  readonly columns?: PriceColumns;
  /** Whole at the deadline where left out. */
  readonly fillMode?: FillMode;
  /** Paid on every fill, in bps of the notional traded. Defaults to 0. */
  readonly feeBps?: number;
  /** Signed value of `shares` at a price, in settlement currency. */
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  /** Rounds the parts of an order to the instrument's lot; left out: they are equal. */
  readonly roundShares?: (instrumentId: string, shares: number) => number;
  /** How long ago an order may have begun, ms; a minute where left out. */
  readonly oldestStartMs?: number;
  /** Told of each order, or part of one, that found no price by its deadline. */
  readonly onExpired?: (order: Order) => void;
}

/**
 * A broker that fills from market data, whole at the deadline or in parts as time goes by.
 *
 * An order is priced when fills are next asked for after its end, from the bars known by then; an
 * order without a known price expires unfilled. Fills are numbered in the order of their times.
 */
export function paperBroker(options: PaperBrokerOptions): Broker {
  const {clock, market, marketBarMs: barMs, feeBps = 0, value, onExpired} = options;
  const {fillMode = {kind: "at-once"}, roundShares = (_id, shares) => shares} = options;
  const columns = options.columns ?? DEFAULT_PRICE_COLUMNS;
  let open: Order[] = [];
  let fillId = 0;

  const fill = (order: Order): Fill | undefined => {
    const price = fillPrice(order, market, {columns, barMs});
    if (!Number.isFinite(price) || price <= 0) {
      onExpired?.(order);
      return undefined;
    }
    const notional = Math.abs(value(order.instrumentId, order.diffShares, price));
    return {
      fillId: fillId++,
      orderId: order.orderId,
      instrumentId: order.instrumentId,
      time: order.end,
      shares: order.diffShares,
      price,
      fee: (notional * feeBps) / 10_000,
      strategy: order.strategy,
      account: order.account,
      parentOrderId: order.parentOrderId,
    };
  };

  return {
    async submitOrders(orders) {
      let checked: string | undefined;
      for (const order of orders) {
        checkOrder(order);
        if (order.type !== checked) {
          checkOrderType(order.type, market, columns);
          checked = order.type;
        }
        checkIsCurrent(order, clock.now(), options.oldestStartMs);
      }
      open.push(...orders.flatMap((order) => orderSlices(order, fillMode, roundShares)));
    },
    async takeFills() {
      const now = clock.now();
      const due = open.filter(({end}) => end <= now).sort((a, b) => a.end - b.end);
      open = open.filter(({end}) => end > now);
      return due.map(fill).filter((made) => made !== undefined);
    },
  };
}

/**
 * Refuses an order of another time than now.
 *
 * @throws ReckonError `failed` when its deadline has passed, or it began long ago
 */
export function checkIsCurrent(
  order: Order,
  now: number,
  oldestStartMs: number = OLDEST_START_MS,
): void {
  const place = `order ${order.orderId}`;
  if (order.end <= now) {
    const found = formatUtc(order.end);
    throw new ReckonError("failed", {place, expected: `a deadline after ${formatUtc(now)}`, found});
  }
  if (order.start < now - oldestStartMs) {
    const expected = `a start at ${formatUtc(now)} or later`;
    throw new ReckonError("failed", {place, expected, found: formatUtc(order.start)});
  }
}
