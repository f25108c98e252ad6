import {existsSync, statSync} from "node:fs";
import {join} from "node:path";
import {isDeepStrictEqual} from "node:util";
import {recordedConfig, recordedInstruments} from "../../../backtest/research-portfolio.js";
import {maskUrl} from "../../../config/mask-url.js";
import {formatOverride} from "../../../config/override.js";
import {ReckonError} from "../../../errors.js";
import {marketTitle} from "../../../market/market-title.js";
import {readMarketDump} from "../../../market/replay-file/read-market-dump.js";
import {findModel} from "../../../models/registry.js";
import {runFolderHash} from "../../../runlog/folder-hash.js";
import {readOpeningState} from "../../../runlog/opening-state.js";
import {RunFolder} from "../../../runlog/reading/run-folder.js";
import {preserveFolder} from "../../../runlog/whole-file.js";
import {pickInstruments} from "../../../system/instrument-rules.js";
import {type RunRequest, type RunResult, runSystem} from "../../../system/run/run-system.js";
import {systemConfigOf} from "../../../system/run/system-config-of.js";
import {formatStamp} from "../../../time/epoch.js";
import {fileMarket, withSymbols} from "../../market/file-market.js";
import {openSharedStore} from "../../shared-store.js";
import {checkStage} from "../check-stage.js";
import {prodRunDir} from "../prod-run.js";
import {placeAside, startAside} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {lockTree} from "../write-permission.js";
import {givenReplayFile} from "./market-data.js";

/**
 * Refuses a request whose simulation could not be configured, before anything is made.
 *
 * @param runDir the recorded run, or its copy
 * @throws ReckonError `bad-data` when there is no such run, or one of the reference system without
 *   a replay file; `misuse` for a wrong override or stage
 */
export async function checkSimulation(
  request: ReconciliationRequest,
  runDir: string = prodRunDir(request),
): Promise<void> {
  const {model, overrides, stage, marketDataSourceDir: given} = request;
  const run = new RunFolder(runDir);
  checkStage(run, stage);
  const {marketDump} = foldersOf(request);
  const isReady = given === undefined && (run.layout === "reckon" || existsSync(marketDump));
  const replayFile = isReady ? marketDump : givenReplayFile(neededFolder(run, given));
  const {choices} = await simulated(run, replayFile);
  systemConfigOf(findModel(model), {runMode: "simulation", ...choices}, overrides);
}

/** A run of the reference system does not record the instruments that a dump would need. */
function neededFolder({dir}: RunFolder, marketDataSourceDir: string | undefined): string {
  if (marketDataSourceDir === undefined) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: "the bars that this run of the reference system saw",
      found: "no folder with them",
      fix: "name the one that holds its test_data.csv.gz: --market-data-source-dir DIR",
    });
  }
  return marketDataSourceDir;
}

/** The market a simulation sees, which is the one that the recorded run saw. */
type Simulated = Pick<RunRequest, "choices" | "market">;

/** @param replayFile of a run of ours it is read when the simulation begins, and may come later */
async function simulated(run: RunFolder, replayFile: string): Promise<Simulated> {
  if (run.layout === "reference") {
    const {holdings_shares} = await run.portfolio();
    return await fileMarket({path: replayFile, symbols: holdings_shares.columns});
  }
  const {exchange, timeframe, asset_ids} = recordedConfig(run).market_data_config;
  return {
    choices: {exchange, timeframe, instrumentIds: asset_ids},
    market: async ({market_data_config: {asset_ids: ids}}) => ({
      exchange,
      timeframe,
      title: marketTitle(exchange, timeframe),
      bars: withSymbols(await readMarketDump(replayFile), ids),
      instruments: pickInstruments(recordedInstruments(run), ids),
    }),
  };
}

/**
 * Replays the interval of the recorded run in simulation, from the replay file and the model as it
 * is now, with the overrides of the request. It begins with what the recorded run began with; one
 * that did not record this began with the config's cash.
 *
 * The simulation takes its place when it is done: one that was there is kept under another name
 * unless it is the same. Under `incremental` a whole one of the same request is kept as it is.
 *
 * @throws ReckonError as {@link runSystem}; of a simulation that fails, what it recorded so far is
 *   beside its place, under a name that ends in `.failed`
 */
export async function runReconciliationSim(
  request: ReconciliationRequest,
  signal?: AbortSignal,
): Promise<RunResult> {
  const {prodRun, simRun, marketDump} = foldersOf(request);
  const kept = request.incremental ? wholeSimulation(request) : undefined;
  if (kept !== undefined) {
    lockMade(request);
    return {dir: simRun, record: kept};
  }
  const run = new RunFolder(prodRun);
  const aside = startAside(simRun);
  const {model, start, end, overrides, dataDir} = request;
  try {
    const {record} = await runSystem({
      model,
      runMode: "simulation",
      start,
      end,
      dir: aside,
      overrides,
      ...(await simulated(run, marketDump)),
      openStore: () => openSharedStore(dataDir),
      ...(readOpeningState(prodRun) === undefined ? {} : {openingFrom: prodRun}),
      options: signal === undefined ? {} : {signal},
    });
    const preserved = placeSimulation(aside, simRun);
    lockMade(request);
    return {dir: simRun, ...(preserved === undefined ? {} : {preserved}), record};
  } catch (error) {
    keepFailed(aside, `${simRun}.failed`);
    throw error;
  }
}

function lockMade(request: ReconciliationRequest): void {
  if (request.preventOverwriting) {
    lockTree(foldersOf(request).simRun);
  }
}

/**
 * The record of the simulation that is there, where it is whole, of this very request, and not
 * older than the replay file.
 */
function wholeSimulation(request: ReconciliationRequest): RunResult["record"] | undefined {
  const {simRun, marketDump} = foldersOf(request);
  const madeAt = (path: string): number => statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0;
  if (!existsSync(simRun) || madeAt(join(simRun, "run.json")) < madeAt(marketDump)) {
    return undefined;
  }
  const record = new RunFolder(simRun).runRecord() as RunResult["record"] | undefined;
  const {model, overrides, start, end} = request;
  const wanted = {
    model,
    start_timestamp: formatStamp(start),
    end_timestamp: formatStamp(end),
    exit_state: "done",
    overrides: overrides.map((override) => maskUrl(formatOverride(override))),
  };
  const found = Object.fromEntries(
    Object.keys(wanted).map((key) => [key, record?.[key as keyof typeof wanted]]),
  );
  return isDeepStrictEqual(found, wanted) ? record : undefined;
}

/** Where an older simulation that was another was moved. */
function placeSimulation(aside: string, simRun: string): string | undefined {
  const isOther = existsSync(simRun) && runFolderHash(simRun) !== runFolderHash(aside);
  const preserved = isOther ? preserveFolder(simRun) : undefined;
  placeAside(aside, simRun);
  return preserved;
}

function keepFailed(aside: string, path: string): void {
  if (existsSync(aside)) {
    placeAside(aside, path);
  }
}
