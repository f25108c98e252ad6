import {resolve} from "node:path";
import {formatOverride, type Override, parseOverride} from "../../config/override.js";
import {ReckonError} from "../../errors.js";
import type {ReconciliationRequest} from "../../flows/reconcile/request.js";
import {factsOfRunDir, type RunDirFacts} from "../../flows/reconcile/run-dir.js";
import {findModel} from "../../models/registry.js";
import {checkTag, parseScheduleMode} from "../../reconcile/discovery/reconciliation-layout.js";
import {formatStamp, parseStamp} from "../../time/epoch.js";
import {overridesOf as givenOverrides} from "../run/options.js";
import type {NotebookFlags, ReconcileFlags} from "./options.js";

/**
 * What the flags ask for; what they leave out is taken from the run of `--run-dir`.
 *
 * @throws ReckonError `misuse`
 */
export function requestOf(flags: ReconcileFlags): ReconciliationRequest {
  const facts = flags.runDir === undefined ? undefined : factsOfRunDir(flags.runDir);
  const {model, runMode, startTimestamp, endTimestamp, mode, tag} = flags;
  const overrides = overridesOf(flags, facts);
  return {
    model: model === undefined ? needed(facts?.model, "model") : findModel(model).id,
    runMode: runMode ?? needed(facts?.runMode, "run-mode"),
    scheduleMode:
      mode === undefined ? (facts?.scheduleMode ?? "scheduled") : parseScheduleMode(mode),
    tag: checkTag(tag ?? facts?.tag ?? ""),
    start:
      startTimestamp === undefined
        ? needed(facts?.start, "start-timestamp")
        : parseStamp(startTimestamp, "--start-timestamp"),
    end:
      endTimestamp === undefined
        ? needed(facts?.end, "end-timestamp")
        : parseStamp(endTimestamp, "--end-timestamp"),
    ...placesOf(flags, facts),
    overrides,
    setConfigValues: overrides.map(formatOverride).join(";"),
    abortIfExists: flags.abortIfExists,
    backupDirIfExists: flags.backupDirIfExists,
    incremental: flags.incremental,
    preventOverwriting: flags.preventOverwriting,
  };
}

function placesOf(flags: ReconcileFlags, facts: RunDirFacts | undefined) {
  const {prodDataSourceDir, dstRootDir, marketDataSourceDir, awsProfile, layout, dataDir} = flags;
  const root = prodDataSourceDir ?? facts?.prodDataSourceDir ?? facts?.runDir;
  return {
    prodDataSourceDir: needed(root, "prod-data-source-dir"),
    dstRootDir: needed(dstRootDir ?? facts?.dstRootDir, "dst-root-dir"),
    // A root that is given as well says where the run is.
    ...(facts !== undefined && prodDataSourceDir === undefined && {runDir: facts.runDir}),
    ...(marketDataSourceDir !== undefined && {marketDataSourceDir}),
    ...(awsProfile !== undefined && {awsProfile}),
    ...(layout !== undefined && {layout}),
    dataDir,
  };
}

function needed<T>(value: T | undefined, flag: string): T {
  if (value !== undefined) {
    return value;
  }
  throw new ReckonError("misuse", {
    place: `--${flag}`,
    expected: "a value, or --run-dir with the recorded run",
    found: "neither",
    fix: "see --help",
  });
}

/** The run's own first, so that those of the command line count. */
function overridesOf(flags: ReconcileFlags, facts: RunDirFacts | undefined): Override[] {
  return [...(facts?.overrides ?? []).map(parseOverride), ...givenOverrides(flags)];
}

/** The whole command line that a `--run-dir` stands for, ready for a shell. */
export function fullCommand(step: string, flags: ReconcileFlags & Partial<NotebookFlags>): string {
  const request = requestOf(flags);
  const {model, runMode, scheduleMode, tag, start, end, runDir, setConfigValues} = request;
  const isBare = factsOfRunDir(flags.runDir ?? "").prodDataSourceDir === undefined;
  const words: (readonly [flag: string, value: string | undefined])[] = [
    ["model", model],
    ["run-mode", runMode],
    ["mode", scheduleMode],
    ["tag", tag === "" ? undefined : tag],
    ["start-timestamp", formatStamp(start)],
    ["end-timestamp", formatStamp(end)],
    isBare ? ["run-dir", runDir] : ["prod-data-source-dir", request.prodDataSourceDir],
    ["aws-profile", request.awsProfile],
    ["dst-root-dir", resolve(request.dstRootDir)],
    ["data-dir", resolve(request.dataDir)],
    ["market-data-source-dir", request.marketDataSourceDir],
    ["layout", request.layout],
    ["set-config-values", setConfigValues === "" ? undefined : setConfigValues],
  ];
  const given = words.flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag} ${shellWord(value)}`],
  );
  const switches = [
    ...(flags.incremental ? ["--incremental"] : []),
    ...(flags.backupDirIfExists ? ["--backup-dir-if-exists"] : []),
    ...(flags.abortIfExists ? [] : ["--no-abort-if-exists"]),
    ...(flags.preventOverwriting ? [] : ["--no-prevent-overwriting"]),
    ...(flags.runNotebook ? ["--run-notebook"] : []),
    ...(flags.notebookRunMode ? [`--notebook-run-mode ${flags.notebookRunMode}`] : []),
    ...(flags.markAsLast24HourRun ? ["--mark-as-last-24-hour-run"] : []),
    ...(flags.allowUpdate ? ["--allow-update"] : []),
    ...(flags.strict ? ["--strict"] : []),
  ];
  return ["reckon reconcile", step, ...given, ...switches].join(" ");
}

/** A word as a POSIX shell reads it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
