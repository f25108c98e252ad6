import {recordedConfig, recordedInstruments} from "../../backtest/research-portfolio.js";
import {type BarTable, emptyBars} from "../../market/bars.js";
import {marketTitle} from "../../market/market-title.js";
import {readMarketDump} from "../../market/replay-file/read-market-dump.js";
import {findModel} from "../../models/registry.js";
import {readOpeningState} from "../../runlog/opening-state.js";
import {RunFolder} from "../../runlog/run-folder.js";
import {pickInstruments} from "../../system/instrument-rules.js";
import {type RunResult, runSystem} from "../../system/run-system.js";
import {systemConfigOf} from "../../system/system-config-of.js";
import {openSharedStore} from "../shared-store.js";
import {prodRunDir} from "./copy-prod-data.js";
import {foldersOf, type ReconciliationRequest} from "./request.js";

/**
 * Refuses a request whose simulation could not be configured, before anything is made.
 *
 * @throws ReckonError `bad-data` when there is no such run; `misuse` for a wrong override
 */
export function checkSimulation(request: ReconciliationRequest): void {
  systemConfigOf(findModel(request.model), simChoices(recordedRun(request)), request.overrides);
}

/** The recorded run, in its own place. */
function recordedRun(request: ReconciliationRequest): RunFolder {
  return new RunFolder(prodRunDir(request));
}

/** The simulation sees the market the run saw. */
function simChoices(run: RunFolder) {
  const {exchange, timeframe, asset_ids} = recordedConfig(run).market_data_config;
  return {runMode: "simulation", exchange, timeframe, instrumentIds: asset_ids} as const;
}

/**
 * Replays the interval of the recorded run in simulation, from the replay file and the model as it
 * is now, with the overrides of the request. It begins with what the recorded run began with; one
 * that did not record this began with the config's cash.
 */
export async function runReconciliationSim(
  request: ReconciliationRequest,
  signal?: AbortSignal,
): Promise<RunResult> {
  const {prodRun, simRun, marketDump} = foldersOf(request);
  const run = new RunFolder(prodRun);
  const {runMode, ...choices} = simChoices(run);
  const {exchange, timeframe} = choices;
  const instruments = recordedInstruments(run);
  return await runSystem({
    model: request.model,
    runMode,
    start: request.start,
    end: request.end,
    dir: simRun,
    overrides: request.overrides,
    choices,
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
    openStore: () => openSharedStore(request.dataDir),
    ...(readOpeningState(prodRun) === undefined ? {} : {openingFrom: prodRun}),
    options: signal === undefined ? {} : {signal},
  });
}

/** The bars of these instruments; one that the replay file has no row of is empty. */
function withSymbols(bars: BarTable, symbols: readonly string[]): BarTable {
  const bySymbol = new Map(symbols.map((id) => [id, bars.bySymbol.get(id) ?? emptyBars()]));
  return {barMs: bars.barMs, symbols, bySymbol};
}
