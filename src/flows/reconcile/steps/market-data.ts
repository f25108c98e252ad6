import {existsSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {z} from "zod";
import {recordedConfig} from "../../../backtest/research-portfolio.js";
import {ReckonError} from "../../../errors.js";
import {makeFolder} from "../../../make-folder.js";
import {RunFolder} from "../../../runlog/run-folder.js";
import {writeWholeFile} from "../../../runlog/whole-file.js";
import {parsePeriod} from "../../../time/bar-grid.js";
import {DUMPED_INSTRUMENTS, type DumpChoice, dumpMarket} from "../../market/dump-market.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {lockTree, unlockTree} from "../write-permission.js";

/** What `run.json` says of a live run's market data. */
const feedSchema = z.object({kind: z.literal("sql"), table: z.string(), exchange: z.string()});

/**
 * Writes the replay file `test_data.csv.gz`: the bars the run saw, history included; from the table
 * of the SQL store that fed a live run, from the Parquet store, or copied from
 * `marketDataSourceDir`.
 *
 * @throws ReckonError `bad-data` when the store lacks the run's market
 */
export async function dumpReplayFile(request: ReconciliationRequest): Promise<string> {
  const {prodRun, simulation, marketDump} = foldersOf(request);
  if (request.incremental && existsSync(marketDump)) {
    return marketDump;
  }
  makeFolder(simulation);
  if (existsSync(marketDump)) {
    unlockTree(marketDump);
  }
  if (request.marketDataSourceDir === undefined) {
    await dumpMarket(dumpOf(new RunFolder(prodRun), request, marketDump));
  } else {
    copyReplayFile(givenReplayFile(request.marketDataSourceDir), marketDump);
  }
  if (request.preventOverwriting) {
    lockTree(marketDump);
  }
  return marketDump;
}

/** The bars the run saw: from the table that fed it, else from the Parquet store. */
function dumpOf(
  run: RunFolder,
  {dataDir, start, end}: ReconciliationRequest,
  path: string,
): DumpChoice {
  const {exchange, timeframe, asset_ids, history_lookback} = recordedConfig(run).market_data_config;
  const feed = feedSchema.safeParse(run.runRecord()?.feed);
  return {
    dataDir,
    exchange: feed.success ? feed.data.exchange : exchange,
    timeframe,
    symbols: asset_ids,
    table: feed.success ? feed.data.table : undefined,
    path,
    start,
    end,
    historyMs: parsePeriod(history_lookback),
  };
}

/** The file, whole or not at all, and the records of its instruments where they lie beside it. */
function copyReplayFile(from: string, to: string): void {
  const records = join(dirname(from), DUMPED_INSTRUMENTS);
  for (const [source, path] of [
    [from, to],
    [records, join(dirname(to), DUMPED_INSTRUMENTS)],
  ] as const) {
    if (existsSync(source)) {
      writeWholeFile(path, readFileSync(source));
    }
  }
}

/**
 * The replay file that a folder is said to have.
 *
 * @throws ReckonError `bad-data`
 */
export function givenReplayFile(dir: string): string {
  const path = join(dir, "test_data.csv.gz");
  if (!existsSync(path)) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: "a file test_data.csv.gz",
      found: "none",
    });
  }
  return path;
}
