import {LAYERS} from "../../src/reconcile/layers/layer.js";
import {reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import type {Store} from "../../src/store/open/open-store.js";
import {HOUR_MS} from "../../src/time/epoch.js";
import {SAMPLE_START, sampleBars} from "./sample-run.js";

/** The override that trades in the database. */
export const DATABASE = "portfolio_config.broker_config.type=database";

/** The override that begins with what the tables hold. */
export const RESUME = "portfolio_config.retrieve_initial_holdings_from_db=true";

/** The override that looks at the tables less often than the default of every 2 s. */
export const SLOW = "order_processor_config.sleep_in_secs=10";

/** Three instruments of the sample. */
export const BARS = sampleBars(sampleBars().symbols.slice(0, 3));

export const MIDDLE = SAMPLE_START + HOUR_MS / 3;

/** Twenty minutes of the sample, from its middle on. */
export const SECOND = {bars: BARS, start: MIDDLE, end: MIDDLE + HOUR_MS / 3};

/** A run may close the store it opened; the tests' own stays open. */
export const openStoreOf = (store: Store) => async () => ({...store, close: async () => {}});

export const IDENTICAL = LAYERS.map(() => "identical");

/** The status of each layer of two runs. */
export async function layersOf(prod: string, sim: string): Promise<string[]> {
  const {layers} = await reconcileRuns(new RunFolder(prod), new RunFolder(sim), 0);
  return layers.map(({status}) => status);
}
