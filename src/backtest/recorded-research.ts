import type {Override} from "../config/override.js";
import {messageOf, ReckonError} from "../errors.js";
import type {ForecastPortfolio} from "../finance/research/forecast-evaluator.js";
import type {RunFolder} from "../runlog/reading/run-folder.js";
import {type UsableWindows, usableOutput, usableWindows} from "../runlog/reading/usable-records.js";
import type {EpochMs} from "../time/epoch.js";
import {evaluatePanel, recordedConfig, recordedInstruments} from "./research-portfolio.js";

/** What a run's own forecasts would have earned, as far as its model's output can be read. */
export interface RecordedResearch {
  /** Undefined when no output was recorded, or none can be evaluated. */
  readonly portfolio: ForecastPortfolio | undefined;
  /** Bars of which the output cannot be used: at them, nothing is forecast. */
  readonly lost: readonly LostOutput[];
  /** Why there is no portfolio, where that is a fault of the record; empty otherwise. */
  readonly fault: string;
}

/** A bar of which the record cannot be used, and why. */
export interface LostOutput {
  readonly barEnd: EpochMs;
  readonly why: string;
}

/** What {@link recordedResearch} evaluates, and how. */
export interface ResearchSource {
  readonly run: RunFolder;
  /** Whose config and instruments count: the run itself where left out. */
  readonly rules?: RunFolder;
  /** Laid over that config. */
  readonly overrides?: readonly Override[];
  /** What the run's last node put out, where it is read already. */
  readonly windows?: UsableWindows | undefined;
}

/**
 * The research portfolio of a run that may be damaged: what cannot be read of the last node's
 * output costs the bars it is of, and no other. Where all can be read, it is `researchPortfolio`.
 *
 * @throws ReckonError what the overrides refuse; a damaged run is told of, not thrown
 */
export async function recordedResearch(source: ResearchSource): Promise<RecordedResearch> {
  const {run, rules = run, overrides = []} = source;
  const told = (error: unknown): string => messageOf(error).replaceAll(`${run.dir}/`, "");
  let lost: readonly LostOutput[] = [];
  try {
    const node = run.lastNode();
    const windows = source.windows ?? (node && (await usableWindows(run, node)));
    lost = (windows?.lost ?? []).map(({barEnd, error}) => ({barEnd, why: told(error)}));
    const output = windows && usableOutput(windows);
    const portfolio =
      output && evaluatePanel(output, recordedConfig(rules, overrides), recordedInstruments(rules));
    return {portfolio, lost, fault: ""};
  } catch (error) {
    if (error instanceof ReckonError && error.code === "bad-data") {
      return {portfolio: undefined, lost, fault: told(error)};
    }
    throw error;
  }
}
