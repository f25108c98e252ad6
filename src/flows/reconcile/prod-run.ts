import {existsSync} from "node:fs";
import {dirname, join, relative} from "node:path";
import {ReckonError} from "../../errors.js";
import {findRuns} from "../../reconcile/discovery/find-runs.js";
import {runPath} from "../../reconcile/discovery/reconciliation-layout.js";
import {runRoots} from "../run-roots.js";
import type {ReconciliationRequest} from "./request.js";

/** Where a recorded run is. */
export interface ProdRun {
  /** The run folder. */
  readonly logDir: string;
  /** What it printed, where that is kept outside the run folder. */
  readonly consoleLog?: string;
}

/**
 * The recorded run of a request: the folder it names, else the run of these times below the root,
 * in our layout or the older one. Where there is none, the place where it would be.
 *
 * @throws ReckonError `bad-data` when a folder holds the logs of several schedule modes
 */
export function prodRunOf(request: ReconciliationRequest): ProdRun {
  const {runDir, prodDataSourceDir, stage, model, tag, runMode, start, end, scheduleMode} = request;
  if (runDir !== undefined) {
    const name = `log.${scheduleMode}.txt`;
    const consoleLog = [join(dirname(runDir), "logs", name), join(dirname(runDir), name)];
    return withLog(runDir, consoleLog.find(existsSync));
  }
  const root = namedRoot(prodDataSourceDir);
  const run = runRoots({root, stage, model, tag})
    .flatMap((place) => findRuns(place, {model, tag, runMode, start, end: start}))
    .filter((one) => one.end === end && one.scheduleMode === scheduleMode)
    .at(-1);
  if (run === undefined) {
    return {logDir: join(root, runPath(request), "system_log_dir")};
  }
  return withLog(run.logDir, run.consoleLog);
}

function namedRoot(prodDataSourceDir: string | undefined): string {
  if (prodDataSourceDir === undefined) {
    throw new ReckonError("misuse", {
      place: "--prod-data-source-dir",
      expected: "the root of the recorded runs",
      found: "none",
    });
  }
  return prodDataSourceDir;
}

/** A log inside the run folder is copied with it. */
function withLog(logDir: string, consoleLog: string | undefined): ProdRun {
  const isInside = consoleLog === undefined || !relative(logDir, consoleLog).startsWith("..");
  return isInside ? {logDir} : {logDir, consoleLog};
}

/** The folder of the recorded run of a request. */
export function prodRunDir(request: ReconciliationRequest): string {
  return prodRunOf(request).logDir;
}
