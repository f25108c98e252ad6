import type {Override} from "../config/override.js";
import type {RunMode, SystemConfig} from "../config/system-config.js";
import {messageOf, ReckonError} from "../errors.js";
import type {BarTable} from "../market/bars.js";
import type {Instrument} from "../market/instruments/instrument.js";
import {RecordedMarket} from "../market/recorded-market.js";
import {findModel} from "../models/registry.js";
import {RunLog} from "../runlog/run-log.js";
import {checkPlace, isOccupied, preserveFolder} from "../runlog/whole-file.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, SECOND_MS, toIso} from "../time/epoch.js";
import {replayClock} from "../time/replay-clock.js";
import {SimulatedClock} from "../time/simulated-clock.js";
import {systemClock} from "../time/system-clock.js";
import type {BarOutcome} from "../trading/process-forecasts.js";
import {type ExitState, endRecord, type RunRecord, startRecord} from "./run-record.js";
import {buildSystem, type RunOptions, type System} from "./system.js";
import {systemConfigOf} from "./system-config-of.js";

/** The recorded market a run reads, and what it is called on pages. */
export interface RunMarket {
  readonly exchange: string;
  /** Bars from before the start (the model's history) to the end. */
  readonly bars: BarTable;
  readonly instruments: readonly Instrument[];
  /** For example `binance 5m`, or `simulated market 5m`. */
  readonly title: string;
  /** Bar length as written in the config, for example `5m`. */
  readonly timeframe: string;
}

export interface RunRequest {
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
  /** `jump` (where left out): from wake-up to wake-up; `real-time`: as it was recorded. */
  readonly pace?: "jump" | "real-time";
  /** `per-bar` where left out, but `per-stream` in a simulation. */
  readonly files?: "per-bar" | "per-stream";
  readonly options?: RunOptions;
}

/** What a run left behind. */
export interface RunResult {
  readonly dir: string;
  /** Where an older folder of that name was moved. */
  readonly preserved?: string;
  readonly record: RunRecord;
}

/**
 * Runs a system over recorded data, on a replayed clock, and leaves a run folder.
 *
 * Everything is checked before the folder is touched. A run that fails or is interrupted leaves
 * what it recorded so far and says so in `run.json`.
 *
 * @throws ReckonError `misuse` or `bad-data` before any work; `failed` or `interrupted` after
 */
export async function runSystem(request: RunRequest): Promise<RunResult> {
  const prepared = await prepareRun(request);
  const {dir} = request;
  const preserved = isOccupied(dir) ? preserveFolder(dir) : undefined;
  const record = await recordRun(prepared, request);
  return {dir, ...(preserved === undefined ? {} : {preserved}), record};
}

interface PreparedRun {
  readonly config: SystemConfig;
  /** Before the overrides. */
  readonly inputConfig: SystemConfig;
  readonly market: RunMarket;
  readonly system: System;
  /** Runs a task in the time of the run's clock. */
  readonly inTime: (task: () => Promise<void>) => Promise<void>;
  readonly log: RunLog;
}

/** Everything that can be refused is refused here, with nothing written. */
async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const {start, end, runMode, choices} = request;
  checkPlace(request.dir, "--dst-dir");
  checkInterval(start, end);
  checkRunMode(runMode);
  const model = findModel(request.model);
  const inputConfig = systemConfigOf(model, {runMode, ...choices});
  const config = systemConfigOf(model, {runMode, ...choices}, request.overrides);
  const market = await request.market(config);
  const {inTime, clock} = recordedClock(start, request.pace);
  const view = new RecordedMarket({
    bars: market.bars,
    clock,
    delayMs: config.market_data_config.delay_in_secs * SECOND_MS,
  });
  const log = runLogOf(request, config);
  const {instruments} = market;
  const system = buildSystem({model, config, instruments, market: view, clock, log});
  system.check(start);
  checkBars(market, {start, end});
  return {config, inputConfig, market, system, inTime, log};
}

/** Runs the system and keeps `run.json` true about how it stands. */
async function recordRun(
  {config, inputConfig, market, system, inTime, log}: PreparedRun,
  {start, end, options = {}}: RunRequest,
): Promise<RunRecord> {
  log.open();
  const record = startRecord(config, {start, end, market: market.title});
  log.json("run.json", record);
  log.config("input", inputConfig);
  log.config("output", config);
  log.json("instruments.json", market.instruments);
  let bars = 0;
  const notTraded: Record<string, number> = {};
  const finish = (exitState: ExitState, error?: string): RunRecord => {
    const ended = endRecord(record, {
      exitState,
      bars,
      not_traded: notTraded,
      ...(error === undefined ? {} : {error}),
    });
    log.json("run.json", ended);
    return ended;
  };
  const onBar = (outcome: BarOutcome): void => {
    bars += 1;
    if (outcome.kind !== "traded") {
      notTraded[outcome.kind] = (notTraded[outcome.kind] ?? 0) + 1;
    }
    options.onBar?.(outcome);
  };
  try {
    await inTime(() => system.run(start, end, {...options, onBar}));
    await log.close();
  } catch (cause) {
    const exitState = options.signal?.aborted === true ? "interrupted" : "failed";
    await closeAfter(log, () => finish(exitState, messageOf(cause)));
    throw cause instanceof ReckonError && exitState === "failed"
      ? cause
      : new ReckonError(exitState, messageOf(cause), {cause});
  }
  return finish("done");
}

/** What stopped the run says more than that its folder could not be finished either. */
async function closeAfter(log: RunLog, finish: () => RunRecord): Promise<void> {
  try {
    await log.close();
  } catch {}
  try {
    finish();
  } catch {}
}

/**
 * Recorded time: a wall clock that starts at `start`, over a loop that jumps or the machine's time.
 *
 * Paper trading and simulation differ in nothing here: the replayed clock shows the recorded time.
 */
function recordedClock(
  start: EpochMs,
  pace: RunRequest["pace"] = "jump",
): Pick<PreparedRun, "inTime"> & {readonly clock: Clock} {
  if (pace === "real-time") {
    return {inTime: (task) => task(), clock: replayClock(start, systemClock)};
  }
  const loop = new SimulatedClock(start);
  return {inTime: (task) => loop.run(task), clock: replayClock(start, loop)};
}

function runLogOf({dir, files, runMode}: RunRequest, config: SystemConfig): RunLog {
  const {save_node_io, profile_execution} = config.dag_property_config.debug_mode_config;
  const nodeRows = {none: 0, full: Number.POSITIVE_INFINITY}[save_node_io];
  return new RunLog({
    dir,
    files: files ?? (runMode === "simulation" ? "per-stream" : "per-bar"),
    instrumentIds: config.market_data_config.asset_ids,
    nodeRows: nodeRows ?? Number(save_node_io.split(":")[1]),
    isProfiled: profile_execution,
  });
}

/** A run over nothing would be done at once and say that all is well. */
function checkBars({bars, title}: RunMarket, {start, end}: {start: EpochMs; end: EpochMs}): void {
  const isIn = (time: EpochMs): boolean => start < time && time <= end;
  if (![...bars.bySymbol.values()].some(({barEnd}) => barEnd.some(isIn))) {
    throw new ReckonError("bad-data", {
      place: title,
      expected: `bars that end after ${toIso(start)} and up to ${toIso(end)}`,
      found: "none",
      fix: "choose an interval that the market store has; `reckon market list` shows it",
    });
  }
}

/** Nothing that would trade for real may be faked by a mocked broker. */
function checkRunMode(runMode: RunMode): void {
  if (runMode === "prod") {
    throw new ReckonError("misuse", {
      place: "--run-mode",
      expected: "paper_trading or simulation",
      found: '"prod", for which there is no broker yet',
    });
  }
}

function checkInterval(start: EpochMs, end: EpochMs): void {
  if (start >= end) {
    throw new ReckonError("misuse", {
      place: "--end-timestamp",
      expected: `a time after the start ${toIso(start)}`,
      found: toIso(end),
    });
  }
}
