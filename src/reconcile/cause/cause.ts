import type {Difference} from "../compare/difference.js";
import type {Comparable} from "../layers/comparable.js";
import type {Layer, LayerName} from "../layers/layer.js";
import type {RecordGaps} from "./record-gaps.js";

/** Why production and simulation part, as evidence in the two run folders tells. */
export const CAUSES = [
  "config",
  "data revision",
  "late data",
  "missing bar",
  "start state",
  "code or model",
  "fill model",
  "rounding",
  "fees",
  "clock",
  "record gap",
  "record contradicts itself",
  "unknown",
] as const;
/** One of {@link CAUSES}. */
export type CauseName = (typeof CAUSES)[number];

/**
 * `certain`: the records show it; `likely`: they show its mark, and what else could leave that was
 * looked for; `possible`: nothing recorded tells it from its alternatives.
 */
export type Confidence = "certain" | "likely" | "possible";

/** Why the runs part. */
export interface Cause {
  readonly name: CauseName;
  readonly confidence: Confidence;
  /** What in the records says so: whole sentences. */
  readonly evidence: readonly string[];
  /** What else was considered, and why it is less likely. */
  readonly alternatives: readonly Alternative[];
}

/** A cause that was not chosen. */
export interface Alternative {
  readonly name: CauseName;
  readonly why: string;
}

/** The first place, in causal order, at which the runs are not the same. */
export interface Divergence extends Difference {
  readonly layer: LayerName;
}

/** What a cause is found from. */
export interface Scene {
  readonly first: Divergence;
  readonly both: Comparable;
  readonly layers: readonly Layer[];
  readonly gaps: RecordGaps;
}

/** A cause with its evidence; alternatives are told as pairs. */
export function causeOf(
  {name, confidence}: Pick<Cause, "name" | "confidence">,
  evidence: readonly string[],
  alternatives: readonly (readonly [name: CauseName, why: string])[] = [],
): Cause {
  return {
    name,
    confidence,
    evidence: evidence.filter((sentence) => sentence !== ""),
    alternatives: alternatives.map(([other, why]) => ({name: other, why})),
  };
}
