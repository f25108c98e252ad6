import {dirname, join} from "node:path";
import {type DumpRange, dumpMarketData} from "../../market/replay-file/dump-market-data.js";
import type {DumpReport} from "../../market/replay-file/write-replay-file.js";
import {canonicalTimeframe} from "../../market/timeframe.js";
import {writeWholeFile} from "../../runlog/whole-file.js";
import {dumpSqlMarket, sqlInstruments} from "./sql-market.js";
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

/** The instruments of a replay file, beside it: a replay trades the same lots and ticks. */
export const DUMPED_INSTRUMENTS = "instruments.json";

/**
 * Writes a replay file from the Parquet store, or from a table of the SQL store, and beside it the
 * records of its instruments.
 *
 * @throws ReckonError as `dumpMarketData` and `dumpSqlMarket`
 */
export async function dumpMarket(choice: DumpChoice): Promise<DumpReport> {
  const {table, symbols, ...rest} = choice;
  const exchange = choice.exchange ?? (await onlyExchange(choice.dataDir));
  const timeframe = canonicalTimeframe(choice.timeframe ?? (table === undefined ? "5m" : "1m"));
  const common = {...rest, exchange, timeframe, ...(symbols === undefined ? {} : {symbols})};
  const report =
    table === undefined ? await dumpMarketData(common) : await dumpSqlMarket({...common, table});
  const {dataDir} = choice;
  const instruments = await sqlInstruments({dataDir, exchange, symbols: report.symbols});
  const text = `${JSON.stringify(instruments, null, 2)}\n`;
  writeWholeFile(join(dirname(report.path), DUMPED_INSTRUMENTS), text);
  return report;
}
