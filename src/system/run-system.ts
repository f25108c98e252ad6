import {existsSync, readdirSync} from "node:fs";
import type {Override} from "../config/override.js";
import type {RunMode, SystemConfig} from "../config/system-config.js";
import {messageOf, ReckonError} from "../errors.js";
import type {BarTable} from "../market/bars.js";
import type {Instrument} from "../market/instrument.js";
import {RecordedMarket} from "../market/recorded-market.js";
import {findModel} from "../models/registry.js";
import {RunLog} from "../runlog/run-log.js";
import {preserveFolder} from "../runlog/whole-file.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, SECOND_MS, toIso} from "../time/epoch.js";
import {replayClock} from "../time/replay-clock.js";
import {SimulatedClock} from "../time/simulated-clock.js";
import {type ExitState, endRecord, type RunRecord, startRecord} from "./run-record.js";
import {buildSystem, type RunOptions} from "./system.js";
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
 * Runs a system over recorded data, on a simulated clock that jumps from wake-up to wake-up, and
 * leaves a run folder.
 *
 * Everything is checked before the folder is touched. A run that fails or is interrupted leaves
 * what it recorded so far and says so in `run.json`.
 *
 * @throws ReckonError `misuse` or `bad-data` before any work; `failed` or `interrupted` after
 */
export async function runSystem(request: RunRequest): Promise<RunResult> {
  const {start, end, dir, runMode, options = {}} = request;
  checkInterval(start, end);
  const model = findModel(request.model);
  const config = systemConfigOf(model, {runMode, ...request.choices}, request.overrides);
  const market = await request.market(config);
  const {loop, clock} = recordedClock(start);
  const view = new RecordedMarket({
    bars: market.bars,
    clock,
    delayMs: config.market_data_config.delay_in_secs * SECOND_MS,
    priceColumn: config.portfolio_config.mark_to_market_col,
  });
  model.dag(
    config.dag_config as Parameters<typeof model.dag>[0],
    config.dag_runner_config.bar_duration_in_secs * SECOND_MS,
  );

  const preserved = isOccupied(dir) ? preserveFolder(dir) : undefined;
  const files = request.files ?? (runMode === "simulation" ? "per-stream" : "per-bar");
  const log = openLog(dir, config, files);
  let bars = 0;
  const record = startRecord(config, {start, end, market: market.title});
  log.json("run.json", record);
  log.config("input", systemConfigOf(model, {runMode, ...request.choices}));
  log.config("output", config);
  log.json("instruments.json", market.instruments);
  const finish = (exitState: ExitState, error?: string): RunRecord => {
    log.close();
    const ended = endRecord(record, {exitState, bars, ...(error === undefined ? {} : {error})});
    log.json("run.json", ended);
    return ended;
  };
  try {
    const parts = {model, config, instruments: market.instruments, market: view, clock, log};
    const system = buildSystem(parts);
    await loop.run(() =>
      system.run(start, end, {
        ...options,
        onBar: (outcome) => {
          bars += 1;
          options.onBar?.(outcome);
        },
      }),
    );
  } catch (cause) {
    const isInterrupted = options.signal?.aborted === true;
    finish(isInterrupted ? "interrupted" : "failed", messageOf(cause));
    throw cause instanceof ReckonError
      ? cause
      : new ReckonError(isInterrupted ? "interrupted" : "failed", messageOf(cause), {cause});
  }
  return {dir, ...(preserved === undefined ? {} : {preserved}), record: finish("done")};
}

/**
 * Recorded time: a wall clock that starts at `start`, over a loop that jumps.
 *
 * Paper trading and simulation differ in nothing here: the replayed clock shows the recorded time.
 */
function recordedClock(start: EpochMs): {loop: SimulatedClock; clock: Clock} {
  const loop = new SimulatedClock(start);
  return {loop, clock: replayClock(start, loop)};
}

function openLog(dir: string, config: SystemConfig, files: "per-bar" | "per-stream"): RunLog {
  const {save_node_io, profile_execution} = config.dag_property_config.debug_mode_config;
  const nodeRows = {none: 0, full: Number.POSITIVE_INFINITY}[save_node_io];
  return new RunLog({
    dir,
    files,
    instrumentIds: config.market_data_config.asset_ids,
    nodeRows: nodeRows ?? Number(save_node_io.split(":")[1]),
    isProfiled: profile_execution,
  });
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

function isOccupied(dir: string): boolean {
  return existsSync(dir) && readdirSync(dir).length > 0;
}
