import type {CacheKey} from "../cache/cache-key.js";
import type {UsedParameter} from "../notebook/run-outcome.js";

/** A run of a batch that is to be made, or is done already. */
export interface PlannedRun {
  readonly index: number;
  /** What was given, and by whom; a secret's value is nowhere. */
  readonly parameters: readonly UsedParameter[];
  readonly folder: string;
  readonly isDone: boolean;
  /** Null where no cache was asked for. */
  readonly cacheKey: CacheKey | null;
  readonly isCached: boolean;
}
