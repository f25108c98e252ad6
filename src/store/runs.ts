import type {EpochMs} from "../time/epoch.js";
import {toIso} from "../time/epoch.js";
import type {Store} from "./store.js";
import {instant} from "./streams/column-types.js";

/** What is known of a run as it starts. */
export interface RunStart {
  /** Its name among all runs of the store. */
  readonly id: string;
  readonly model: string;
  /** Empty for none. */
  readonly tag: string;
  readonly runMode: string;
  readonly scheduleMode: string;
  /** The run handles the bars that end in (start, end]. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** The folder that records it. */
  readonly dir: string;
  readonly startedAt: EpochMs;
  /** SHA-256 of the config's JSON. */
  readonly configHash: string;
  /** Versions of what ran: `{"reckon": "0.1.0", "git_commit": null}`. */
  readonly versions: Readonly<Record<string, string | null>>;
}

/** How a run ended. */
export interface RunEnd {
  readonly exitState: "done" | "failed" | "interrupted";
  readonly endedAt: EpochMs;
}

/** A run as stored. */
export interface StoredRun extends RunStart {
  /** `running` also for a run that was killed. */
  readonly exitState: "running" | RunEnd["exitState"];
  /** Null while it runs. */
  readonly endedAt: EpochMs | null;
}

/** Which runs; every condition may be left out. */
export interface RunsQuery {
  readonly model?: string | undefined;
  readonly tag?: string | undefined;
  readonly runMode?: string | undefined;
  /** Started at or after this. */
  readonly startedFrom?: EpochMs | undefined;
  /** At most so many, the newest; 100 when left out. */
  readonly limit?: number | undefined;
}

/**
 * Notes that a run has started. Noting it again, after a lost answer or because the run of that id
 * is run again, replaces what was noted.
 */
export async function recordRun({db}: Store, run: RunStart): Promise<void> {
  const row = {
    id: run.id,
    model: run.model,
    tag: run.tag,
    run_mode: run.runMode,
    schedule_mode: run.scheduleMode,
    start_timestamp: toIso(run.start),
    end_timestamp: toIso(run.end),
    dir: run.dir,
    exit_state: "running",
    started_at: toIso(run.startedAt),
    ended_at: null,
    config_hash: run.configHash,
    versions: JSON.stringify(run.versions),
  };
  await db
    .insertInto("runs")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
    .execute();
}

/** Notes how a run ended; false when no run of that id was noted. */
export async function endRun({db}: Store, id: string, end: RunEnd): Promise<boolean> {
  const {numUpdatedRows} = await db
    .updateTable("runs")
    .set({exit_state: end.exitState, ended_at: toIso(end.endedAt)})
    .where("id", "=", id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The runs of a store, newest start first. */
export async function listRuns({db}: Store, query: RunsQuery = {}): Promise<StoredRun[]> {
  const {model, tag, runMode, startedFrom, limit = 100} = query;
  const rows = await db
    .selectFrom("runs")
    .selectAll()
    .$if(model !== undefined, (q) => q.where("model", "=", model ?? ""))
    .$if(tag !== undefined, (q) => q.where("tag", "=", tag ?? ""))
    .$if(runMode !== undefined, (q) => q.where("run_mode", "=", runMode ?? ""))
    .$if(startedFrom !== undefined, (q) => q.where("started_at", ">=", instant(startedFrom ?? 0)))
    .orderBy("started_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    model: row.model,
    tag: row.tag,
    runMode: row.run_mode,
    scheduleMode: row.schedule_mode,
    start: row.start_timestamp,
    end: row.end_timestamp,
    dir: row.dir,
    startedAt: row.started_at,
    configHash: row.config_hash,
    versions: row.versions,
    exitState: row.exit_state as StoredRun["exitState"],
    endedAt: row.ended_at,
  }));
}
