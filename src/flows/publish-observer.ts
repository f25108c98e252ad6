import {dirname, join, resolve} from "node:path";

import type {PublishResult} from "../../publish/result/publish-request.js";
import {taggedModel} from "../reconcile/discovery/reconciliation-layout.js";
import {RunFolder} from "../runlog/run-folder.js";
import {formatStamp} from "../time/epoch.js";
import {publishWithIndex} from "./publish-with-index.js";
import {prodRunDir} from "./reconcile/copy-prod-data.js";
import type {ReconciliationRequest} from "./reconcile/request.js";
import {NOTEBOOK_LIMIT_MS, notebookPath, type SharedPublishing} from "./reconcile/run-notebook.js";

/**
 * Publishes the PnL observer of a run beside its run folder, and as the model's newest page.
 *
 * @throws ReckonError `bad-data` when there is no such run
 */
export async function publishObserver(
  request: ReconciliationRequest,
  shared: SharedPublishing = {},
): Promise<PublishResult> {
  const runDir = prodRunDir(request);
  new RunFolder(runDir);
  const name = taggedModel(request);
  return await publishWithIndex({
    notebookPath: notebookPath("pnl-observer"),
    dstDir: join(dirname(runDir), "pnl_realtime_observer_notebook", formatStamp(request.end)),
    parameters: {runDir: resolve(runDir)},
    pathRoot: dirname(resolve(request.dstRootDir)),
    timeouts: {notebookMs: NOTEBOOK_LIMIT_MS},
    publishTo: {
      site: {place: join(request.dstRootDir, "pages")},
      stableNames: [`${name}.${request.runMode}.last_5minutes.html`, `${name}.last_5minutes.html`],
    },
    ...shared,
  });
}
