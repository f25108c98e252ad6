import {join} from "node:path";
import {currentDesk} from "../../config/desk-config.js";
import type {Override} from "../../config/override.js";
import type {RunMode, SystemConfig} from "../../config/system-config.js";
import {messageOf, ReckonError} from "../../errors.js";
import {readCalendars} from "../../market/instruments/desk-calendars.js";
import {findModel} from "../../models/registry.js";
import {acquireRunLock, type RunLock} from "../../runlog/run-lock.js";
import {checkPlace, isOccupied, preserveFolder} from "../../runlog/whole-file.js";
import {nodeIoOf} from "../../runlog/writing/node-records.js";
import {type RunFiles, RunLog} from "../../runlog/writing/run-log.js";
import {parsePeriod} from "../../time/bar-grid.js";
import type {Clock} from "../../time/clock.js";
import {type EpochMs, SECOND_MS} from "../../time/epoch.js";
import {systemClock} from "../../time/system-clock.js";
import type {BarOutcome} from "../../trading/targets/process-forecasts.js";
import {buildSystem, type RunOptions, type System} from "../system.js";
import {BarCounts} from "./bar-counts.js";
import {HeldEvents} from "./held-events.js";
import {
  checkInterval,
  checkLiveStart,
  checkReplayedFills,
  checkRunMode,
  checkTradeDate,
} from "./run-checks.js";
import {type RunConfig, runConfigOf} from "./run-config.js";
import {type ExecutionRequest, type OpenExecution, openExecution} from "./run-execution.js";
import {
  checkBars,
  type LiveMarket,
  type MarketOpening,
  openMarket,
  type RunMarket,
} from "./run-market.js";
import {type ExitState, endRecord, type RunRecord, startRecord} from "./run-record.js";
import {liveTime, type RunTime, recordedTime} from "./run-time.js";

export interface RunRequest extends ExecutionRequest {
  readonly model: string;
  readonly runMode: RunMode;
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** The run folder; an existing one is kept under another name. */
  readonly dir: string;
  readonly overrides?: readonly Override[];
  /** Reads what the run needs, once the config is known. */
  readonly market: (config: SystemConfig) => Promise<RunMarket>;
  /** Exchange, bar length and instruments that go into the config. */
  readonly choices: {
    readonly exchange: string;
    readonly timeframe?: string;
    readonly instrumentIds: readonly string[];
  };
  /** Of recorded bars. `jump` (where left out): from wake-up to wake-up; `real-time`: as it was. */
  readonly pace?: "jump" | "real-time";
  /** Of a live market; the machine's where left out. */
  readonly clock?: Clock;
  /** `per-bar` where left out, but `per-stream` in a simulation. */
  readonly files?: RunFiles;
  readonly options?: RunOptions;
  /** Told of each line of the run's `log.txt`. */
  readonly onEvent?: (time: EpochMs, message: string) => void;
  /** Told what `run.json` says, as the run begins and as it ends; it must not fail. */
  readonly onRecord?: (record: RunRecord) => Promise<void>;
}

/** What a run left behind. */
export interface RunResult {
  readonly dir: string;
  /** Where an older folder of that name was moved. */
  readonly preserved?: string;
  readonly record: RunRecord;
}

/**
 * Runs a system over recorded data on a replayed clock, or over a live market on the machine's,
 * and leaves a run folder.
 *
 * Everything is checked before the folder is touched. A run that fails or is interrupted leaves
 * what it recorded so far and says so in `run.json`.
 *
 * @throws ReckonError `misuse` or `bad-data` before any work; `failed` or `interrupted` after
 */
export async function runSystem(request: RunRequest): Promise<RunResult> {
  const prepared = await prepareRun(request);
  const {dir} = request;
  let lock: RunLock | undefined;
  try {
    if (request.files !== "none") {
      lock = acquireRunLock(dir, systemClock.now());
    }
    const isInTheWay = request.files !== "none" && isOccupied(dir);
    const preserved = isInTheWay ? preserveFolder(dir) : undefined;
    const record = await recordRun(prepared, request, lock?.takenOver?.pid);
    return {dir, ...(preserved === undefined ? {} : {preserved}), record};
  } finally {
    lock?.release();
    await closeBoth(prepared.view, prepared.execution);
  }
}

/** The store is closed even where the market cannot be. */
async function closeBoth(view: LiveMarket, execution: OpenExecution | undefined): Promise<void> {
  try {
    await view.close();
  } finally {
    await execution?.close();
  }
}

interface PreparedRun {
  readonly run: RunConfig;
  readonly market: RunMarket;
  readonly view: LiveMarket;
  readonly execution: OpenExecution;
  readonly system: System;
  readonly clock: Clock;
  /** Runs tasks in the time of the run's clock. */
  readonly inTime: RunTime["inTime"];
  readonly log: RunLog;
  readonly events: HeldEvents;
}

/** Everything that can be refused is refused here, with nothing written. */
async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const {start, end, runMode, choices, options: {signal} = {}} = request;
  checkPlace(request.dir, "--dst-dir");
  checkInterval(start, end);
  checkRunMode(runMode, request.broker !== undefined);
  const model = findModel(request.model);
  const run = runConfigOf(model, {runMode, ...choices}, request.overrides);
  const {config} = run;
  if (request.broker === undefined) {
    checkReplayedFills(config, request.replayFillsFrom);
  }
  const market = await request.market(config);
  const log = runLogOf(request, config);
  const events = new HeldEvents(log);
  const {clock, inTime} =
    "bars" in market
      ? recordedTime(start, request.pace)
      : liveTime(request.clock ?? systemClock, events.add);
  checkTradeDate(config, clock.now());
  checkLiveStart(market, start, clock.now());
  const onNote: MarketOpening["onNote"] = (text, fields) => events.add(clock.now(), text, fields);
  const view = await openMarket(market, {
    clock,
    delayMs: config.market_data_config.delay_in_secs * SECOND_MS,
    missingAssets: config.market_data_config.missing_assets,
    from: start - parsePeriod(config.market_data_config.history_lookback),
    onNote,
    signal,
  });
  let execution: OpenExecution | undefined;
  try {
    const {instruments} = market;
    const setting = {config, clock, market, view, start, signal, onNote};
    execution = await openExecution(request, setting);
    const calendars = await readCalendars(join(currentDesk().dir, "calendars.yaml"));
    const facts = {model, config, instruments, calendars};
    const stopping = signal === undefined ? {} : {signal};
    const parts = {...facts, market: view, clock, log, ...stopping, ...execution.parts};
    const system = buildSystem(parts);
    system.check(start);
    checkBars(market, {start, end});
    return {run, market, view, execution, system, clock, inTime, log, events};
  } catch (error) {
    await closeBoth(view, execution);
    throw error;
  }
}

/** Runs the system and keeps `run.json` true about how it stands. */
async function recordRun(
  prepared: PreparedRun,
  request: RunRequest,
  takenOverFromPid: number | undefined,
): Promise<RunRecord> {
  const {run, market, view, system, clock, inTime, log, events} = prepared;
  const {start, end, options = {}, onRecord} = request;
  const record = startRecord(run.output, {
    start,
    end,
    market: market.title,
    overrides: request.overrides,
    takenOverFromPid,
    ...feedOf(market),
  });
  log.open();
  log.event(clock.now(), "run started", startOf(record));
  events.release();
  log.json("run.json", record);
  await onRecord?.(record);
  log.config("input", run.input);
  log.config("output", run.output);
  log.json("instruments.json", market.instruments);
  const counts = new BarCounts();
  const finish = async (exitState: ExitState, error?: string): Promise<RunRecord> => {
    const ended = endRecord(record, {
      exitState,
      ...counts.record(),
      market_counts: view.counts(),
      unused_config: run.unusedChoices(),
      ...(error === undefined ? {} : {error}),
    });
    log.finish(ended, clock.now());
    await onRecord?.(ended);
    return ended;
  };
  const onBar = (outcome: BarOutcome): void => {
    counts.add(outcome);
    options.onBar?.(outcome);
  };
  try {
    await inTime(...(await system.tasks(start, end, {...options, onBar, onSkipped: counts.skip})));
    logUnused(run.unusedChoices(), log, clock);
    await log.close();
  } catch (error) {
    const exitState = options.signal?.aborted === true ? "interrupted" : "failed";
    await closeAfter(log, () => finish(exitState, messageOf(error)));
    throw error instanceof ReckonError && error.code === exitState
      ? error
      : new ReckonError(exitState, messageOf(error), {cause: error});
  }
  return await finish("done");
}

/** What the first line of the log says. */
function startOf(record: RunRecord): Partial<RunRecord> {
  const {model, run_mode, start_timestamp, end_timestamp, market} = record;
  return {model, run_mode, start_timestamp, end_timestamp, market};
}

/** A value that somebody set and nothing read changed nothing: it may have been meant to. */
function logUnused(keys: readonly string[], log: RunLog, clock: Clock): void {
  if (keys.length > 0) {
    log.event(clock.now(), "config values that nothing read", {keys});
  }
}

/** What stopped the run says more than that its folder could not be finished either. */
async function closeAfter(log: RunLog, finish: () => Promise<RunRecord>): Promise<void> {
  try {
    await log.close();
  } catch {}
  try {
    await finish();
  } catch {}
}

function runLogOf({dir, files, runMode, onEvent}: RunRequest, config: SystemConfig): RunLog {
  const {save_node_io, save_node_df_out_stats, profile_execution} =
    config.dag_property_config.debug_mode_config;
  return new RunLog({
    dir,
    files: files ?? (runMode.startsWith("simulation") ? "per-stream" : "per-bar"),
    instrumentIds: config.market_data_config.asset_ids,
    ...nodeIoOf(save_node_io),
    isDescribed: save_node_df_out_stats,
    isProfiled: profile_execution,
    onEvent,
  });
}

/** What a replay of the run is dumped from; nothing where the bars were recorded ones. */
function feedOf(market: RunMarket): Pick<RunRecord, "feed"> {
  return "feed" in market ? {feed: market.feed} : {};
}
