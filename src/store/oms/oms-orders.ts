import {ReckonError} from "../../errors.js";
import {type EpochMs, toIso} from "../../time/epoch.js";
import type {Store} from "../store.js";
import {type OmsOwner, ownerColumns} from "./oms-owner.js";

/** Longest text of one row of `submitted_orders`. */
export const ORDERS_TEXT_LIMIT = 16_384;

/** One row of `submitted_orders`. */
export interface OrderList {
  readonly filename: string;
  /** One order per line. */
  readonly text: string;
}

/** One row of `oms_orders`. */
export interface OmsOrder {
  readonly orderId: number;
  readonly parentOrderId: number | null;
  readonly instrumentId: string;
  readonly type: string;
  readonly creationTime: EpochMs;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly currentShares: number;
  readonly diffShares: number;
  readonly extraParams: object;
  /** The list it goes out with. */
  readonly filename: string;
}

/**
 * Writes lists and their orders, all or none; writing the same again changes nothing.
 *
 * @throws ReckonError `failed` when another list of that name was written before
 */
export async function submitOrderLists(
  {db}: Store,
  owner: OmsOwner,
  submission: {
    readonly lists: readonly OrderList[];
    readonly orders: readonly OmsOrder[];
    readonly at: EpochMs;
  },
): Promise<void> {
  const {lists, orders, at} = submission;
  const own = ownerColumns(owner);
  const timestamp_db = toIso(at);
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto("submitted_orders")
      .values(
        lists.map(({filename, text}) => ({...own, filename, timestamp_db, orders_as_txt: text})),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const written = await tx
      .selectFrom("submitted_orders")
      .select(["filename", "orders_as_txt"])
      .where((eb) => eb.and(own))
      .where(
        "filename",
        "in",
        lists.map(({filename}) => filename),
      )
      .execute();
    const texts = new Map(written.map((row) => [row.filename, row.orders_as_txt]));
    for (const {filename, text} of lists) {
      checkWritten(filename, text, texts.get(filename));
    }
    await tx
      .insertInto("oms_orders")
      .values(orders.map((order) => ({...own, ...orderColumns(order), timestamp_db})))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** Lists written after the row `afterId` (0: all), oldest first; `id` is the row's. */
export async function readOrderLists(
  {db}: Store,
  owner: OmsOwner,
  afterId: number,
): Promise<(OrderList & {readonly id: number})[]> {
  return await db
    .selectFrom("submitted_orders")
    .select(["id", "filename", "orders_as_txt as text"])
    .where((eb) => eb.and(ownerColumns(owner)))
    .where("id", ">", afterId)
    .orderBy("id")
    .execute();
}

/** What the exchange says to a list. */
export interface OrderListAnswer {
  readonly filename: string;
  readonly isAccepted: boolean;
  readonly reason: string;
}

/** Answers a list; the first answer stands. */
export async function answerOrderList(
  {db}: Store,
  owner: OmsOwner,
  answer: OrderListAnswer & {readonly tradeDate: string; readonly at: EpochMs},
): Promise<void> {
  const at = toIso(answer.at);
  await db
    .insertInto("accepted_orders")
    .values({
      ...ownerColumns(owner),
      tradedate: answer.tradeDate,
      instanceid: 1,
      filename: answer.filename,
      timestamp_processed: at,
      timestamp_db: at,
      target_count: 1,
      changed_count: 0,
      unchanged_count: 0,
      cancel_count: 0,
      success: answer.isAccepted,
      reason: answer.reason,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The answers to these lists that were given so far. */
export async function readAnswers(
  {db}: Store,
  owner: OmsOwner,
  filenames: readonly string[],
): Promise<OrderListAnswer[]> {
  return await db
    .selectFrom("accepted_orders")
    .select(["filename", "success as isAccepted", "reason"])
    .where((eb) => eb.and(ownerColumns(owner)))
    .where("filename", "in", filenames)
    .execute();
}

function checkWritten(filename: string, text: string, written: string | undefined): void {
  if (written !== text) {
    throw new ReckonError("failed", {
      place: `submitted_orders ${filename}`,
      expected: "the orders of this run",
      found: "other orders under that name",
      fix: "let every run write under a name of its own",
    });
  }
}

function orderColumns(order: OmsOrder) {
  return {
    order_id: order.orderId,
    parent_order_id: order.parentOrderId,
    asset_id: order.instrumentId,
    type_: order.type,
    creation_timestamp: toIso(order.creationTime),
    start_timestamp: toIso(order.start),
    end_timestamp: toIso(order.end),
    curr_num_shares: order.currentShares,
    diff_num_shares: order.diffShares,
    extra_params: JSON.stringify(order.extraParams),
    filename: order.filename,
  };
}
