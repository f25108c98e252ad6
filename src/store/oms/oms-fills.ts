import type {Transaction} from "kysely";
import {bookFill} from "../../finance/account/book-fill.js";
import {type EpochMs, toIso} from "../../time/epoch.js";
import type {StoreSchema} from "../schema.js";
import type {Store} from "../store.js";
import {CASH_ASSET_ID} from "./oms-account.js";
import {type OmsOwner, ownerColumns} from "./oms-owner.js";

/** One row of `oms_fills`. */
export interface OmsFill {
  /** Counted from 0 within a run. */
  readonly fillId: number;
  readonly orderId: number;
  readonly parentOrderId: number | null;
  readonly instrumentId: string;
  /** The moment the fill counts from. */
  readonly time: EpochMs;
  /** Signed: positive bought. */
  readonly shares: number;
  readonly price: number;
  /** In settlement currency; positive is paid. */
  readonly fee: number;
}

/** How fills change an account. */
export interface Booking {
  readonly fills: readonly OmsFill[];
  /** `YYYY-MM-DD`. */
  readonly tradeDate: string;
  readonly at: EpochMs;
  /** Signed value of shares at a price, in settlement currency. */
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  readonly roundShares: (instrumentId: string, shares: number) => number;
}

/**
 * Books fills: each is a row of `oms_fills`, moves its instrument's row of `current_positions`
 * (position += shares, net cost -= value traded) and the account's cash, where that has a row.
 *
 * All or none; a fill that was booked before changes nothing, so that a lost answer is no harm.
 */
export async function bookFills({db}: Store, owner: OmsOwner, booking: Booking): Promise<void> {
  const {fills, at} = booking;
  if (fills.length === 0) {
    return;
  }
  const own = ownerColumns(owner);
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto("oms_fills")
      .values(fills.map((fill) => ({...own, ...fillColumns(fill), timestamp_db: toIso(at)})))
      .onConflict((conflict) => conflict.doNothing())
      .returning("fill_id")
      .execute();
    const isNew = new Set(added.map((row) => row.fill_id));
    await movePositions(tx, owner, {
      ...booking,
      fills: fills.filter(({fillId}) => isNew.has(fillId)),
    });
  });
}

/** Fills of a run after the one numbered `afterFillId` (-1: all), in the order of their ids. */
export async function readFills(
  {db}: Store,
  owner: OmsOwner,
  afterFillId: number,
): Promise<OmsFill[]> {
  return await db
    .selectFrom("oms_fills")
    .select([
      "fill_id as fillId",
      "order_id as orderId",
      "parent_order_id as parentOrderId",
      "asset_id as instrumentId",
      "timestamp as time",
      "num_shares as shares",
      "price",
      "fee",
    ])
    .where((eb) => eb.and(ownerColumns(owner)))
    .where("fill_id", ">", afterFillId)
    .orderBy("fill_id")
    .execute();
}

interface Holding {
  orderId: number;
  parentOrderId: number | null;
  position: number;
  netCost: number;
}

async function movePositions(
  tx: Transaction<StoreSchema>,
  owner: OmsOwner,
  booking: Booking,
): Promise<void> {
  const {fills, tradeDate, value, roundShares} = booking;
  const known = await readHoldings(tx, owner, booking);
  const cash = known.get(CASH_ASSET_ID);
  const moved = new Map<string, Holding>();
  for (const fill of fills) {
    const {instrumentId: id} = fill;
    const held = moved.get(id) ?? known.get(id) ?? {position: 0, netCost: 0};
    const traded = value(id, fill.shares, fill.price);
    const booked = bookFill(
      {shares: held.position, cash: cash?.position ?? 0},
      {shares: fill.shares, traded, fee: fill.fee},
      (count) => roundShares(id, count),
    );
    moved.set(id, {
      orderId: fill.orderId,
      parentOrderId: fill.parentOrderId,
      position: booked.shares,
      netCost: held.netCost - traded,
    });
    if (cash !== undefined) {
      cash.position = booked.cash;
      cash.orderId = fill.orderId;
      moved.set(CASH_ASSET_ID, cash);
    }
  }
  for (const [assetId, holding] of moved) {
    await writeHolding(tx, owner, {assetId, tradeDate, at: booking.at, holding});
  }
}

/** The rows are locked until the fills are booked. */
async function readHoldings(
  tx: Transaction<StoreSchema>,
  {strategy, account}: OmsOwner,
  {fills, tradeDate}: Booking,
): Promise<Map<string, Holding>> {
  const rows = await tx
    .selectFrom("current_positions")
    .select(["asset_id", "id", "parent_order_id", "current_position", "net_cost"])
    .where((eb) => eb.and({strategyid: strategy, account, tradedate: tradeDate}))
    .where("asset_id", "in", [CASH_ASSET_ID, ...fills.map(({instrumentId}) => instrumentId)])
    .forUpdate()
    .execute();
  return new Map(
    rows.map((row) => [
      row.asset_id,
      {
        orderId: row.id,
        parentOrderId: row.parent_order_id,
        position: row.current_position,
        netCost: row.net_cost,
      },
    ]),
  );
}

async function writeHolding(
  tx: Transaction<StoreSchema>,
  {strategy, account}: OmsOwner,
  row: {assetId: string; tradeDate: string; at: EpochMs; holding: Holding},
): Promise<void> {
  const {orderId, parentOrderId, position, netCost} = row.holding;
  const change = {
    id: orderId,
    parent_order_id: parentOrderId,
    timestamp_db: toIso(row.at),
    current_position: position,
    net_cost: netCost,
  };
  await tx
    .insertInto("current_positions")
    .values({
      ...change,
      strategyid: strategy,
      account,
      tradedate: row.tradeDate,
      asset_id: row.assetId,
      target_position: 0,
      open_quantity: 0,
      bod_position: 0,
      bod_price: 0,
    })
    .onConflict((conflict) =>
      conflict.columns(["strategyid", "account", "tradedate", "asset_id"]).doUpdateSet(change),
    )
    .execute();
}

function fillColumns(fill: OmsFill) {
  return {
    fill_id: fill.fillId,
    order_id: fill.orderId,
    parent_order_id: fill.parentOrderId,
    asset_id: fill.instrumentId,
    timestamp: toIso(fill.time),
    num_shares: fill.shares,
    price: fill.price,
    fee: fill.fee,
  };
}
