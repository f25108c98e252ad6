import {resolve} from "node:path";
import {isDeepStrictEqual} from "node:util";
import {formatOverride, type Override, parseOverride} from "../../config/override.js";
import {ReckonError} from "../../errors.js";
import type {ReconciliationRequest} from "../../flows/reconcile/request.js";
import {factsOfRunDir, type RunDirFacts} from "../../flows/reconcile/run-dir.js";
import {findModel} from "../../models/registry.js";
import {checkTag, parseScheduleMode} from "../../reconcile/discovery/reconciliation-layout.js";
import {formatStamp, parseStamp} from "../../time/epoch.js";
import {requireOrder} from "../market/options.js";
import {flagOverrides} from "../run/flags.js";
import {overridesOf as givenOverrides} from "../run/options.js";
import type {ReconcileFlags} from "./options.js";
import {STEP_FLAGS, type StepName} from "./step-flags.js";

/**
 * What the flags ask of a step; what they leave out is taken from the run of `--run-dir`.
 *
 * @throws ReckonError `misuse`
 */
export function requestOf(flags: ReconcileFlags, step: StepName = "all"): ReconciliationRequest {
  const facts = flags.runDir === undefined ? undefined : factsOfRunDir(flags.runDir);
  const overrides = overridesOf(flags, facts);
  return {
    ...runOf(flags, facts),
    ...placesOf(flags, facts, step),
    overrides,
    setConfigValues: overrides.map(formatOverride).join(";"),
    abortIfExists: flags.abortIfExists ?? true,
    backupDirIfExists: flags.backupDirIfExists ?? false,
    incremental: flags.incremental ?? false,
    preventOverwriting: flags.preventOverwriting ?? true,
  };
}

function runOf(flags: ReconcileFlags, facts: RunDirFacts | undefined) {
  const {model, runMode, startTimestamp, endTimestamp, mode, tag} = flags;
  const run = {
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
  };
  requireOrder(run.start, run.end);
  return run;
}

function placesOf(flags: ReconcileFlags, facts: RunDirFacts | undefined, step: StepName) {
  const {prodDataSourceDir, dstRootDir, marketDataSourceDir, awsProfile, layout, dataDir} = flags;
  const {stage, universeVersion} = flags;
  const root = prodDataSourceDir ?? facts?.prodDataSourceDir ?? facts?.runDir;
  const isRead = STEP_FLAGS[step].includes("prod-data-source-dir");
  return {
    prodDataSourceDir: isRead ? needed(root, "prod-data-source-dir") : root,
    dstRootDir: needed(dstRootDir ?? facts?.dstRootDir, "dst-root-dir"),
    // A root that is given as well says where the run is.
    ...(facts !== undefined && prodDataSourceDir === undefined && {runDir: facts.runDir}),
    ...(marketDataSourceDir !== undefined && {marketDataSourceDir}),
    ...(universeVersion !== undefined && {universeVersion}),
    ...(stage !== undefined && {stage}),
    ...(awsProfile !== undefined && {awsProfile}),
    ...(layout !== undefined && {layout}),
    dataDir: dataDir ?? "",
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
  const {setConfigValue = [], setConfigValues, stage} = flags;
  const own = (facts?.overrides ?? []).map(parseOverride);
  const overrides = [...own, ...givenOverrides({setConfigValue, setConfigValues})];
  // As `reckon run --stage` has it, so that a run made with one is simulated with the same.
  const ofStage = stage === undefined ? [] : flagOverrides({stage});
  const isSaid = ({path}: Override) => overrides.some((one) => isDeepStrictEqual(one.path, path));
  return [...ofStage.filter((one) => !isSaid(one)), ...overrides];
}

/** The whole command line that a `--run-dir` stands for, ready for a shell. */
export function fullCommand(step: StepName, flags: ReconcileFlags): string {
  const request = requestOf(flags, step);
  const {model, runMode, scheduleMode, tag, start, end, setConfigValues} = request;
  const words: (readonly [flag: string, value: string | undefined])[] = [
    ["model", model],
    ["run-mode", runMode],
    ["mode", scheduleMode],
    ["tag", tag === "" ? undefined : tag],
    ["start-timestamp", formatStamp(start)],
    ["end-timestamp", formatStamp(end)],
    ...sourceWords(request, flags, step),
    ["stage", request.stage],
    ["aws-profile", request.awsProfile],
    ["dst-root-dir", resolve(request.dstRootDir)],
    ["data-dir", resolve(request.dataDir)],
    ["market-data-source-dir", request.marketDataSourceDir],
    ["universe-version", request.universeVersion],
    ["layout", request.layout],
    ["set-config-values", overridesNothing(flags, setConfigValues) ? undefined : setConfigValues],
  ];
  const isOwn = ([flag]: (typeof words)[number]): boolean => STEP_FLAGS[step].includes(flag);
  const given = words
    .filter(isOwn)
    .flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${shellWord(value)}`]));
  return ["reckon reconcile", step, ...given, ...switchesOf(flags)].join(" ");
}

/** The root of the run, or its folder where that is below no root; only for who reads it. */
function sourceWords(
  {runDir, prodDataSourceDir}: ReconciliationRequest,
  flags: ReconcileFlags,
  step: StepName,
): [string, string | undefined][] {
  if (!STEP_FLAGS[step].includes("prod-data-source-dir")) {
    return [];
  }
  const isBare = factsOfRunDir(flags.runDir ?? "").prodDataSourceDir === undefined;
  return [isBare ? ["run-dir", runDir] : ["prod-data-source-dir", prodDataSourceDir]];
}

/** The slow notebook takes no overrides: it looks at nodes alone. */
function overridesNothing({notebookRunMode, runNotebook}: ReconcileFlags, text: string): boolean {
  return text === "" || (notebookRunMode === "slow" && runNotebook === undefined);
}

function switchesOf(flags: ReconcileFlags): string[] {
  return [
    ...(flags.incremental === true ? ["--incremental"] : []),
    ...(flags.backupDirIfExists === true ? ["--backup-dir-if-exists"] : []),
    ...(flags.abortIfExists === false ? ["--no-abort-if-exists"] : []),
    ...(flags.preventOverwriting === false ? ["--no-prevent-overwriting"] : []),
    ...(flags.interactive === true ? ["--interactive"] : []),
    ...(flags.runNotebook === true ? ["--run-notebook"] : []),
    ...(flags.notebookRunMode ? [`--notebook-run-mode ${flags.notebookRunMode}`] : []),
    ...selfConsistencySwitch(flags.checkDagOutputSelfConsistency),
    ...(flags.markAsLast24HourRun === true ? ["--mark-as-last-24-hour-run"] : []),
    ...(flags.allowUpdate === true ? ["--allow-update"] : []),
    ...(flags.strict === true ? ["--strict"] : []),
  ];
}

function selfConsistencySwitch(isWanted: boolean | undefined): string[] {
  return isWanted === undefined
    ? []
    : [`--${isWanted ? "" : "no-"}check-dag-output-self-consistency`];
}

/** A word as a POSIX shell reads it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
