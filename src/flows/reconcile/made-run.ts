import {ReckonError} from "../../errors.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {findRunLayout} from "../../runlog/run-layout.js";
import {foldersOf, type ReconciliationRequest} from "./request.js";

/**
 * The copy of the recorded run, or the simulation, that an earlier step made.
 *
 * @throws ReckonError `bad-data` when it is not there, naming the step
 */
export function madeRun(request: ReconciliationRequest, side: "prod" | "simulation"): RunFolder {
  const {prodRun, simRun} = foldersOf(request);
  const [dir, what, step] =
    side === "prod"
      ? [prodRun, "the copy of the recorded run", "copy-prod-data"]
      : [simRun, "the simulation", "run-sim"];
  if (findRunLayout(dir) === undefined) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: what,
      found: "none",
      fix: `run \`reckon reconcile ${step}\` first, or check root, model, modes, times and tag`,
    });
  }
  return new RunFolder(dir);
}
