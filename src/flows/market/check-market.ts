import {readdir} from "node:fs/promises";
import {basename, join} from "node:path";
import {ReckonError} from "../../errors.js";
import {makeFolder} from "../../make-folder.js";
import type {BarFeed} from "../../market/live/bar-feed.js";
import {checkBarTable, sqlBarFeed} from "../../market/live/sql-bar-feed.js";
import {checkBars, type SymbolQuality} from "../../market/quality/check-bars.js";
import {type MarketQuality, marketQuality} from "../../market/quality/market-quality.js";
import type {CheckRange, RawBars} from "../../market/quality/raw-bars.js";
import {
  type RawBarReader,
  readRawCsv,
  readRawFeed,
  readRawFile,
  readRawStore,
} from "../../market/quality/read-raw-bars.js";
import {canonicalTimeframe} from "../../market/timeframe.js";
import {writeWholeFile} from "../../runlog/whole-file.js";
import {checkMarketPage} from "./check-market-page.js";
import {sqlInstruments, withStore} from "./sql-market.js";
import {onlyExchange} from "./store-market.js";

/** Which market data to check: a replay file, csv files, the SQL store, or the Parquet store. */
export interface CheckChoice {
  readonly dataDir: string;
  readonly exchange?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  /** A replay file. */
  readonly file?: string | undefined;
  /** A folder of csv files, or one of them; nothing is imported. */
  readonly csv?: string | undefined;
  /** A table of the SQL store. */
  readonly table?: string | undefined;
  readonly range: CheckRange;
}

/**
 * Checks market data row by row, as its source has them.
 *
 * @throws ReckonError `bad-data` or `misuse` when the source cannot be read or is not there
 */
export async function checkMarket(choice: CheckChoice): Promise<MarketQuality> {
  const {file, csv, table, symbols, range} = choice;
  if (file !== undefined) {
    return await checkAll(basename(file), readRawFile(file, symbols), range);
  }
  if (csv !== undefined) {
    const timeframe = choice.timeframe ?? (await csvTimeframe(csv));
    const source = `${basename(csv)} ${canonicalTimeframe(timeframe)}`;
    return await checkAll(source, readRawCsv(csv, timeframe, symbols), range);
  }
  const exchange = choice.exchange ?? (await onlyExchange(choice.dataDir));
  if (table !== undefined) {
    return await checkTable({...choice, exchange, table});
  }
  const timeframe = canonicalTimeframe(choice.timeframe ?? "5m");
  const source = {dataDir: choice.dataDir, exchange, timeframe};
  const reader = readRawStore(symbols === undefined ? source : {...source, symbols}, range);
  return await checkAll(`${exchange} ${timeframe}`, reader, range);
}

/** Writes `market_check.html` and `market_check.json`; returns the page's path. */
export function writeMarketCheck(dstDir: string, quality: MarketQuality): string {
  makeFolder(dstDir);
  const page = join(dstDir, "market_check.html");
  writeWholeFile(join(dstDir, "market_check.json"), `${JSON.stringify(quality)}\n`);
  writeWholeFile(page, checkMarketPage(quality));
  return page;
}

async function checkAll(
  source: string,
  reader: RawBarReader,
  range: CheckRange,
): Promise<MarketQuality> {
  const symbols: SymbolQuality[] = [];
  let barMs = 0;
  for await (const raw of reader) {
    barMs = requireOneLength(barMs, raw);
    symbols.push(checkBars(raw, range));
  }
  if (symbols.length === 0) {
    throw new ReckonError("bad-data", {
      place: source,
      expected: "bars to check",
      found: "no instrument",
    });
  }
  return marketQuality(source, barMs, symbols);
}

function requireOneLength(barMs: number, raw: RawBars): number {
  if (barMs !== 0 && raw.barMs !== barMs) {
    throw new ReckonError("bad-data", {
      place: raw.symbol,
      expected: `bars of ${barMs} ms, as of the other instruments`,
      found: `${raw.barMs} ms`,
    });
  }
  return raw.barMs;
}

async function checkTable(
  choice: CheckChoice & {readonly exchange: string; readonly table: string},
): Promise<MarketQuality> {
  const {dataDir, exchange, range} = choice;
  const table = checkBarTable(choice.table);
  const timeframe = canonicalTimeframe(choice.timeframe ?? "1m");
  const instruments = await sqlInstruments({dataDir, exchange, symbols: choice.symbols});
  return await withStore(dataDir, async (store) => {
    const feedOf = (symbol: string): BarFeed =>
      sqlBarFeed(store, {
        table,
        exchange,
        timeframe,
        instruments: instruments.filter(({id}) => id === symbol),
      });
    const ids = instruments.map(({id}) => id);
    const source = `${exchange} ${timeframe}, ${table}`;
    return await checkAll(source, readRawFeed(ids, feedOf, range), range);
  });
}

/** The bar length in the name of the first csv file that tells one. */
async function csvTimeframe(path: string): Promise<string> {
  const names = /\.csv(\.gz)?$/i.test(path) ? [basename(path)] : await readdir(path);
  const found = names
    .sort()
    .map((name) => /-(\d+(?:s|min|m|h|d))(?=[-.])/.exec(name)?.[1])
    .find((timeframe) => timeframe !== undefined);
  if (found === undefined) {
    throw new ReckonError("misuse", {
      place: "--timeframe",
      expected: "a bar length, as the files' names tell none",
      found: "nothing",
      fix: "add --timeframe 1m",
    });
  }
  return found;
}
