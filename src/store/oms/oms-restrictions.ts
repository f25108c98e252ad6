import type {Restriction} from "../../config/system-config.js";
import type {Store} from "../store.js";
import type {OmsAccount} from "./oms-owner.js";

/**
 * What an account may not trade on a trade date (`YYYY-MM-DD`), by instrument; empty where the
 * table says nothing.
 */
export async function readRestrictions(
  {db}: Store,
  {strategy, account}: OmsAccount,
  tradeDate: string,
): Promise<Restriction[]> {
  return await db
    .selectFrom("restrictions")
    .select([
      "asset_id",
      "is_restricted",
      "is_buy_restricted",
      "is_buy_cover_restricted",
      "is_sell_short_restricted",
      "is_sell_long_restricted",
    ])
    .where((eb) => eb.and({strategyid: strategy, account}))
    .where("tradedate", "=", tradeDate)
    .orderBy("asset_id")
    .execute();
}
