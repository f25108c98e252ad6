import {ReckonError} from "../errors.js";
import type {Clock} from "../time/clock.js";
import {formatUtc} from "../time/utc-text.js";
import type {Broker} from "./broker.js";
import {type Fill, fillPrice} from "./fill.js";
import {checkOrder, type Order} from "./order.js";
import {checkOrderType} from "./order-type.js";
import {DEFAULT_PRICE_COLUMNS, type PriceColumns, type PriceView} from "./price-view.js";

export interface PaperBrokerOptions {
  readonly clock: Clock;
  readonly market: PriceView;
  /** Length of the market's bars, ms. */
  readonly marketBarMs: number;
  readonly columns?: PriceColumns;
  /** Paid on every fill, in bps of the notional traded. Defaults to 0. */
  readonly feeBps?: number;
  /** Signed value of `shares` at a price, in settlement currency. */
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  /** Told of each order that found no price by its deadline. */
  readonly onExpired?: (order: Order) => void;
}

/**
 * A broker that fills from market data, whole and at the deadline.
 *
 * An order is priced when fills are next asked for after its end, from the bars known by then; an
 * order without a known price expires unfilled.
 */
export function paperBroker(options: PaperBrokerOptions): Broker {
  const {clock, market, marketBarMs: barMs, feeBps = 0, value, onExpired} = options;
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
    };
  };

  return {
    async submitOrders(orders) {
      for (const order of orders) {
        checkOrder(order);
        checkOrderType(order.type, market, columns);
        if (order.end <= clock.now()) {
          throw new ReckonError("failed", {
            place: `order ${order.orderId}`,
            expected: `a deadline after ${formatUtc(clock.now())}`,
            found: formatUtc(order.end),
          });
        }
      }
      open.push(...orders);
    },
    async takeFills() {
      const due = open.filter((order) => order.end <= clock.now());
      open = open.filter((order) => order.end > clock.now());
      return due.map(fill).filter((made) => made !== undefined);
    },
  };
}
