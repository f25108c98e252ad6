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
  /** Transaction costs; only where the run mode is prod. */
  readonly tca: string;
}

/** Where everything of a reconciliation is, below `dstRootDir`. */
export function reconciliationFolders(dstRootDir: string, run: RunIdentity): ReconciliationFolders {
  const dir = join(dstRootDir, runPath(run));
  return {
    dir,
    prod: join(dir, "prod"),
    simulation: join(dir, "simulation"),
    prodRun: join(dir, "prod", "system_log_dir"),
    simRun: join(dir, "simulation", "system_log_dir"),
    marketDump: join(dir, "simulation", "test_data.csv.gz"),
    notebooks: join(dir, "reconciliation_notebook"),
    fastNotebook: join(dir, "reconciliation_notebook", "fast"),
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
export function checkTag(tag: string): string {
  if (!/^([A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(tag)) {
    throw new ReckonError("misuse", {
      place: "tag",
      expected: "letters, digits, dots, dashes and underscores",
      found: JSON.stringify(tag),
    });
  }
  return tag;
}
