import type {EpochMs} from "../../time/epoch.js";
import {formatOwned, parseOwned, type TradeOwner} from "./owner-params.js";
import {
  checkField,
  formatFloat,
  formatRecordTime,
  parseNumberField,
  parseRecordLine,
  parseRecordTime,
} from "./record-line.js";

/** An executed order, or part of one; its owner is that of the order. */
export interface Fill extends TradeOwner {
  /** Counted from 0 within a run. */
  readonly fillId: number;
  readonly orderId: number;
  readonly instrumentId: string;
  /** The moment the fill counts from: the order's deadline, or the end of its part. */
  readonly time: EpochMs;
  /** Signed: positive bought. */
  readonly shares: number;
  readonly price: number;
  /** In settlement currency; positive is paid. */
  readonly fee: number;
}

/** One line of text: the reference's fields, then the order's id, the fee and the owner. */
export function formatFill(fill: Fill): string {
  const {instrumentId, fillId, orderId} = fill;
  const [shares, price, fee] = [fill.shares, fill.price, fill.fee].map(formatFloat);
  const time = formatRecordTime(fill.time, "UTC");
  const trade = `asset_id=${instrumentId} fill_id=${fillId} timestamp=${time}`;
  const execution = `num_shares=${shares} price=${price} order_id=${orderId} fee=${fee}`;
  const owner = formatOwned(fill);
  return `Fill: ${trade} ${execution}${owner === "{}" ? "" : ` extra_params=${owner}`}`;
}

/**
 * The inverse of {@link formatFill}. A line of the reference names no order, no fee and no owner:
 * they are -1, 0 and nobody. Shares are finite and not 0, a price is above 0.
 *
 * @throws ReckonError `bad-data` when a field is missing or makes no sense
 */
export function parseFill(line: string): Fill {
  const {field, has} = parseRecordLine(line, "Fill", "extra_params");
  const owner = parseOwned(has("extra_params") ? field("extra_params") : "{}");
  const number = (name: string): number => parseNumberField(field(name), name);
  const such = (name: string, isSuch: (value: number) => boolean, expected: string): number => {
    const text = field(name);
    const value = parseNumberField(text, name);
    return checkField(isSuch(value), value, {name, text, expected});
  };
  return {
    fillId: number("fill_id"),
    orderId: has("order_id") ? number("order_id") : -1,
    instrumentId: field("asset_id"),
    time: parseRecordTime(field("timestamp"), "timestamp"),
    shares: such("num_shares", (shares) => shares !== 0, "a number of shares that is not 0"),
    price: such("price", (price) => price > 0, "a price above 0"),
    fee: has("fee") ? number("fee") : 0,
    parentOrderId: owner.parentOrderId,
    strategy: owner.strategy,
    account: owner.account,
  };
}
