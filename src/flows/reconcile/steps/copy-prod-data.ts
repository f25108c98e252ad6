import {cpSync, existsSync, readFileSync, rmSync} from "node:fs";
import {messageOf, ReckonError} from "../../../errors.js";
import {RunFolder} from "../../../runlog/reading/run-folder.js";
import {writeWholeFile} from "../../../runlog/whole-file.js";
import {checkStage} from "../check-stage.js";
import {prodRunOf} from "../prod-run.js";
import {checkReplaceable, placeAside, startAside} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {lockTree} from "../write-permission.js";

/**
 * Copies the recorded run into the reconciliation, whole or not at all, and what it printed beside
 * it. Under `incremental` what is there is kept, and what is missing is made.
 *
 * @param replaces a read-only copy too
 * @throws ReckonError `misuse` for a stage that is not the run's, and for a read-only copy that is
 *   not to be replaced; `bad-data` when there is no such run; `failed` when copying does
 */
export function copyProdData(
  request: ReconciliationRequest,
  replaces = !request.preventOverwriting,
): string {
  const {logDir, consoleLog} = prodRunOf(request);
  checkStage(new RunFolder(logDir), request.stage);
  const {prodRun, consoleLog: keptLog} = foldersOf(request);
  const isKept = (path: string): boolean => request.incremental && existsSync(path);
  if (!isKept(prodRun)) {
    checkReplaceable(prodRun, replaces);
    copyRun(logDir, prodRun);
  }
  if (consoleLog !== undefined && !isKept(keptLog)) {
    writeWholeFile(keptLog, readFileSync(consoleLog));
  }
  if (request.preventOverwriting) {
    for (const path of [prodRun, keptLog].filter(existsSync)) {
      lockTree(path);
    }
  }
  return prodRun;
}

function copyRun(logDir: string, prodRun: string): void {
  const aside = startAside(prodRun);
  try {
    cpSync(logDir, aside, {recursive: true, preserveTimestamps: true});
    placeAside(aside, prodRun);
  } catch (cause) {
    rmSync(aside, {recursive: true, force: true});
    const found = messageOf(cause);
    throw new ReckonError("failed", {place: prodRun, expected: "to copy the run", found}, {cause});
  }
}
