import {HOUR_MS, MINUTE_MS, SECOND_MS} from "../../time/epoch.js";

/** Upper ends of the groups in which lateness is counted; what is above the last is a group too. */
export const LATENESS_GROUPS: readonly (readonly [upToMs: number, title: string])[] = [
  [0, "at its end"],
  [SECOND_MS, "≤ 1 s"],
  [10 * SECOND_MS, "≤ 10 s"],
  [MINUTE_MS, "≤ 1 min"],
  [5 * MINUTE_MS, "≤ 5 min"],
  [HOUR_MS, "≤ 1 h"],
  [Number.POSITIVE_INFINITY, "> 1 h"],
];

/** How long after their end bars became known; milliseconds. */
export interface Lateness {
  readonly bars: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Bars per group of {@link LATENESS_GROUPS}. */
  readonly counts: readonly number[];
}

/**
 * Summary of knowledge time − bar end. A quantile q of n values is the value of rank ⌈q·n⌉.
 *
 * @returns undefined without values
 */
export function summariseLateness(lateMs: Float64Array): Lateness | undefined {
  if (lateMs.length === 0) {
    return undefined;
  }
  const sorted = lateMs.slice().sort();
  const quantile = (q: number): number =>
    sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] as number;
  const counts = LATENESS_GROUPS.map(() => 0);
  let group = 0;
  for (const late of sorted) {
    while (late > (LATENESS_GROUPS[group] as readonly [number, string])[0]) {
      group += 1;
    }
    counts[group] = (counts[group] as number) + 1;
  }
  return {
    bars: sorted.length,
    minMs: sorted[0] as number,
    medianMs: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    maxMs: sorted.at(-1) as number,
    counts,
  };
}
