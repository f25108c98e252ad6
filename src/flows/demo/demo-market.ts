import {basename, resolve} from "node:path";
import {ReckonError} from "../../errors.js";
import {importCsv} from "../../market/csv/import-csv.js";
import {listMarket} from "../../market/parquet/list-market.js";
import {SIMULATED_EXCHANGE} from "../../market/simulated/simulated-assets.js";
import {makeSimulatedMarket} from "../../market/simulated/simulated-market.js";
import {floorToBar} from "../../time/bar-grid.js";
import {DAY_MS, type EpochMs, formatMinute} from "../../time/epoch.js";

/** Where a demo's market comes from. */
export interface DemoMarketChoice {
  /** Store the market is put into. */
  readonly dataDir: string;
  /** Folder of csv files; the built-in simulated market when left out. */
  readonly from?: string | undefined;
  /** Name of the market; the first word of the folder's name when left out. */
  readonly exchange?: string | undefined;
}

/** A market with at least one whole day to trade. */
export interface DemoMarket {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** The newest whole UTC day that every instrument has: (start, end]. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Bar length of the longest history there is. */
  readonly historyTimeframe: string;
  /** For example `709,632 rows of 16 symbols`. */
  readonly summary: string;
}

/** Bar length that the model trades. */
export const DEMO_TIMEFRAME = "5m";

/**
 * Imports recorded bars, or makes the simulated market, and finds the day to trade.
 *
 * @throws ReckonError `bad-data` when the files are wrong or hold no whole day
 */
export async function prepareDemoMarket(choice: DemoMarketChoice): Promise<DemoMarket> {
  const {dataDir, from} = choice;
  if (from === undefined) {
    await makeSimulatedMarket({dataDir});
    return await chooseDay(dataDir, SIMULATED_EXCHANGE, "1h");
  }
  const exchange =
    choice.exchange ?? /^[A-Za-z0-9]+/.exec(basename(resolve(from)))?.[0] ?? "recorded";
  await importCsv({dataDir, exchange, timeframe: DEMO_TIMEFRAME, from});
  return await chooseDay(dataDir, exchange, DEMO_TIMEFRAME);
}

async function chooseDay(
  dataDir: string,
  exchange: string,
  historyTimeframe: string,
): Promise<DemoMarket> {
  const series = (await listMarket(dataDir)).filter((one) => one.exchange === exchange);
  const traded = series.filter(({timeframe}) => timeframe === DEMO_TIMEFRAME);
  const end = floorToBar(Math.min(...traded.map(({last}) => last)), DAY_MS);
  const first = Math.max(...traded.map((one) => one.first));
  if (!(first <= end - HISTORY_NEEDED_MS)) {
    throw new ReckonError("bad-data", {
      place: `${exchange} ${DEMO_TIMEFRAME}`,
      expected: "four whole UTC days that all instruments share: three of history and one to trade",
      found: `${formatMinute(first)} to ${formatMinute(end)} UTC`,
    });
  }
  const rows = traded.reduce((sum, one) => sum + one.rows, 0);
  return {
    exchange,
    symbols: traded.map(({symbol}) => symbol),
    start: end - DAY_MS,
    end,
    historyTimeframe,
    summary: `${rows.toLocaleString("en-US")} rows of ${traded.length} symbols`,
  };
}

/** A day to trade and what the demo's model looks back on. */
const HISTORY_NEEDED_MS = 4 * DAY_MS;
