import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import {type EpochMs, parseStamp, toIso} from "../../time/epoch.js";
import {SCHEDULE_MODES, type ScheduleMode, taggedModel} from "./reconciliation-layout.js";

/** Which runs are looked for. */
export interface RunQuery {
  readonly model: string;
  readonly tag?: string | undefined;
  readonly runMode: string;
  /** Runs that start at or after this. */
  readonly start?: EpochMs | undefined;
  /** Runs that START at or before this. */
  readonly end?: EpochMs | undefined;
  /** Told of folders that are named like a run and hold no log of one. */
  readonly onSkip?: (dir: string) => void;
}

/** A run below a root. */
export interface FoundRun {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly scheduleMode: ScheduleMode;
  /** `legacy`: no folder for the schedule mode, which the log folder is named after instead. */
  readonly layout: "reckon" | "legacy";
  /** `{start}.{end}`. */
  readonly dir: string;
  /** The run folder. */
  readonly logDir: string;
  /** What the run printed; undefined where it was not kept. */
  readonly consoleLog?: string;
}

/**
 * The runs of a model below a root, in order of start, end and schedule mode: those in
 * `{model}[.{tag}]/{run_mode}/{schedule_mode}/{start}.{end}/` and, as older systems lay them out,
 * in `{model}[.{tag}]/{run_mode}/{start}.{end}/`, their log folder in it or in its `prod`.
 *
 * Folders of other names, `multiday` among them, are left alone.
 *
 * @returns nothing when there are none
 * @throws ReckonError `bad-data` when a folder holds the logs of several schedule modes
 */
export function findRuns(root: string, query: RunQuery): FoundRun[] {
  const dir = join(root, taggedModel(query), query.runMode);
  const ours = SCHEDULE_MODES.flatMap((mode) =>
    intervals(join(dir, mode), query).map((interval) => oursAt(interval, mode)),
  );
  const legacy = intervals(dir, query).map(legacyAt);
  const found: FoundRun[] = [];
  for (const {run, at} of [...ours, ...legacy]) {
    if (run === undefined) {
      query.onSkip?.(at);
    } else {
      found.push(run);
    }
  }
  return found.sort(
    (a, b) =>
      a.start - b.start ||
      a.end - b.end ||
      SCHEDULE_MODES.indexOf(b.scheduleMode) - SCHEDULE_MODES.indexOf(a.scheduleMode),
  );
}

/**
 * The newest run: the one that starts last and, of several, ends last.
 *
 * @throws ReckonError `bad-data` when there is none
 */
export function newestRun(root: string, query: RunQuery): FoundRun {
  const run = findRuns(root, query).at(-1);
  if (run === undefined) {
    const {start, end} = query;
    const since = start === undefined ? "" : ` that starts from ${toIso(start)} on`;
    const until = end === undefined ? "" : ` and up to ${toIso(end)}`;
    throw new ReckonError("bad-data", {
      place: join(root, taggedModel(query), query.runMode),
      expected: `a run of ${taggedModel(query)}${since}${until}`,
      found: "none",
      fix: "check the root, the model, its tag and the run mode",
    });
  }
  return run;
}

interface Interval {
  readonly dir: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** The run, or undefined for a folder without one. */
interface Candidate {
  readonly at: string;
  readonly run: FoundRun | undefined;
}

/** The folders named `{start}.{end}` right below `dir` whose start is asked for. */
function intervals(dir: string, {start, end}: RunQuery): Interval[] {
  return foldersOf(dir).flatMap((name) => {
    const [from, to, ...more] = name.split(".").map(instantOf);
    if (from === undefined || to === undefined || more.length > 0) {
      return [];
    }
    const run = {dir: join(dir, name), start: from, end: to};
    const isAsked =
      run.start >= (start ?? Number.NEGATIVE_INFINITY) &&
      run.start <= (end ?? Number.POSITIVE_INFINITY);
    return isAsked ? [run] : [];
  });
}

/** Undefined for text that is no `YYYYMMDD_HHMMSS`: such a folder is somebody else's. */
function instantOf(stamp: string): EpochMs | undefined {
  try {
    return parseStamp(stamp);
  } catch {
    return undefined;
  }
}

function oursAt(interval: Interval, scheduleMode: ScheduleMode): Candidate {
  const {dir} = interval;
  const logDir = [dir, join(dir, "prod")]
    .map((place) => join(place, "system_log_dir"))
    .find(existsSync);
  const run = logDir === undefined ? undefined : ({...interval, scheduleMode, logDir} as const);
  return {at: dir, run: run && {...run, layout: "reckon", ...logOf([join(run.logDir, "log.txt")])}};
}

function legacyAt(interval: Interval): Candidate {
  const {dir} = interval;
  const logs = [dir, join(dir, "prod")].flatMap((place) =>
    SCHEDULE_MODES.map((mode) => ({
      scheduleMode: mode,
      logDir: join(place, `system_log_dir.${mode}`),
    })).filter(({logDir}) => existsSync(logDir)),
  );
  const [first, second] = logs;
  if (first === undefined) {
    return {at: dir, run: undefined};
  }
  if (second !== undefined && second.scheduleMode !== first.scheduleMode) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: "one system_log_dir.{mode}",
      found: logs.map(({logDir}) => logDir).join(", "),
      fix: "move those that are not of this run elsewhere",
    });
  }
  const name = `log.${first.scheduleMode}.txt`;
  const log = logOf([join(dir, "logs", name), join(dir, "prod", name)]);
  return {at: dir, run: {...interval, ...first, layout: "legacy", ...log}};
}

function logOf(paths: readonly string[]): Pick<FoundRun, "consoleLog"> {
  const consoleLog = paths.find(existsSync);
  return consoleLog === undefined ? {} : {consoleLog};
}

/** The names of the folders right below `dir`; none when it does not exist. */
function foldersOf(dir: string): string[] {
  return existsSync(dir)
    ? readdirSync(dir, {withFileTypes: true})
        .filter((entry) => entry.isDirectory())
        .map(({name}) => name)
    : [];
}
