import {existsSync} from "node:fs";
import {ReckonError} from "../../../errors.js";
import {makeFolder} from "../../../make-folder.js";
import {preserveFolder} from "../../../runlog/whole-file.js";
import {openFolder, sweepAsides} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";

/**
 * Makes the folders of a reconciliation.
 *
 * Where the target exists: renamed under `backupDirIfExists`, else refused under `abortIfExists`
 * unless `incremental`, else kept and filled up.
 *
 * @returns the name the older folder was moved to
 * @throws ReckonError `misuse` when the target exists and may not, or cannot be written to
 */
export function createReconciliationDirs(request: ReconciliationRequest): string | undefined {
  const folders = foldersOf(request);
  let preserved: string | undefined;
  if (existsSync(folders.dir)) {
    const {abortIfExists, backupDirIfExists, incremental} = request;
    if (abortIfExists && !backupDirIfExists && !incremental) {
      throw new ReckonError("misuse", {
        place: folders.dir,
        expected: "no reconciliation of this run yet",
        found: "a folder",
        fix:
          "use --backup-dir-if-exists to keep it under another name, --incremental to finish " +
          "it, or --no-abort-if-exists to make it again",
      });
    }
    preserved = backupDirIfExists ? preserveFolder(folders.dir) : undefined;
  }
  const wanted = [folders.dir, folders.prod, folders.simulation, folders.notebooks];
  wanted.filter((dir) => existsSync(dir)).forEach(openFolder);
  sweepAsides([folders.dir, folders.prod, folders.simulation, folders.notebooks]);
  for (const dir of request.runMode === "prod" ? [...wanted, folders.tca] : wanted) {
    makeFolder(dir);
  }
  return preserved;
}
