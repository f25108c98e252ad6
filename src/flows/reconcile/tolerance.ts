import {ReckonError} from "../../errors.js";
import {DEFAULT_TOLERANCE} from "../../reconcile/compare/difference.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";

/**
 * The tolerance that a simulation was configured with (`reconciliation_config.tolerance`), which
 * the overrides of its reconciliation reach; the default where its config does not tell.
 */
export function recordedTolerance(sim: RunFolder): number {
  const {reconciliation_config: own} = sim.config() as {
    reconciliation_config?: {tolerance?: unknown};
  };
  return typeof own?.tolerance === "number" ? own.tolerance : DEFAULT_TOLERANCE;
}

/**
 * A tolerance from outside.
 *
 * @throws ReckonError `misuse`
 */
export function checkTolerance(tolerance: number): number {
  if (!(tolerance >= 0 && tolerance < 1)) {
    throw new ReckonError("misuse", {
      place: "tolerance",
      expected: "a relative difference from 0 to 1, such as 1e-5",
      found: String(tolerance),
    });
  }
  return tolerance;
}
