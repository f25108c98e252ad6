import {RUN_MODES, type RunMode} from "../../../config/system-config.js";
import {ReckonError} from "../../../errors.js";
import {findModel} from "../../../models/registry.js";
import {checkTag} from "../../../reconcile/discovery/reconciliation-layout.js";
import {type EpochMs, parseStamp} from "../../../time/epoch.js";
import {checkTolerance} from "../tolerance.js";

/** What a person writes to name a period of reconciliations. */
export interface MultidayChoice {
  /** Folder below which reconciliations are. */
  readonly dstRootDir: string;
  readonly model: string;
  readonly runMode: string;
  /** `YYYYMMDD_HHMMSS`, UTC: runs that start from then on. */
  readonly startTimestamp: string;
  /** Runs that start up to then. */
  readonly endTimestamp: string;
  /** Appended to the model's name in folders; empty for none. */
  readonly tag?: string;
  /** As of one reconciliation; where left out, that of each simulation. */
  readonly tolerance?: number | null;
}

/** A checked choice. */
export interface MultidayConfig {
  readonly dstRootDir: string;
  readonly model: string;
  readonly runMode: RunMode;
  readonly tag: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly tolerance: number | null;
}

/**
 * Checks the choice.
 *
 * @param placeOf how complaints name a part of the choice, for people who typed something else
 * @throws ReckonError `misuse` for a model, mode, tag or time that is none, or an empty period
 */
export function buildMultidayConfig(
  choice: MultidayChoice,
  placeOf = (part: string): string => part,
): MultidayConfig {
  const {dstRootDir, tag = "", tolerance: given = null} = choice;
  const runMode = RUN_MODES.find((mode) => mode === choice.runMode);
  const start = parseStamp(choice.startTimestamp, placeOf("startTimestamp"));
  const end = parseStamp(choice.endTimestamp, placeOf("endTimestamp"));
  if (runMode === undefined || end < start) {
    throw new ReckonError("misuse", {
      place: runMode === undefined ? "run mode" : placeOf("endTimestamp"),
      expected: runMode === undefined ? RUN_MODES.join(", ") : `${choice.startTimestamp} or later`,
      found: runMode === undefined ? JSON.stringify(choice.runMode) : choice.endTimestamp,
    });
  }
  const tolerance = given === null ? null : checkTolerance(given);
  const model = findModel(choice.model).id;
  return {dstRootDir, model, runMode, tag: checkTag(tag), start, end, tolerance};
}
