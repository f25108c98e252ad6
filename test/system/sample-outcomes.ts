import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import {runSample} from "./sample-run.js";

/** Runs the sample with changes into `at`; what each bar led to, and the folder. */
export async function sampleOutcomes(at: string, changes: Parameters<typeof runSample>[1] = {}) {
  const bars: BarOutcome[] = [];
  await runSample(at, {...changes, options: {onBar: (bar) => bars.push(bar)}});
  return {at, bars, run: new RunFolder(at)};
}

/** The sum of absolute values; NaN of nothing. */
export const sumOf = (values: Float64Array | undefined): number =>
  values?.reduce((sum, x) => sum + Math.abs(x), 0) ?? Number.NaN;
