import type {RunResult} from "../../../system/run/run-system.js";
import {madeRun} from "../made-run.js";
import {openFolder} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {readyReplayFile} from "./market-data.js";
import {checkSimulation, runReconciliationSim} from "./run-sim.js";

/** A simulation, and where older things were moved that it did not want to replace. */
export interface SimResult extends RunResult {
  readonly preservedReplayFile: string | undefined;
}

/**
 * Simulates by itself, without the steps before it but the copy: from the replay file that is
 * given, else the one that is there, else one that is dumped now.
 *
 * @throws ReckonError as the steps; what is wrong in the request before anything is made
 */
export async function runSimAlone(
  request: ReconciliationRequest,
  signal?: AbortSignal,
): Promise<SimResult> {
  const {simulation} = foldersOf(request);
  await checkSimulation(request, madeRun(request, "prod").dir);
  openFolder(simulation);
  const preservedReplayFile = await readyReplayFile(request);
  return {...(await runReconciliationSim(request, signal)), preservedReplayFile};
}
