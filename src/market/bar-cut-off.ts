import type {EpochMs} from "../time/epoch.js";

/** How long a bar is waited for. */
export interface BarPatience {
  /** Instant at which waiting ends, whatever came. */
  readonly deadlineMs: EpochMs;
  /** How long the other rows are waited for once the first is visible; 0 where left out. */
  readonly graceMs?: number;
}

/** When a bar is decided, and with what. */
export interface BarCutOff {
  /** `late`: no row was visible by the deadline. */
  readonly kind: "known" | "late";
  /** The instant from which on nothing more is waited for. */
  readonly asOf: EpochMs;
  /** Positions of the rows that were not visible by then. */
  readonly missing: readonly number[];
}

/**
 * When a bar is decided: as soon as all its rows are visible, at the latest `graceMs` after the
 * first of them, and never after the deadline.
 *
 * @param visible instants at which each instrument's row becomes visible; +Infinity where none does
 */
export function barCutOff(
  visible: readonly EpochMs[],
  {deadlineMs, graceMs = 0}: BarPatience,
): BarCutOff {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of visible) {
    first = time < first ? time : first;
    last = time > last ? time : last;
  }
  const asOf = Math.min(last, first + graceMs, deadlineMs);
  const missing =
    last <= asOf ? [] : [...visible.keys()].filter((i) => (visible[i] as number) > asOf);
  return {kind: first <= deadlineMs ? "known" : "late", asOf, missing};
}
