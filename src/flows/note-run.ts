import {hostname} from "node:os";
import {resolve} from "node:path";
import {messageOf} from "../errors.js";
import type {Store} from "../store/open/open-store.js";
import {endRun, type RunStart, recordRun} from "../store/runs.js";
import type {RunRecord} from "../system/run/run-record.js";
import type {RunRequest} from "../system/run/run-system.js";
import type {Clock} from "../time/clock.js";
import {formatStamp} from "../time/epoch.js";

/** How runs are noted in the table `runs` of the SQL store. */
export interface RunNoting {
  readonly openStore: () => Promise<Store>;
  readonly clock: Clock;
  readonly scheduleMode: string;
  /** Empty for none. */
  readonly tag: string;
  /** Told that a run could not be noted: it goes on all the same. */
  readonly onProblem: (text: string) => void;
}

/**
 * What notes a run in the store, told as it begins and as it ends: `runSystem`'s `onRecord`.
 *
 * It never fails. Where the store was away at the start, the end notes both.
 */
export function runNotes(
  {start, end, dir}: Pick<RunRequest, "start" | "end" | "dir">,
  noting: RunNoting,
): NonNullable<RunRequest["onRecord"]> {
  const {openStore, clock, scheduleMode, tag, onProblem} = noting;
  const startedAt = clock.now();
  const place = {tag, scheduleMode, start, end, dir: resolve(dir), startedAt};
  return async (record) => {
    try {
      const store = await openStore();
      try {
        await note(store, {...place, ...factsOf(record)}, {record, now: clock.now()});
      } finally {
        await store.close();
      }
    } catch (error) {
      onProblem(`the run could not be noted in the store: ${messageOf(error)}`);
    }
  };
}

async function note(
  store: Store,
  run: Omit<RunStart, "id">,
  {record, now}: {readonly record: RunRecord; readonly now: number},
): Promise<void> {
  const id = idOf(run);
  const {exit_state: exitState} = record;
  if (exitState === "running") {
    await recordRun(store, {...run, id});
    return;
  }
  const ended = {exitState, endedAt: now};
  if (!(await endRun(store, id, ended))) {
    await recordRun(store, {...run, id});
    await endRun(store, id, ended);
  }
}

/** Each time a run is started is a run of its own. */
function idOf({model, tag, runMode, scheduleMode, start, startedAt}: Omit<RunStart, "id">): string {
  const name = tag === "" ? model : `${model}.${tag}`;
  const times = [start, startedAt].map(formatStamp);
  return [name, runMode, scheduleMode, ...times, process.pid, hostname()].join(".");
}

function factsOf({model, run_mode, config_hash, volatile}: RunRecord) {
  const {reckon, node, git_commit} = volatile;
  const versions = {reckon, node, git_commit};
  return {model, runMode: run_mode, configHash: config_hash, versions};
}
