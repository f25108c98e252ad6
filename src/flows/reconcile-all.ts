import type {PublishResult} from "../../publish/publish-request.js";
import {copyProdData} from "./reconcile-copy-prod-data.js";
import {createReconciliationDirs} from "./reconcile-create-dirs.js";
import {dumpReplayFile} from "./reconcile-market-data.js";
import {type NotebookPublishing, runReconciliationNotebook} from "./reconcile-run-notebook.js";
import {checkSimulation, runReconciliationSim} from "./reconcile-run-sim.js";
import {foldersOf, type ReconciliationRequest} from "./reconciliation-request.js";
import {unlockTree} from "./write-permission.js";

export interface ReconcileAllOptions {
  /** How the notebook is published; undefined leaves it out. */
  readonly notebook?: NotebookPublishing;
  /** Give write permission back at the end. */
  readonly allowUpdate: boolean;
  readonly signal?: AbortSignal;
  /** Told before each step. */
  readonly onStep?: (step: string) => void;
}

/**
 * The whole reconciliation of one run: folders, the run's copy, the replay file, the simulation
 * and, where asked, the published notebook.
 *
 * The recorded run is checked before anything is made.
 */
export async function reconcileAll(
  request: ReconciliationRequest,
  {notebook, allowUpdate, signal, onStep = () => {}}: ReconcileAllOptions,
): Promise<PublishResult | undefined> {
  checkSimulation(request);
  onStep("create folders");
  createReconciliationDirs(request);
  onStep("copy the recorded run");
  copyProdData(request);
  onStep("write the replay file");
  await dumpReplayFile(request);
  onStep("simulate");
  await runReconciliationSim(request, signal);
  signal?.throwIfAborted();
  let page: PublishResult | undefined;
  if (notebook !== undefined) {
    onStep("run and publish the notebook");
    page = await runReconciliationNotebook(request, notebook);
  }
  if (allowUpdate) {
    unlockTree(foldersOf(request).dir);
  }
  return page;
}
