import {cpSync, existsSync, renameSync, rmSync} from "node:fs";
import {join} from "node:path";
import {messageOf, ReckonError} from "../../errors.js";
import {makeFolder} from "../../make-folder.js";
import {runPath} from "../../reconcile/discovery/reconciliation-layout.js";
import {RunFolder} from "../../runlog/run-folder.js";
import {foldersOf, type ReconciliationRequest} from "./request.js";
import {lockTree, unlockTree} from "./write-permission.js";

/** Where the recorded run of a request is. */
export function prodRunDir(request: ReconciliationRequest): string {
  return join(request.prodDataSourceDir, runPath(request), "system_log_dir");
}

/**
 * Copies the recorded run into the reconciliation, whole or not at all.
 *
 * @throws ReckonError `bad-data` when there is no such run; `failed` when copying does
 */
export function copyProdData(request: ReconciliationRequest): string {
  const source = prodRunDir(request);
  new RunFolder(source);
  const {prod, prodRun} = foldersOf(request);
  makeFolder(prod);
  const aside = `${prodRun}.${process.pid}.tmp`;
  try {
    cpSync(source, aside, {recursive: true, preserveTimestamps: true});
    if (existsSync(prodRun)) {
      unlockTree(prodRun);
      rmSync(prodRun, {recursive: true});
    }
    renameSync(aside, prodRun);
  } catch (cause) {
    rmSync(aside, {recursive: true, force: true});
    const found = messageOf(cause);
    throw new ReckonError("failed", {place: prodRun, expected: "to copy the run", found}, {cause});
  }
  if (request.preventOverwriting) {
    lockTree(prodRun);
  }
  return prodRun;
}
