import type {ConfigTree} from "../../config/config-tree.js";
import {ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import {parseOrderType} from "./order-type.js";
import {formatOwned, parseOwned, type TradeOwner, unfitParam} from "./owner-params.js";
import {
  formatFloat,
  formatRecordTime,
  parseNumberField,
  parseRecordLine,
  parseRecordTime,
} from "./record-line.js";

/**
 * A wish to change a holding by `diffShares` in [start, end). Its parent, strategy and account are
 * written among the `extra_params` of its text, which keeps the reference's fields.
 */
export interface Order extends TradeOwner {
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
  /** What a broker may want to know besides; plain values by name. */
  readonly extraParams: Readonly<ConfigTree>;
}

/**
 * Checks an order: a whole id, an instrument without blanks, creation <= start < end, a finite
 * non-zero quantity, a known type, further parameters that its text can hold.
 *
 * @throws ReckonError `failed` naming the rule that was broken
 */
export function checkOrder(order: Order): Order {
  const complain = (expected: string, found: string): never => {
    throw new ReckonError("failed", {place: `order ${order.orderId}`, expected, found});
  };
  parseOrderType(order.type);
  if (!Number.isSafeInteger(order.orderId) || order.orderId < 0) {
    complain("a whole order id from 0 on", String(order.orderId));
  }
  if (!/^\S+$/.test(order.instrumentId)) {
    complain("an instrument's id without blanks", JSON.stringify(order.instrumentId));
  }
  const unfit = unfitParam(order.extraParams);
  if (unfit !== undefined) {
    complain("further parameters that are finite and not the owner's", unfit);
  }
  if (!(order.creationTime <= order.start && order.start < order.end)) {
    const times = [order.creationTime, order.start, order.end].map(formatUtc);
    complain("creation <= start < end", times.join(", "));
  }
  if (!Number.isFinite(order.diffShares) || order.diffShares === 0) {
    complain("a finite, non-zero number of shares", String(order.diffShares));
  }
  return order;
}

/** One line of text with times in UTC; {@link parseOrder} is the inverse. */
export function formatOrder(order: Order): string {
  return formatOrderIn("UTC", order);
}

/** One line of text with the times of a zone, as the reference writes America/New_York. */
export function formatOrderIn(zone: string, order: Order): string {
  const fields = orderFields(zone, order).map(([name, value]) => `${name}=${value}`);
  return `Order: ${fields.join(" ")}`;
}

/** A field per line, for people; {@link parseOrder} reads it too. */
export function describeOrder(order: Order, zone = "UTC"): string {
  const fields = orderFields(zone, order).map(([name, value]) => `  ${name}=${value}`);
  return ["Order:", ...fields].join("\n");
}

/** One line per order; {@link parseOrders} is the inverse. */
export function formatOrders(orders: readonly Order[]): string {
  return orders.map(formatOrder).join("\n");
}

/**
 * Reads orders: a line each, or a field per line as {@link describeOrder} writes them; empty lines
 * are skipped.
 *
 * @throws ReckonError `bad-data` for a text that is no order
 */
export function parseOrders(text: string): Order[] {
  return text
    .split(/\n(?!\s)/)
    .filter((order) => order.trim() !== "")
    .map(parseOrder);
}

/**
 * Reads one order as {@link formatOrder} or the reference wrote it: any UTC offset, any zone.
 *
 * @throws ReckonError `bad-data` when a field is missing or makes no sense
 */
export function parseOrder(text: string): Order {
  const {field, has} = parseRecordLine(text, "Order", "extra_params");
  const number = (name: string): number => parseNumberField(field(name), name);
  const time = (name: string): EpochMs => parseRecordTime(field(name), name);
  const owner = parseOwned(has("extra_params") ? field("extra_params") : "{}");
  return checkOrder({
    orderId: number("order_id"),
    creationTime: time("creation_timestamp"),
    instrumentId: field("asset_id"),
    type: field("type_"),
    start: time("start_timestamp"),
    end: time("end_timestamp"),
    currentShares: number("curr_num_shares"),
    diffShares: number("diff_num_shares"),
    parentOrderId: owner.parentOrderId,
    strategy: owner.strategy,
    account: owner.account,
    extraParams: owner.extraParams,
  });
}

function orderFields(zone: string, order: Order): [name: string, value: string][] {
  const time = (at: EpochMs): string => formatRecordTime(at, zone);
  return [
    ["order_id", String(order.orderId)],
    ["creation_timestamp", time(order.creationTime)],
    ["asset_id", order.instrumentId],
    ["type_", order.type],
    ["start_timestamp", time(order.start)],
    ["end_timestamp", time(order.end)],
    ["curr_num_shares", formatFloat(order.currentShares)],
    ["diff_num_shares", formatFloat(order.diffShares)],
    ["tz", zone],
    ["extra_params", formatOwned(order, order.extraParams)],
  ];
}
