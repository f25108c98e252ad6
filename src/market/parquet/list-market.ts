import {join} from "node:path";
import type {EpochMs} from "../../time/epoch.js";
import {readColumns, sqlPath, withDuckDb} from "./duck-db.js";
import {monthsOf, partitionsOf, timeframeDir} from "./market-layout.js";

/** One series of bars in the store. */
export interface MarketSeries {
  readonly exchange: string;
  readonly timeframe: string;
  readonly symbol: string;
  readonly rows: number;
  /** End of the first and of the last bar. */
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/** What the store holds, by exchange, timeframe and symbol; nothing when there is no store. */
export async function listMarket(dataDir: string): Promise<MarketSeries[]> {
  return withDuckDb(async (connection) => {
    const series: MarketSeries[] = [];
    for (const {exchange, timeframe, symbol, files} of await listSymbols(dataDir)) {
      const sql = `SELECT count(*)::DOUBLE, min(bar_end)::DOUBLE, max(bar_end)::DOUBLE
        FROM read_parquet([${files.map(sqlPath).join(", ")}], hive_partitioning = false)`;
      const [rows, first, last] = (await readColumns(connection, sql)).map(([cell]) => cell);
      series.push({
        exchange,
        timeframe,
        symbol,
        rows: rows as number,
        first: first as number,
        last: last as number,
      });
    }
    return series;
  });
}

interface StoredSymbol {
  readonly exchange: string;
  readonly timeframe: string;
  readonly symbol: string;
  readonly files: readonly string[];
}

async function listSymbols(dataDir: string): Promise<StoredSymbol[]> {
  const found: StoredSymbol[] = [];
  const root = join(dataDir, "market");
  for (const exchange of await partitionsOf(root, "exchange")) {
    const dir = join(root, `exchange=${exchange}`);
    for (const timeframe of await partitionsOf(dir, "timeframe")) {
      const source = {dataDir, exchange, timeframe};
      for (const symbol of await partitionsOf(timeframeDir(source), "symbol")) {
        const files = (await monthsOf(source, symbol)).map(({file}) => file);
        if (files.length > 0) {
          found.push({exchange, timeframe, symbol, files});
        }
      }
    }
  }
  return found;
}
