import type {SystemConfig} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {fullSymbol, type Instrument, inferInstrument} from "../../market/instruments/instrument.js";
import {readInstruments} from "../../market/instruments/instrument-book.js";
import {describeNotice} from "../../market/live/market-notice.js";
import {readFeed} from "../../market/live/read-feed.js";
import {checkBarTable, type SqlFeedChoice, sqlBarFeed} from "../../market/live/sql-bar-feed.js";
import {StoreMarket} from "../../market/live/store-market.js";
import {marketTitle} from "../../market/market-title.js";
import {dumpFeed, type FeedDumpReport} from "../../market/replay-file/dump-feed.js";
import type {DumpRange} from "../../market/replay-file/dump-market-data.js";
import {canonicalTimeframe} from "../../market/timeframe.js";
import type {Model} from "../../models/model.js";
import type {Store} from "../../store/open/open-store.js";
import {pickInstruments} from "../../system/instrument-rules.js";
import type {LiveMarket, MarketOpening, RunMarket} from "../../system/run/run-market.js";
import type {RunRequest} from "../../system/run/run-system.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {type EpochMs, SECOND_MS} from "../../time/epoch.js";
import {openAwaitedStore, openSharedStore} from "../shared-store.js";
import {modelTimeframe, onlyExchange, type StoreChoice} from "./store-market.js";

/** Which rows of the SQL store a user asked for; what is left out is chosen. */
export interface SqlChoice extends StoreChoice {
  /** The config's table where left out. */
  readonly table?: string | undefined;
  /** The rows are still to come. */
  readonly isLive?: boolean | undefined;
}

/**
 * The market of a run from the SQL store that `RECKON_DATABASE_URL` or the data folder names: the
 * rows as they come in, or those that are there.
 *
 * @throws ReckonError `misuse` for a table that holds no bars, or when no instrument is named and
 *   none is known
 */
export async function sqlMarket(
  choice: SqlChoice,
  model: Model,
  {start, end}: {readonly start: EpochMs; readonly end: EpochMs},
): Promise<Pick<RunRequest, "choices" | "market">> {
  const {dataDir, isLive = false} = choice;
  const exchange = choice.exchange ?? (await onlyExchange(dataDir));
  const timeframe = canonicalTimeframe(choice.timeframe ?? modelTimeframe(model));
  const instruments = await sqlInstruments({dataDir, exchange, symbols: choice.symbols});
  const market = async (config: SystemConfig): Promise<RunMarket> => {
    const {asset_ids, im_client_config, history_lookback} = config.market_data_config;
    const feedChoice: SqlFeedChoice = {
      table: checkBarTable(choice.table ?? im_client_config.table_name),
      exchange,
      timeframe,
      instruments: pickInstruments(instruments, asset_ids),
    };
    const title = marketTitle(exchange, timeframe);
    const facts = {exchange, timeframe, title, instruments: feedChoice.instruments};
    if (isLive) {
      const feed = {kind: "sql", table: feedChoice.table, exchange} as const;
      return {...facts, feed, open: (opening) => openLive(dataDir, {config, feedChoice}, opening)};
    }
    const range = {from: start - parsePeriod(history_lookback), to: end};
    const {bars} = await withStore(dataDir, (store) =>
      readFeed(sqlBarFeed(store, feedChoice), range),
    );
    return {...facts, bars};
  };
  return {choices: {exchange, timeframe, instrumentIds: instruments.map(({id}) => id)}, market};
}

/** Which bars of the SQL store go into a replay file. */
export interface SqlDumpChoice extends DumpRange {
  readonly dataDir: string;
  readonly table: string;
  readonly exchange: string;
  readonly timeframe: string;
  readonly symbols?: readonly string[] | undefined;
}

/**
 * Writes a replay file from the SQL store: every version of every bar, with its knowledge time.
 *
 * @throws ReckonError as {@link dumpFeed}, and `misuse` as {@link sqlMarket}
 */
export async function dumpSqlMarket(choice: SqlDumpChoice): Promise<FeedDumpReport> {
  const {dataDir, exchange, timeframe} = choice;
  const instruments = await sqlInstruments(choice);
  const table = checkBarTable(choice.table);
  const names = new Map(instruments.map((one) => [one.id, fullSymbol(one)]));
  return await withStore(dataDir, (store) =>
    dumpFeed(sqlBarFeed(store, {table, exchange, timeframe, instruments}), choice, names),
  );
}

/** Runs `use` with the SQL store of the environment or the data folder; closed on every path. */
export async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSharedStore(dataDir);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/**
 * The instruments asked for, or all that the book of the exchange has; one that the book lacks is
 * inferred from its id.
 *
 * @throws ReckonError `misuse` when none is named and none is known
 */
export async function sqlInstruments(choice: {
  readonly dataDir: string;
  readonly exchange: string;
  readonly symbols?: readonly string[] | undefined;
}): Promise<readonly Instrument[]> {
  const {exchange, symbols} = choice;
  const book = await readInstruments(choice);
  const ids = symbols ?? [...book.keys()];
  if (ids.length === 0) {
    throw new ReckonError("misuse", {
      place: "--symbols",
      expected: `instruments of ${exchange}`,
      found: "none named, and none in the store's book",
      fix: "name them, as BTCUSDT,ETHUSDT",
    });
  }
  const unknown = {venue: exchange, kind: "linear", priceDecimals: 8, volumeDecimals: 8} as const;
  return ids.map((id) => book.get(id) ?? inferInstrument({...unknown, id}));
}

async function openLive(
  dataDir: string,
  {config, feedChoice}: {readonly config: SystemConfig; readonly feedChoice: SqlFeedChoice},
  {clock, delayMs, from, onNote, signal}: MarketOpening,
): Promise<LiveMarket> {
  const {sleep_in_secs, missing_assets, time_out_in_secs} = config.market_data_config;
  const store = await openAwaitedStore(dataDir, {
    clock,
    ...(signal && {signal}),
    onLostConnection: (error) => onNote(`a connection to the store was lost: ${error.message}`),
  });
  try {
    return await StoreMarket.open({
      feed: sqlBarFeed(store, feedChoice),
      clock,
      delayMs,
      historyMs: Math.max(clock.now() - from, 0),
      sleepMs: sleep_in_secs * SECOND_MS,
      openingMs: time_out_in_secs * SECOND_MS,
      missingAssets: missing_assets,
      onNotice: (notice) => onNote(describeNotice(notice), {...notice}),
      onClose: () => store.close(),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}
