import {join} from "node:path";
import {ReckonError} from "../errors.js";
import {checkTag, type RunIdentity, runPath} from "../reconcile/discovery/reconciliation-layout.js";

/** Where a run shall be recorded: its folder itself, or what it is composed of. */
export interface RunPlace {
  readonly dstDir?: string | undefined;
  readonly rootDir?: string | undefined;
  readonly stage?: string | undefined;
  /** Folder of the runs below root and stage. */
  readonly dataRootDir: string;
}

/** The folder of a run, and the file that keeps what it printed. */
export interface RunPaths {
  readonly dir: string;
  /** `logs/log.{mode}.txt` beside the run folder; none for a folder of the user's choosing. */
  readonly consoleLog?: string;
}

/**
 * `{root}[/{stage}]/{data_root_dir}/{model}[.{tag}]/{run_mode}/{schedule_mode}/{start}.{end}/
 * system_log_dir`, or the folder that was given.
 *
 * @throws ReckonError `misuse` when both or neither are given, or a part leads elsewhere
 */
export function runPaths(place: RunPlace, run: RunIdentity): RunPaths {
  const {dstDir, rootDir, stage, dataRootDir} = place;
  if ((dstDir === undefined) === (rootDir === undefined)) {
    throw new ReckonError("misuse", {
      place: "--dst-dir",
      expected: "the run folder, or --root-dir to compose it below",
      found: dstDir === undefined ? "neither" : "both",
    });
  }
  if (dstDir !== undefined) {
    return {dir: dstDir};
  }
  checkTag(run.tag ?? "");
  checkPart(stage ?? "any", "--stage");
  checkPart(dataRootDir, "--data-root-dir");
  const dir = join(rootDir as string, stage ?? "", dataRootDir, runPath(run));
  return {
    dir: join(dir, "system_log_dir"),
    consoleLog: join(dir, "logs", `log.${run.scheduleMode}.txt`),
  };
}

/** A folder's name may not lead elsewhere. */
function checkPart(name: string, place: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new ReckonError("misuse", {
      place,
      expected: "letters, digits, dots, dashes and underscores",
      found: JSON.stringify(name),
    });
  }
}
