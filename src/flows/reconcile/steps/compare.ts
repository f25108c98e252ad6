import {reconciliationJson} from "../../../reconcile/json/reconciliation-json.js";
import {reconcileRuns} from "../../../reconcile/reconcile-runs.js";
import {type VerdictSummary, verdict} from "../../../report/reconciliation/verdict.js";
import {RunFolder} from "../../../runlog/reading/run-folder.js";
import {writeWholeFile} from "../../../runlog/whole-file.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {recordedTolerance} from "../tolerance.js";

/**
 * Compares the recorded run with its simulation and leaves `reconciliation.json`.
 *
 * @throws ReckonError `bad-data` when the run or its simulation is not there
 */
export async function compareRuns(request: ReconciliationRequest): Promise<VerdictSummary> {
  const {prodRun, simRun, json} = foldersOf(request);
  const sim = new RunFolder(simRun);
  const tolerance = recordedTolerance(sim);
  const reconciliation = await reconcileRuns(new RunFolder(prodRun), sim, tolerance);
  const {summary} = verdict(reconciliation, request.runMode);
  const content = reconciliationJson(reconciliation, summary.sentence);
  writeWholeFile(json, `${JSON.stringify(content, null, 2)}\n`);
  return summary;
}
