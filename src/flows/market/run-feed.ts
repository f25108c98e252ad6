import type {Override} from "../../config/override.js";
import {
  findUniverse,
  readUniverses,
  universesFile,
  universeVersion,
} from "../../market/instruments/universe.js";
import type {Model} from "../../models/model.js";
import type {RunRequest} from "../../system/run/run-system.js";
import type {EpochMs} from "../../time/epoch.js";
import {fileMarket} from "./file-market.js";
import {type SqlChoice, sqlMarket} from "./sql-market.js";
import {onlyExchange, type StoreChoice, storeMarket} from "./store-market.js";

/** Which market a run shall read. */
export interface FeedChoice extends SqlChoice {
  /** Recorded bars of the market store, or the rows of the SQL store. */
  readonly feed?: "recorded" | "sql" | undefined;
  /** A replay file instead of the market store. */
  readonly marketDataFile?: string | undefined;
}

/**
 * The instruments of a universe, as `--universe` names it, with the config value that tells it.
 *
 * @throws ReckonError `misuse` when there is no such universe, naming those there are
 */
export async function universeOf(
  text: string,
  {dataDir, exchange}: Pick<StoreChoice, "dataDir" | "exchange">,
): Promise<{readonly symbols: readonly string[]; readonly override: Override}> {
  const place = {dataDir, exchange: exchange ?? (await onlyExchange(dataDir))};
  const file = universesFile(place);
  const universe = findUniverse(await readUniverses(file), text, file);
  const path = ["market_data_config", "universe_version"];
  const value = universeVersion(universe);
  const override = {path, value, text: `--universe ${text}`, isRecordOnly: true};
  return {symbols: universe.assetIds, override};
}

/** The market of a run, by what was asked for: a replay file, the SQL
 * store (live where the rows are still to come), or the market store. */
export async function runMarket(
  choice: FeedChoice,
  model: Model,
  interval: {readonly start: EpochMs; readonly end: EpochMs},
): Promise<Pick<RunRequest, "choices" | "market">> {
  const {marketDataFile, feed, isLive} = choice;
  if (marketDataFile !== undefined) {
    return await fileMarket({...choice, path: marketDataFile});
  }
  return isLive || feed === "sql"
    ? await sqlMarket(choice, model, interval)
    : await storeMarket(choice, model, interval);
}
