import process from "node:process";
import type {CommandModule} from "yargs";
import {formatConfig} from "../../config/config-tree.js";
import type {Override} from "../../config/override.js";
import type {SystemConfig} from "../../config/system-config.js";
import {runMarket, universeOf} from "../../flows/market/run-feed.js";
import {runNotes} from "../../flows/note-run.js";
import {runPaths} from "../../flows/run-place.js";
import {openAwaitedStore, openSharedStore} from "../../flows/shared-store.js";
import {findModel} from "../../models/registry.js";
import type {RunRecord} from "../../system/run/run-record.js";
import {type RunRequest, type RunResult, runSystem} from "../../system/run/run-system.js";
import {systemConfigOf} from "../../system/run/system-config-of.js";
import {formatMinute, parseStamp} from "../../time/epoch.js";
import {parseClockScale, scaledClock} from "../../time/scaled-clock.js";
import {systemClock} from "../../time/system-clock.js";
import {formatCount} from "../../words.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {RunConsole} from "./console.js";
import {flagOverrides, type RunFlags, runFlags} from "./flags.js";
import {runInterval} from "./interval.js";
import {overridesOf} from "./options.js";

/** `reckon run`. */
export const runCommand: CommandModule = {
  builder: (argv) => runFlags(argv),
  handler: async (parsed) => {
    const flags = parsed as unknown as RunFlags;
    const request = await requestOf(flags);
    if (flags.printConfig) {
      const config = configOf(request);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(config, null, 2)}\n`
          : `${formatConfig(JSON.parse(JSON.stringify(config)))}\n`,
      );
      return;
    }
    const result = await untilInterrupted((signal) =>
      runSystem({...request, ...notedRun(flags, request), options: {...request.options, signal}}),
    );
    if (flags.json) {
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      return;
    }
    printResult(result);
  },
};

type LiveOrRecorded = RunRequest &
  Required<Pick<RunRequest, "openStore" | "clock">> & {readonly isLive: boolean};

/** Everything that a command line asks for. */
async function requestOf(flags: RunFlags): Promise<LiveOrRecorded> {
  const clock =
    flags.clock === undefined
      ? systemClock
      : scaledClock(parseClockScale(flags.clock, "--clock"), systemClock);
  const model = findModel(flags.model);
  const interval = runInterval(flags, clock.now());
  const {start, end, isLive} = interval;
  const isPlaced = flags.dstDir !== undefined || flags.rootDir !== undefined;
  const place = flags.printConfig && !isPlaced ? {...flags, dstDir: "."} : flags;
  const {dir, consoleLog} = runPaths(place, {
    model: model.id,
    runMode: flags.runMode,
    scheduleMode: flags.mode,
    start,
    end,
    tag: flags.tag,
  });
  const universe =
    flags.universe === undefined ? undefined : await universeOf(flags.universe, flags);
  const symbols = flags.symbols?.split(",") ?? universe?.symbols;
  const market = await runMarket({...flags, symbols, isLive}, model, interval);
  const output = new RunConsole({
    logFile: flags.logFileName ?? consoleLog,
    isPrinted: isLive || ["DEBUG", "TRACE"].includes(flags.logLevel),
  });
  return {
    model: model.id,
    runMode: flags.runMode,
    start,
    end,
    dir,
    overrides: [
      ...(symbols === undefined ? [] : [instrumentsOf(symbols)]),
      ...(universe === undefined ? [] : [universe.override]),
      ...flagOverrides(flags),
      ...overridesOf(flags),
    ],
    ...market,
    pace: flags.pace,
    clock,
    isLive,
    openStore: (signal) => openAwaitedStore(flags.dataDir, {clock, ...(signal && {signal})}),
    ...(flags.replayFills === undefined ? {} : {replayFillsFrom: flags.replayFills}),
    ...(flags.openingHoldingsFrom === undefined ? {} : {openingFrom: flags.openingHoldingsFrom}),
    ...(flags.files === undefined ? {} : {files: flags.files}),
    onEvent: output.onEvent,
    options: {onBar: output.onBar},
  };
}

function configOf({model, runMode, choices, overrides = []}: RunRequest): SystemConfig {
  return systemConfigOf(findModel(model), {runMode, ...choices}, overrides);
}

/** A run that was told to stop must not wait long for a store that is away. */
const NOTING_PATIENCE_MS = 5_000;

/** A run that works with the SQL store is noted there. */
function notedRun(
  {mode, tag, dataDir}: RunFlags,
  request: LiveOrRecorded,
): Pick<RunRequest, "onRecord"> {
  const {isLive, clock} = request;
  const {type} = configOf(request).portfolio_config.broker_config;
  if (!isLive && type !== "database") {
    return {};
  }
  const onProblem = (text: string): void => void process.stderr.write(`${text}\n`);
  const openStore = () => openSharedStore(dataDir, {clock, patienceMs: NOTING_PATIENCE_MS});
  return {onRecord: runNotes(request, {openStore, clock, scheduleMode: mode, tag, onProblem})};
}

/** A flag goes before the desk's file and the environment. */
function instrumentsOf(symbols: readonly string[]): Override {
  const path = ["market_data_config", "asset_ids"];
  return {path, value: [...symbols], text: "--symbols"};
}

function printResult({dir, preserved, record}: RunResult): void {
  if (preserved !== undefined) {
    process.stdout.write(`kept the older folder as ${preserved}\n`);
  }
  const {start, end} = intervalOf(record);
  process.stdout.write(
    `${record.model} ${record.run_mode} on ${record.market}: ` +
      `${formatCount(record.bars, "bar")}, ${start} to ${end} UTC\n` +
      `${takenOver(record)}${notTraded(record)}${unusedConfig(record)}${dir}\n`,
  );
}

function takenOver({volatile}: RunRecord): string {
  const pid = volatile.taken_over_from_pid;
  return pid === undefined ? "" : `took the folder over from process ${pid}, which is no more\n`;
}

function intervalOf({start_timestamp, end_timestamp}: RunRecord): {start: string; end: string} {
  return {
    start: formatMinute(parseStamp(start_timestamp)),
    end: formatMinute(parseStamp(end_timestamp)),
  };
}

/** What was set and changed nothing, because nothing in this run reads it. */
function unusedConfig({unused_config}: RunRecord): string {
  return unused_config.length === 0 ? "" : `set, but never used: ${unused_config.join(", ")}\n`;
}

/** What a reader should not have to look for: bars without trading, by reason. */
function notTraded({bars, not_traded, skipped_bars: skipped}: RunRecord): string {
  const reasons = Object.entries(not_traded).map(([reason, count]) => `${count} ${reason}`);
  if (skipped !== undefined) {
    reasons.push(`${skipped} skipped, for the clock had passed them`);
  }
  if (bars === 0 && skipped === undefined) {
    return "no bar ends in this interval: nothing was done\n";
  }
  return reasons.length === 0 ? "" : `not traded: ${reasons.join(", ")}; see log.txt\n`;
}
