import {type DumpRange, dumpMarketData} from "../market/replay-file/dump-market-data.js";
import type {DumpReport} from "../market/replay-file/write-replay-file.js";
import {canonicalTimeframe} from "../market/timeframe.js";
import {dumpSqlMarket} from "./sql-market.js";
import {onlyExchange} from "./store-market.js";

/** What to dump and from where; what is left out is chosen. */
export interface DumpChoice extends DumpRange {
  readonly dataDir: string;
  readonly exchange?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  /** A table of the SQL store; the Parquet store where left out. */
  readonly table?: string | undefined;
}

/**
 * Writes a replay file from the Parquet store, or from a table of the SQL store.
 *
 * @throws ReckonError as `dumpMarketData` and `dumpSqlMarket`
 */
export async function dumpMarket(choice: DumpChoice): Promise<DumpReport> {
  const {table, symbols, ...rest} = choice;
  const exchange = choice.exchange ?? (await onlyExchange(choice.dataDir));
  const timeframe = canonicalTimeframe(choice.timeframe ?? (table === undefined ? "5m" : "1m"));
  const common = {...rest, exchange, timeframe, ...(symbols === undefined ? {} : {symbols})};
  return table === undefined
    ? await dumpMarketData(common)
    : await dumpSqlMarket({...common, table});
}
