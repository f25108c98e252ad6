import {existsSync} from "node:fs";
import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import {type EpochMs, formatStamp, parseStamp} from "../../time/epoch.js";

/** How a run came about: started by a scheduler or by hand. */
export const SCHEDULE_MODES = ["scheduled", "manual"] as const;
/** One of {@link SCHEDULE_MODES}. */
export type ScheduleMode = (typeof SCHEDULE_MODES)[number];

/** Which run: together these name one folder below a root. */
export interface RunIdentity {
  readonly model: string;
  readonly runMode: string;
  readonly scheduleMode: ScheduleMode;
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Appended to the model's name with a dot; empty for none. */
  readonly tag?: string | undefined;
}

/** `{model}[.{tag}]`, the name folders and pages carry. */
export function taggedModel({model, tag}: Pick<RunIdentity, "model" | "tag">): string {
  return tag === undefined || tag === "" ? model : `${model}.${tag}`;
}

/** `{model}[.{tag}]/{run_mode}/{schedule_mode}/{start}.{end}`, relative to a root. */
export function runPath(run: RunIdentity): string {
  const interval = `${formatStamp(run.start)}.${formatStamp(run.end)}`;
  return join(taggedModel(run), run.runMode, run.scheduleMode, interval);
}

/** `{model}[.{tag}]/{run_mode}/{start}.{end}`, as older systems lay runs out. */
function legacyRunPath(run: RunIdentity): string {
  const interval = `${formatStamp(run.start)}.${formatStamp(run.end)}`;
  return join(taggedModel(run), run.runMode, interval);
}

/** The inverse of {@link runPath}; undefined when the text is no such path. */
export function parseRunPath(path: string): RunIdentity | undefined {
  const parts =
    /^([^/.]+)(?:\.([^/]+))?\/([^/]+)\/(scheduled|manual)\/(\d{8}_\d{6})\.(\d{8}_\d{6})$/;
  const [, model, tag, runMode, scheduleMode, start, end] = parts.exec(path) ?? [];
  return model === undefined || start === undefined || end === undefined
    ? undefined
    : {
        model,
        ...(tag === undefined ? {} : {tag}),
        runMode: runMode as string,
        scheduleMode: scheduleMode as ScheduleMode,
        start: parseStamp(start, path),
        end: parseStamp(end, path),
      };
}

/** Our folders, or those of older systems: no folder for the schedule mode, but names with it. */
export const FOLDER_LAYOUTS = ["reckon", "legacy"] as const;
/** One of {@link FOLDER_LAYOUTS}. */
export type FolderLayout = (typeof FOLDER_LAYOUTS)[number];

/** The folders of one reconciliation. */
export interface ReconciliationFolders {
  readonly dir: string;
  readonly prod: string;
  readonly simulation: string;
  readonly prodRun: string;
  readonly simRun: string;
  readonly marketDump: string;
  readonly notebooks: string;
  readonly fastNotebook: string;
  readonly slowNotebook: string;
  /** What the comparison found, for programs. */
  readonly json: string;
  /** What the recorded run printed, where it kept that outside its folder. */
  readonly consoleLog: string;
  /** Transaction costs; only where the run mode is prod. */
  readonly tca: string;
}

/** The layout of a reconciliation that exists; ours where there is none, or both. */
export function existingLayout(dstRootDir: string, run: RunIdentity): FolderLayout {
  return !existsSync(join(dstRootDir, runPath(run))) &&
    existsSync(join(dstRootDir, legacyRunPath(run), "prod"))
    ? "legacy"
    : "reckon";
}

/** Where everything of a reconciliation is, below `dstRootDir`. */
export function reconciliationFolders(
  dstRootDir: string,
  run: RunIdentity,
  layout: FolderLayout = existingLayout(dstRootDir, run),
): ReconciliationFolders {
  const dir = join(dstRootDir, layout === "legacy" ? legacyRunPath(run) : runPath(run));
  const logDir = layout === "legacy" ? `system_log_dir.${run.scheduleMode}` : "system_log_dir";
  return {
    dir,
    prod: join(dir, "prod"),
    simulation: join(dir, "simulation"),
    prodRun: join(dir, "prod", logDir),
    simRun: join(dir, "simulation", logDir),
    consoleLog: join(dir, "prod", `log.${run.scheduleMode}.txt`),
    marketDump: join(dir, "simulation", "test_data.csv.gz"),
    notebooks: join(dir, "reconciliation_notebook"),
    fastNotebook: join(dir, "reconciliation_notebook", "fast"),
    slowNotebook: join(dir, "reconciliation_notebook", "slow"),
    json: join(dir, "reconciliation.json"),
    tca: join(dir, "tca"),
  };
}

/**
 * A schedule mode from outside.
 *
 * @throws ReckonError `misuse`
 */
export function parseScheduleMode(text: string): ScheduleMode {
  const mode = SCHEDULE_MODES.find((known) => known === text);
  if (mode === undefined) {
    throw new ReckonError("misuse", {
      place: "schedule mode",
      expected: SCHEDULE_MODES.join(" or "),
      found: JSON.stringify(text),
    });
  }
  return mode;
}

/**
 * A tag from outside: part of a folder's name, so it may not lead elsewhere.
 *
 * @throws ReckonError `misuse`
 */
export function checkTag(tag: string, place = "tag"): string {
  if (!/^([A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(tag)) {
    throw new ReckonError("misuse", {
      place,
      expected: "letters, digits, dots, dashes and underscores",
      found: JSON.stringify(tag),
    });
  }
  return tag;
}
