import {isDeepStrictEqual} from "node:util";
import type {Restriction} from "../config/system-config.js";
import {
  RESTRICTION_CHANGES_FILE,
  type RestrictionChange,
  restrictionChangesJson,
} from "../runlog/restriction-changes.js";
import type {RunLog} from "../runlog/writing/run-log.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, toIso} from "../time/epoch.js";

/** What may not be traded at a bar, beside the config's own list, ordered by instrument id. */
export type RestrictionsAt = (
  barEnd: EpochMs,
  signal: AbortSignal | undefined,
) => Promise<readonly Restriction[]>;

/** What following restrictions needs. */
export interface RestrictionParts {
  /** Those that the run begins with. */
  readonly restrictions?: readonly Restriction[];
  /** They stay as they are where left out. */
  readonly restrictionsAt?: RestrictionsAt;
  readonly log: RunLog;
  readonly clock: Clock;
}

/**
 * Asks before each bar what may not be traded. A change is told, and goes into the run's folder,
 * from where a replay takes it at the same bar; without one, nothing is written.
 *
 * @returns to be called before each bar is traded; undefined where nothing can change
 */
export function followRestrictions(
  {restrictions = [], restrictionsAt, log, clock}: RestrictionParts,
  onChange: (restrictions: readonly Restriction[]) => void,
): ((barEnd: EpochMs, signal: AbortSignal | undefined) => Promise<void>) | undefined {
  if (restrictionsAt === undefined) {
    return undefined;
  }
  let known = restrictions;
  const changes: RestrictionChange[] = [];
  return async (barEnd, signal) => {
    const found = await restrictionsAt(barEnd, signal);
    if (isDeepStrictEqual(found, known)) {
      return;
    }
    known = found;
    onChange(found);
    changes.push({barEnd, restrictions: found});
    log.json(RESTRICTION_CHANGES_FILE, restrictionChangesJson(changes));
    const fields = {bar: toIso(barEnd), restricted: found.map(({asset_id}) => asset_id)};
    log.event(clock.now(), "restrictions changed", fields);
  };
}

/** The restrictions of a recorded run, each from its bar on. */
export function recordedRestrictions(
  first: readonly Restriction[],
  changes: readonly RestrictionChange[],
): RestrictionsAt {
  return async (barEnd) =>
    changes.filter((change) => change.barEnd <= barEnd).at(-1)?.restrictions ?? first;
}
