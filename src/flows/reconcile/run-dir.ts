import {existsSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {RUN_MODES, type RunMode} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {findModel} from "../../models/registry.js";
import {
  type RunIdentity,
  SCHEDULE_MODES,
  type ScheduleMode,
} from "../../reconcile/discovery/reconciliation-layout.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {findRunLayout} from "../../runlog/run-layout.js";
import type {RunRecord} from "../../system/run/run-record.js";
import {formatStamp, parseStamp} from "../../time/epoch.js";

/** What a run's folder and `run.json` say of how to reconcile it. */
export interface RunDirFacts extends RunIdentity {
  readonly runMode: RunMode;
  readonly runDir: string;
  /** The root that its path names; undefined for a folder of the user's choosing. */
  readonly prodDataSourceDir: string | undefined;
  /** `prod_reconciliation` beside that root, or beside the run. */
  readonly dstRootDir: string;
  /** What flags changed of its config, as `a.b=VALUE`. */
  readonly overrides: readonly string[];
}

/**
 * Everything about a recorded run that a reconciliation has to be told, from its path and its
 * `run.json`.
 *
 * @param dir the run folder, or the `{start}.{end}` folder that holds it, in either layout
 * @throws ReckonError `misuse` when it is neither, when path and `run.json` contradict each other,
 *   or when they do not say enough
 */
export function factsOfRunDir(dir: string): RunDirFacts {
  const runDir = findLogDir(resolve(dir));
  const named = parsePath(runDir);
  const record = new RunFolder(runDir).runRecord() as RunRecord | undefined;
  const recorded = record === undefined ? undefined : identityOf(record);
  if (named !== undefined && recorded !== undefined) {
    checkAgreement(runDir, named.run, recorded);
  }
  const run = named?.run ?? (recorded && {...recorded, scheduleMode: "scheduled" as const});
  if (run === undefined) {
    throw new ReckonError("misuse", {
      place: runDir,
      expected: "a run.json, or a path …/{model}[.{tag}]/{run_mode}/[{mode}/]{start}.{end}/…",
      found: "neither",
      fix: "give --model, --run-mode, --start-timestamp and --end-timestamp as well",
    });
  }
  const root = named?.root;
  return {
    ...run,
    runDir,
    prodDataSourceDir: root,
    dstRootDir: join(dirname(root ?? runDir), "prod_reconciliation"),
    overrides: record?.overrides ?? [],
  };
}

function findLogDir(dir: string): string {
  const names = ["system_log_dir", ...SCHEDULE_MODES.map((mode) => `system_log_dir.${mode}`)];
  const places = [dir, ...[dir, join(dir, "prod")].flatMap((at) => names.map((n) => join(at, n)))];
  const found = places.find((place) => findRunLayout(place) !== undefined);
  if (found === undefined) {
    throw new ReckonError("misuse", {
      place: "--run-dir",
      expected: "a run folder, or the {start}.{end} folder that holds one",
      found: existsSync(dir) ? `${dir}, which holds no run` : `${dir}, which does not exist`,
    });
  }
  return found;
}

type Identity = RunIdentity & {readonly runMode: RunMode};

const INTERVAL = String.raw`(?<start>\d{8}_\d{6})\.(?<end>\d{8}_\d{6})`;
const TAGGED = String.raw`(?<root>.*)/(?<model>[^/.]+)(?:\.(?<tag>[^/]+))?/(?<runMode>[^/]+)`;
const PATHS = [
  `^${TAGGED}/(?<mode>scheduled|manual)/${INTERVAL}(?:/prod)?/system_log_dir$`,
  String.raw`^${TAGGED}/${INTERVAL}(?:/prod)?/system_log_dir\.(?<mode>scheduled|manual)$`,
].map((pattern) => new RegExp(pattern));

function parsePath(runDir: string): {root: string; run: Identity} | undefined {
  const path = runDir.replaceAll("\\", "/");
  const parts = PATHS.map((pattern) => pattern.exec(path)?.groups).find(Boolean);
  const runMode = RUN_MODES.find((mode) => mode === parts?.runMode);
  if (parts === undefined || runMode === undefined) {
    return undefined;
  }
  const run = {
    model: findModel(parts.model as string).id,
    tag: parts.tag ?? "",
    runMode,
    scheduleMode: parts.mode as ScheduleMode,
    start: parseStamp(parts.start as string, runDir),
    end: parseStamp(parts.end as string, runDir),
  };
  return {root: parts.root as string, run};
}

function identityOf(record: RunRecord): Omit<Identity, "scheduleMode"> {
  return {
    model: record.model,
    tag: "",
    runMode: record.run_mode as RunMode,
    start: parseStamp(record.start_timestamp, "run.json"),
    end: parseStamp(record.end_timestamp, "run.json"),
  };
}

/** A folder that was moved, or whose run is another than its path says, is nobody's guess. */
function checkAgreement(
  place: string,
  path: Identity,
  record: Pick<Identity, "model" | "runMode" | "start" | "end">,
): void {
  const textOf = ({model, runMode, start, end}: typeof record) =>
    `${model} ${runMode} ${formatStamp(start)}.${formatStamp(end)}`;
  if (textOf(path) !== textOf(record)) {
    throw new ReckonError("misuse", {
      place,
      expected: `the run that its path names: ${textOf(path)}`,
      found: `one whose run.json says ${textOf(record)}`,
      fix: "move the folder to where it belongs",
    });
  }
}
