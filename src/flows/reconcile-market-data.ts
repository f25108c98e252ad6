import {copyFileSync, existsSync} from "node:fs";
import {join} from "node:path";
import {recordedConfig} from "../backtest/research-portfolio.js";
import {ReckonError} from "../errors.js";
import {dumpMarketData} from "../market/replay-file/dump-market-data.js";
import {RunFolder} from "../runlog/run-folder.js";
import {makeFolder} from "../runlog/whole-file.js";
import {parsePeriod} from "../time/bar-grid.js";
import {foldersOf, type ReconciliationRequest} from "./reconciliation-request.js";
import {lockTree, unlockTree} from "./write-permission.js";

/**
 * Writes the replay file `test_data.csv.gz`: the bars the run saw, history included; from the
 * market store, or copied from `marketDataSourceDir`.
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
    const {market_data_config} = recordedConfig(new RunFolder(prodRun));
    await dumpMarketData({
      dataDir: request.dataDir,
      exchange: market_data_config.exchange,
      timeframe: market_data_config.timeframe,
      symbols: market_data_config.asset_ids,
      path: marketDump,
      start: request.start,
      end: request.end,
      historyMs: parsePeriod(market_data_config.history_lookback),
    });
  } else {
    copyFileSync(givenReplayFile(request.marketDataSourceDir), marketDump);
  }
  if (request.preventOverwriting) {
    lockTree(marketDump);
  }
  return marketDump;
}

function givenReplayFile(dir: string): string {
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
