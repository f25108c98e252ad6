import {recordedConfig, recordedInstruments} from "../backtest/research-portfolio.js";
import type {BarTable} from "../market/bars.js";
import {marketTitle} from "../market/market-title.js";
import {emptyBars} from "../market/read-bars.js";
import {readMarketDump} from "../market/read-market-dump.js";
import {RunFolder} from "../runlog/run-folder.js";
import {pickInstruments} from "../system/instrument-rules.js";
import {type RunResult, runSystem} from "../system/run-system.js";
import {foldersOf, type ReconciliationRequest} from "./reconciliation-request.js";

/**
 * Replays the interval of the recorded run in simulation, from the replay file and the model as it
 * is now, with the overrides of the request.
 */
export async function runReconciliationSim(
  request: ReconciliationRequest,
  signal?: AbortSignal,
): Promise<RunResult> {
  const {prodRun, simRun, marketDump} = foldersOf(request);
  const run = new RunFolder(prodRun);
  const {exchange, timeframe, asset_ids} = recordedConfig(run).market_data_config;
  const instruments = recordedInstruments(run);
  return await runSystem({
    model: request.model,
    runMode: "simulation",
    start: request.start,
    end: request.end,
    dir: simRun,
    overrides: request.overrides,
    choices: {exchange, timeframe, instrumentIds: asset_ids},
    market: async (config) => {
      const bars = await readMarketDump(marketDump);
      const ids = config.market_data_config.asset_ids;
      return {
        exchange,
        timeframe,
        title: marketTitle(exchange, timeframe),
        bars: withSymbols(bars, ids),
        instruments: pickInstruments(instruments, ids),
      };
    },
    options: signal === undefined ? {} : {signal},
  });
}

/** The bars of these instruments; one that the replay file has no row of is empty. */
function withSymbols(bars: BarTable, symbols: readonly string[]): BarTable {
  const bySymbol = new Map(symbols.map((id) => [id, bars.bySymbol.get(id) ?? emptyBars()]));
  return {barMs: bars.barMs, symbols, bySymbol};
}
