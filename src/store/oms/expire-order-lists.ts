import {sql} from "kysely";
import {type EpochMs, toIso} from "../../time/epoch.js";
import type {Store} from "../store.js";
import {instant} from "../streams/column-types.js";
import type {OmsOwner} from "./oms-owner.js";

/** A list that was accepted, and that nobody filled. */
export interface ExpiredList {
  readonly runId: string;
  readonly filename: string;
}

/**
 * Takes back what other runs of the owner's account had accepted and never filled: lists whose last
 * order ended before `endedBefore`. Each is no longer a success; its orders count as cancelled.
 *
 * Again, nothing is left to expire. The owner's own lists stay as they are, and so does every list
 * of which anything was filled.
 *
 * @returns the lists that expired now, by run and name
 */
export async function expireOrderLists(
  {db}: Store,
  {runId, strategy, account}: OmsOwner,
  {endedBefore, at}: {readonly endedBefore: EpochMs; readonly at: EpochMs},
): Promise<ExpiredList[]> {
  const rows = await db
    .updateTable("accepted_orders as list")
    .from((from) =>
      from
        .selectFrom("oms_orders as one")
        .leftJoin("oms_fills as fill", (join) =>
          join
            .onRef("fill.run_id", "=", "one.run_id")
            .onRef("fill.strategyid", "=", "one.strategyid")
            .onRef("fill.account", "=", "one.account")
            .onRef("fill.order_id", "=", "one.order_id"),
        )
        .select(["one.run_id", "one.filename"])
        .select(({fn}) => fn.count<number>("one.order_id").as("orders"))
        .where((eb) => eb.and({"one.strategyid": strategy, "one.account": account}))
        .groupBy(["one.run_id", "one.filename"])
        .having(({fn}) => fn.max("one.end_timestamp"), "<", instant(endedBefore))
        .having(({fn}) => fn.count("fill.fill_id"), "=", 0)
        .as("unfilled"),
    )
    .set({
      success: false,
      cancel_count: sql<number>`unfilled.orders`,
      reason: `expired: run ${runId} found it unfilled after its deadline`,
      timestamp_db: toIso(at),
    })
    .where((eb) => eb.and({"list.strategyid": strategy, "list.account": account}))
    .where("list.success", "=", true)
    .where("list.run_id", "<>", runId)
    .whereRef("list.run_id", "=", "unfilled.run_id")
    .whereRef("list.filename", "=", "unfilled.filename")
    .returning(["list.run_id as runId", "list.filename"])
    .execute();
  return rows.sort((a, b) => (`${a.runId} ${a.filename}` < `${b.runId} ${b.filename}` ? -1 : 1));
}
