import {ReckonError} from "../../errors.js";
import {type FoundRun, findRuns, type RunQuery} from "../../reconcile/discovery/find-runs.js";
import {type ScheduleMode, taggedModel} from "../../reconcile/discovery/reconciliation-layout.js";
import {DAY_MS, type EpochMs, toIso} from "../../time/epoch.js";
import {runRoots} from "../run-roots.js";

/** Which run is to be observed: a given one, or the newest. */
export interface ObservedRunQuery {
  /** Folder of the runs, or one above it. */
  readonly root: string;
  readonly model: string;
  readonly tag?: string | undefined;
  readonly runMode: string;
  /** Start, end and schedule mode: all of them for a given run, none for the newest. */
  readonly start?: EpochMs | undefined;
  readonly end?: EpochMs | undefined;
  readonly scheduleMode?: ScheduleMode | undefined;
  /** What "now" is: the newest run started within the day before it. */
  readonly now: EpochMs;
  /** A folder between root and runs, for example `prod`. */
  readonly stage?: string | undefined;
  /** Told of folders that are named like a run and hold none. */
  readonly onSkip?: (dir: string) => void;
}

/**
 * The run that is asked for: start, end and schedule mode name one; without them, it is the newest
 * whose start lies within the last day (a run that is to start in the future is none yet).
 *
 * @throws ReckonError `misuse` when only some of the three are given; `bad-data` when there is none
 */
export function findObservedRun(query: ObservedRunQuery): FoundRun {
  const {start, end, scheduleMode, now, model, tag, runMode, onSkip} = query;
  const given = [start, end, scheduleMode].filter((part) => part !== undefined).length;
  if (given !== 0 && given !== 3) {
    throw new ReckonError("misuse", {
      place: "--start-timestamp, --end-timestamp and --mode",
      expected: "all of them for one run, or none for the newest",
      found: `${given} of the three`,
    });
  }
  const wanted: RunQuery = {
    model,
    tag,
    runMode,
    start: start ?? now - DAY_MS,
    end: start ?? now,
    ...(onSkip === undefined ? {} : {onSkip}),
  };
  const runs = runRoots(query).flatMap((root) => findRuns(root, wanted));
  const isAsked = (run: FoundRun): boolean =>
    given === 0 || (run.end === end && run.scheduleMode === scheduleMode);
  const found = runs.filter(isAsked).sort((a, b) => a.start - b.start || a.end - b.end);
  const newest = found.at(-1);
  if (newest === undefined) {
    throw notFound(query, runs);
  }
  return newest;
}

/** The runs of a model that begin before an instant, oldest first: its live part. */
export function findLiveRuns(
  query: Pick<ObservedRunQuery, "root" | "model" | "tag" | "runMode"> & {readonly until: EpochMs},
): FoundRun[] {
  const runs = runRoots(query).flatMap((root) => findRuns(root, query));
  const found = runs.filter(({start}) => start < query.until);
  if (found.length === 0) {
    throw new ReckonError("bad-data", {
      place: query.root,
      expected: `runs of ${taggedModel(query)}, ${query.runMode}`,
      found: runs.length === 0 ? "none" : "only later ones",
      fix: "check --prod-data-root-dir, model, tag and run mode",
    });
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function notFound(query: ObservedRunQuery, near: readonly FoundRun[]): ReckonError {
  const {root, runMode, start, end, scheduleMode, now} = query;
  const name = taggedModel(query);
  const which =
    start === undefined || end === undefined
      ? `that started from ${toIso(now - DAY_MS)} to ${toIso(now)}`
      : `${scheduleMode}, from ${toIso(start)} to ${toIso(end)}`;
  const others = near.map(({dir}) => dir).join(", ");
  return new ReckonError("bad-data", {
    place: root,
    expected: `a run of ${name}, ${runMode}, ${which}`,
    found: others === "" ? "none" : `other runs of that start: ${others}`,
    fix: "check --prod-data-root-dir, model, tag and run mode, or give start, end and mode",
  });
}
