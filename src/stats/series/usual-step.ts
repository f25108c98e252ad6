import {DAY_MS} from "../../time/epoch.js";

/** The median step of increasing times, ms; of a single one, a day. */
export function usualStep(index: Float64Array): number {
  const steps = index.slice(1).map((time, i) => time - (index[i] as number));
  return steps.sort()[steps.length >> 1] ?? DAY_MS;
}
