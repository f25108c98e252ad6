import {copyFileSync, cpSync, existsSync, rmSync} from "node:fs";
import {messageOf, ReckonError} from "../../../errors.js";
import {RunFolder} from "../../../runlog/run-folder.js";
import {prodRunOf} from "../prod-run.js";
import {placeAside, startAside} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {lockTree} from "../write-permission.js";

/**
 * Copies the recorded run into the reconciliation, whole or not at all, and what it printed beside
 * it. Under `incremental` a copy that is there is kept.
 *
 * @throws ReckonError `bad-data` when there is no such run; `failed` when copying does
 */
export function copyProdData(request: ReconciliationRequest): string {
  const {logDir, consoleLog} = prodRunOf(request);
  new RunFolder(logDir);
  const {prodRun, consoleLog: keptLog} = foldersOf(request);
  if (request.incremental && existsSync(prodRun)) {
    return prodRun;
  }
  const aside = startAside(prodRun);
  try {
    cpSync(logDir, aside, {recursive: true, preserveTimestamps: true});
    placeAside(aside, prodRun);
  } catch (cause) {
    rmSync(aside, {recursive: true, force: true});
    const found = messageOf(cause);
    throw new ReckonError("failed", {place: prodRun, expected: "to copy the run", found}, {cause});
  }
  if (consoleLog !== undefined) {
    rmSync(keptLog, {force: true});
    copyFileSync(consoleLog, keptLog);
  }
  if (request.preventOverwriting) {
    lockTree(prodRun);
    if (existsSync(keptLog)) {
      lockTree(keptLog);
    }
  }
  return prodRun;
}
