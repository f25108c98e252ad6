import {foreseeing} from "../../../publish/kernel/pool/foreseeing.js";
import {withKernelPool} from "../../../publish/kernel/pool/with-kernel-pool.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import type {VerdictSummary} from "../../report/reconciliation/verdict.js";
import {withBrowserAhead} from "../shared-publishing.js";
import {withLocalMarket, withLocalRun} from "./local-request.js";
import {foldersOf, type ReconciliationRequest} from "./request.js";
import {compareRuns} from "./steps/compare.js";
import {copyProdData} from "./steps/copy-prod-data.js";
import {createReconciliationDirs} from "./steps/create-dirs.js";
import {checkMarket, dumpReplayFile} from "./steps/market-data.js";
import {
  foreseePage,
  type NotebookPublishing,
  reconciliationKernels,
  runReconciliationNotebooks,
} from "./steps/run-notebook.js";
import {checkSimulation, runReconciliationSim} from "./steps/run-sim.js";
import {unlockTree} from "./write-permission.js";

/** What a whole reconciliation does besides its steps. */
export interface ReconcileAllOptions {
  /** How the notebooks are published; undefined leaves them out. */
  readonly notebook?: NotebookPublishing;
  /** Give write permission back at the end. */
  readonly allowUpdate: boolean;
  readonly signal?: AbortSignal;
  /** Told before each step. */
  readonly onStep?: (step: string) => void;
}

/** What a whole reconciliation found, and its pages. */
export interface ReconcileAllResult {
  readonly verdict: VerdictSummary;
  /** In the order of the kinds; none where no notebook was asked for. */
  readonly pages: readonly PublishResult[];
}

/**
 * The whole reconciliation of one run: folders, the run's copy, the replay file, the simulation,
 * their comparison and, where asked, the published notebooks.
 *
 * The recorded run and its market are checked before anything is made.
 */
export async function reconcileAll(
  request: ReconciliationRequest,
  options: ReconcileAllOptions,
): Promise<ReconcileAllResult> {
  return await withLocalMarket(request, (market) =>
    withLocalRun(market, (local) => reconcileLocal(local, options)),
  );
}

async function reconcileLocal(
  request: ReconciliationRequest,
  options: ReconcileAllOptions,
): Promise<ReconcileAllResult> {
  await checkSimulation(request);
  await checkMarket(request);
  const {notebook, signal} = options;
  if (notebook === undefined || notebook.shared?.kernels !== undefined) {
    return await reconcileInSteps(request, options);
  }
  // The notebooks' kernels and browser get ready while the simulation runs.
  const {kinds = ["fast"]} = notebook;
  return await withKernelPool(
    {...reconciliationKernels(kinds.length), signal},
    (kernels) =>
      withBrowserAhead({...notebook.shared, kernels}, (shared) =>
        reconcileInSteps(request, {...options, notebook: {...notebook, shared}}),
      ),
    foreseeing(async (n) => {
      const kind = kinds[n];
      return kind && (await foreseePage(kind, request));
    }),
  );
}

/** Whether what is there may be replaced was told by how its folder is treated. */
const REPLACES = true;

async function reconcileInSteps(
  request: ReconciliationRequest,
  {notebook, allowUpdate, signal, onStep = () => {}}: ReconcileAllOptions,
): Promise<ReconcileAllResult> {
  onStep("create folders");
  createReconciliationDirs(request);
  onStep("copy the recorded run");
  copyProdData(request, REPLACES);
  onStep("write the replay file");
  await dumpReplayFile(request, {replaces: REPLACES});
  onStep("simulate");
  await runReconciliationSim(request, signal);
  signal?.throwIfAborted();
  onStep("compare");
  const summary = await compareRuns(request);
  let pages: readonly PublishResult[] = [];
  if (notebook !== undefined) {
    onStep("run and publish the notebooks");
    pages = await runReconciliationNotebooks(request, notebook);
  }
  if (allowUpdate) {
    unlockTree(foldersOf(request).dir);
  }
  return {verdict: summary, pages};
}
