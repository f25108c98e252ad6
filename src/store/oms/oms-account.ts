import {sql, type Transaction} from "kysely";
import {ReckonError} from "../../errors.js";
import {type EpochMs, toIso} from "../../time/epoch.js";
import type {StoreSchema} from "../schema.js";
import type {Store} from "../store.js";
import {type OmsAccount, type OmsOwner, ownerColumns} from "./oms-owner.js";

/** Cash is a row of `current_positions` under this id, as the reference keeps it. */
export const CASH_ASSET_ID = "-1";

/** An account's rows of one trade date. */
export interface AccountPositions {
  /** `YYYY-MM-DD`. */
  readonly tradeDate: string;
  /** Missing where the tables have none. */
  readonly cash: number | undefined;
  /** Shares by instrument. */
  readonly shares: ReadonlyMap<string, number>;
}

/** The newest positions of an account up to a trade date; undefined where it has none. */
export async function readPositions(
  {db}: Store,
  {strategy, account}: OmsAccount,
  tradeDate: string,
): Promise<AccountPositions | undefined> {
  const own = {strategyid: strategy, account};
  const rows = await db
    .selectFrom("current_positions")
    .select(["tradedate", "asset_id", "current_position"])
    .where((eb) => eb.and(own))
    .where("tradedate", "=", (eb) =>
      eb
        .selectFrom("current_positions")
        .select(({fn}) => fn.max("tradedate").as("newest"))
        .where((inner) => inner.and(own))
        .where("tradedate", "<=", tradeDate),
    )
    .orderBy("asset_id")
    .execute();
  const [first] = rows;
  if (first === undefined) {
    return undefined;
  }
  const shares = new Map(rows.map((row) => [row.asset_id, row.current_position]));
  const cash = shares.get(CASH_ASSET_ID);
  shares.delete(CASH_ASSET_ID);
  return {tradeDate: first.tradedate, cash, shares};
}

/** What an account holds as a trade date begins. */
export interface OpeningPositions {
  readonly tradeDate: string;
  readonly at: EpochMs;
  readonly cash: number;
  readonly shares: ReadonlyMap<string, number>;
}

/**
 * Writes the opening rows of a trade date where it has none yet; positions that are there stay.
 *
 * With `replaces`, the rows of the date and everything the run wrote are deleted first: a
 * simulation that is run again starts from nothing.
 */
export async function openPositions(
  {db}: Store,
  owner: OmsOwner,
  opening: OpeningPositions & {readonly replaces: boolean},
): Promise<void> {
  const {tradeDate, at, cash, shares, replaces} = opening;
  const key = {strategyid: owner.strategy, account: owner.account, tradedate: tradeDate};
  const rows = [[CASH_ASSET_ID, cash] as const, ...shares].map(([asset_id, position]) => ({
    ...key,
    asset_id,
    id: -1,
    timestamp_db: toIso(at),
    target_position: 0,
    current_position: position,
    open_quantity: 0,
    net_cost: 0,
    bod_position: position,
    bod_price: 0,
  }));
  await db.transaction().execute(async (tx) => {
    if (replaces) {
      await tx
        .deleteFrom("current_positions")
        .where((eb) => eb.and(key))
        .execute();
      await deleteRun(tx, owner);
    }
    await tx
      .insertInto("current_positions")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/**
 * A run id under which nothing was submitted yet: `base`, else `base.2`, `base.3` …
 *
 * @throws ReckonError `failed` when a thousand are taken
 */
export async function freeRunId(
  {db}: Store,
  {strategy, account}: OmsAccount,
  base: string,
): Promise<string> {
  const rows = await db
    .selectFrom("submitted_orders")
    .select("run_id")
    .distinct()
    .where((eb) => eb.and({strategyid: strategy, account}))
    .where(sql<boolean>`starts_with(run_id, ${base})`)
    .execute();
  const taken = new Set(rows.map((row) => row.run_id));
  for (let n = 1; n <= 1_000; ++n) {
    const runId = n === 1 ? base : `${base}.${n}`;
    if (!taken.has(runId)) {
      return runId;
    }
  }
  throw new ReckonError("failed", {
    place: `runs ${base}`,
    expected: "fewer than a thousand starts",
    found: String(taken.size),
  });
}

async function deleteRun(tx: Transaction<StoreSchema>, owner: OmsOwner): Promise<void> {
  const own = ownerColumns(owner);
  for (const table of ["oms_fills", "oms_orders", "accepted_orders", "submitted_orders"] as const) {
    await tx
      .deleteFrom(table)
      .where((eb) => eb.and(own as never))
      .execute();
  }
}
