import {checkNodes} from "../../../reconcile/consistency/check-nodes.js";
import {type ConsistencySummary, consistencyVerdict} from "../../../report/nodes/consistency.js";
import {RunFolder} from "../../../runlog/reading/run-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {recordedTolerance} from "../tolerance.js";

/**
 * Whether every node of the recorded run stands by what it said a bar before, as the slow notebook
 * finds it, without that notebook.
 *
 * @throws ReckonError `bad-data` when the run or its simulation is not there
 */
export async function checkSelfConsistency(
  request: ReconciliationRequest,
): Promise<ConsistencySummary> {
  const {prodRun, simRun} = foldersOf(request);
  const tolerance = recordedTolerance(new RunFolder(simRun));
  return consistencyVerdict(await checkNodes(new RunFolder(prodRun), tolerance), tolerance).summary;
}
