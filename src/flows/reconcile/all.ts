import {withKernelPool} from "../../../publish/kernel/pool/with-kernel-pool.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {reconcileRuns} from "../../reconcile/reconcile-runs.js";
import {type VerdictSummary, verdict} from "../../report/reconciliation/verdict.js";
import {RunFolder} from "../../runlog/run-folder.js";
import {copyProdData} from "./copy-prod-data.js";
import {createReconciliationDirs} from "./create-dirs.js";
import {dumpReplayFile} from "./market-data.js";
import {withLocalRun} from "./prod-run.js";
import {foldersOf, type ReconciliationRequest} from "./request.js";
import {
  type NotebookPublishing,
  reconciliationKernels,
  runReconciliationNotebook,
} from "./run-notebook.js";
import {checkSimulation, runReconciliationSim} from "./run-sim.js";
import {unlockTree} from "./write-permission.js";

/** What a whole reconciliation does besides its steps. */
export interface ReconcileAllOptions {
  /** How the notebook is published; undefined leaves it out. */
  readonly notebook?: NotebookPublishing;
  /** Give write permission back at the end. */
  readonly allowUpdate: boolean;
  readonly signal?: AbortSignal;
  /** Told before each step. */
  readonly onStep?: (step: string) => void;
}

/** What a whole reconciliation found, and its page. */
export interface ReconcileAllResult {
  readonly verdict: VerdictSummary;
  /** Undefined where no notebook was asked for. */
  readonly page: PublishResult | undefined;
}

/**
 * The whole reconciliation of one run: folders, the run's copy, the replay file, the simulation,
 * their comparison and, where asked, the published notebook.
 *
 * The recorded run is checked before anything is made.
 */
export async function reconcileAll(
  request: ReconciliationRequest,
  options: ReconcileAllOptions,
): Promise<ReconcileAllResult> {
  return await withLocalRun(request, (local) => reconcileLocal(local, options));
}

async function reconcileLocal(
  request: ReconciliationRequest,
  options: ReconcileAllOptions,
): Promise<ReconcileAllResult> {
  await checkSimulation(request);
  const {notebook, signal} = options;
  if (notebook === undefined || notebook.shared?.kernels !== undefined) {
    return await reconcileInSteps(request, options);
  }
  // The notebook's kernel starts while the simulation runs.
  return await withKernelPool({...reconciliationKernels(1), signal}, (kernels) => {
    const shared = {...notebook.shared, kernels};
    return reconcileInSteps(request, {...options, notebook: {...notebook, shared}});
  });
}

async function reconcileInSteps(
  request: ReconciliationRequest,
  {notebook, allowUpdate, signal, onStep = () => {}}: ReconcileAllOptions,
): Promise<ReconcileAllResult> {
  onStep("create folders");
  createReconciliationDirs(request);
  onStep("copy the recorded run");
  copyProdData(request);
  onStep("write the replay file");
  await dumpReplayFile(request);
  onStep("simulate");
  await runReconciliationSim(request, signal);
  signal?.throwIfAborted();
  onStep("compare");
  const summary = await compareRuns(request);
  let page: PublishResult | undefined;
  if (notebook !== undefined) {
    onStep("run and publish the notebook");
    page = await runReconciliationNotebook(request, notebook);
  }
  if (allowUpdate) {
    unlockTree(foldersOf(request).dir);
  }
  return {verdict: summary, page};
}

/** What the comparison of a run with its simulation says. */
async function compareRuns(request: ReconciliationRequest): Promise<VerdictSummary> {
  const {prodRun, simRun} = foldersOf(request);
  const reconciliation = await reconcileRuns(new RunFolder(prodRun), new RunFolder(simRun));
  return verdict(reconciliation, request.runMode).summary;
}
