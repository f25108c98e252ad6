import {ReckonError} from "../errors.js";
import type {EpochMs} from "../time/epoch.js";
import {formatUtc, parseUtc} from "../time/utc-text.js";
import {parseOrderType} from "./order-type.js";

/** A wish to change a holding by `diffShares` between `start` and `end`. */
export interface Order {
  /** Counted from 0 within a run: a function of the run's inputs. */
  readonly orderId: number;
  readonly creationTime: EpochMs;
  readonly instrumentId: string;
  /** `{price}@{when}`, for example `price@twap`. */
  readonly type: string;
  readonly start: EpochMs;
  /** The deadline; the order is filled or expires then. */
  readonly end: EpochMs;
  /** Held when the order was made; negative means short. */
  readonly currentShares: number;
  /** Signed, never 0: positive buys. */
  readonly diffShares: number;
}

/**
 * Checks an order: creation <= start < end, a finite non-zero quantity, a known type.
 *
 * @throws ReckonError `failed` naming the rule that was broken
 */
export function checkOrder(order: Order): Order {
  const complain = (expected: string, found: string): never => {
    throw new ReckonError("failed", {place: `order ${order.orderId}`, expected, found});
  };
  parseOrderType(order.type);
  if (!(order.creationTime <= order.start && order.start < order.end)) {
    const times = [order.creationTime, order.start, order.end].map(formatUtc);
    complain("creation <= start < end", times.join(", "));
  }
  if (!Number.isFinite(order.diffShares) || order.diffShares === 0) {
    complain("a finite, non-zero number of shares", String(order.diffShares));
  }
  return order;
}

/** One line of text; {@link parseOrder} is the inverse. */
export function formatOrder(order: Order): string {
  const fields = {
    order_id: order.orderId,
    creation_timestamp: formatUtc(order.creationTime),
    asset_id: order.instrumentId,
    type_: order.type,
    start_timestamp: formatUtc(order.start),
    end_timestamp: formatUtc(order.end),
    curr_num_shares: formatShares(order.currentShares),
    diff_num_shares: formatShares(order.diffShares),
    tz: "UTC",
    extra_params: "{}",
  };
  const text = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return `Order: ${text.join(" ")}`;
}

/**
 * Reads one line of {@link formatOrder}, or of the reference system (any UTC offset).
 *
 * @throws ReckonError `bad-data` when a field is missing
 */
export function parseOrder(line: string): Order {
  const fields = new Map(
    Array.from(line.matchAll(/(\w+)=(.*?)(?= \w+=|$)/g), ([, name, value]) => [
      name as string,
      value as string,
    ]),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined || !line.startsWith("Order: ")) {
      throw new ReckonError("bad-data", {
        place: `order line ${JSON.stringify(line.slice(0, 60))}`,
        expected: `"Order: " and a field ${name}=`,
        found: "neither",
      });
    }
    return value;
  };
  return checkOrder({
    orderId: Number(field("order_id")),
    creationTime: parseUtc(field("creation_timestamp"), "creation_timestamp"),
    instrumentId: field("asset_id"),
    type: field("type_"),
    start: parseUtc(field("start_timestamp"), "start_timestamp"),
    end: parseUtc(field("end_timestamp"), "end_timestamp"),
    currentShares: Number(field("curr_num_shares")),
    diffShares: Number(field("diff_num_shares")),
  });
}

/** Whole numbers keep one decimal, as the reference prints them. */
function formatShares(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
