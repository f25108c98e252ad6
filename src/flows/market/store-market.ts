import {type ConfigTree, mergeConfigs} from "../../config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../../config/default-system-config.js";
import type {SystemConfig} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {readInstruments} from "../../market/instruments/instrument-book.js";
import {marketTitle} from "../../market/market-title.js";
import {listMarket} from "../../market/parquet/list-market.js";
import {readBars, requireStore} from "../../market/parquet/read-bars.js";
import {canonicalTimeframe} from "../../market/timeframe.js";
import type {Model} from "../../models/model.js";
import {pickInstruments} from "../../system/instrument-rules.js";
import type {RunMarket} from "../../system/run/run-market.js";
import type {RunRequest} from "../../system/run/run-system.js";
import {parsePeriod} from "../../time/bar-grid.js";
import type {EpochMs} from "../../time/epoch.js";

/** Which part of the store a user asked for; what is left out is chosen. */
export interface StoreChoice {
  readonly dataDir: string;
  readonly exchange?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
}

/**
 * The market of a run from the store, chosen and checked before the run begins.
 *
 * @throws ReckonError `bad-data` when the store lacks it, naming what there is
 */
export async function storeMarket(
  choice: StoreChoice,
  model: Model,
  {start, end}: {readonly start: EpochMs; readonly end: EpochMs},
): Promise<Pick<RunRequest, "choices" | "market">> {
  const {dataDir} = choice;
  const exchange = choice.exchange ?? (await onlyExchange(dataDir));
  const timeframe = canonicalTimeframe(choice.timeframe ?? modelTimeframe(model));
  const book = await readInstruments({dataDir, exchange});
  const ids =
    choice.symbols ??
    (await readBars({dataDir, exchange, timeframe, from: start, to: start})).symbols;
  const instruments = pickInstruments([...book.values()], ids);
  const read = async (config: SystemConfig): Promise<RunMarket> => {
    const {history_lookback, asset_ids} = config.market_data_config;
    const from = start - parsePeriod(history_lookback);
    const bars = await readBars({dataDir, exchange, timeframe, symbols: asset_ids, from, to: end});
    return {
      exchange,
      timeframe,
      title: marketTitle(exchange, timeframe),
      bars,
      instruments: pickInstruments(instruments, asset_ids),
    };
  };
  return {choices: {exchange, timeframe, instrumentIds: ids}, market: read};
}

/** The bar length the model's config asks for. */
export function modelTimeframe(model: Model): string {
  const config = mergeConfigs(DEFAULT_SYSTEM_CONFIG, model.config);
  return String((config.market_data_config as ConfigTree).timeframe);
}

/** @throws ReckonError `bad-data` unless the Parquet store has bars of exactly one exchange */
export async function onlyExchange(dataDir: string): Promise<string> {
  requireStore(dataDir);
  const exchanges = [...new Set((await listMarket(dataDir)).map(({exchange}) => exchange))];
  if (exchanges.length !== 1) {
    throw new ReckonError("bad-data", {
      place: `${dataDir}/market`,
      expected: exchanges.length === 0 ? "bars of an exchange" : "one exchange, or --exchange",
      found: exchanges.length === 0 ? "none" : exchanges.join(", "),
      fix:
        exchanges.length === 0
          ? "run `reckon market import DIR --exchange NAME --timeframe 5m` first"
          : "name the one to use with --exchange",
    });
  }
  return exchanges[0] as string;
}
