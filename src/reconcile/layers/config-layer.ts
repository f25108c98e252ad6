import {type ConfigDifference, diffConfigs} from "../../config/diff-configs.js";
import {formatCount} from "../../words.js";
import type {NotCompared, RecordedSide} from "../record/recorded-side.js";
import {type Layer, LayerBuilder} from "./layer.js";

/**
 * Beginnings of config paths that say how a run is made, kept or named; none decides what it does.
 */
const CANNOT_DECIDE = [
  "run_mode",
  "cf_config.",
  "secret_identifier_config",
  "system_log_dir",
  "dag_property_config.debug_mode_config.",
  "market_data_config.im_client_config.",
  "market_data_config.sleep_in_secs",
  "order_processor_config.sleep_in_secs",
  "portfolio_config.broker_config.type",
  "portfolio_config.retrieve_initial_holdings_from_db",
  "process_forecasts_node_dict.process_forecasts_dict.execution_mode",
  "research_forecast_evaluator_from_prices.",
  "reconciliation_config.",
] as const;

/** Config leaves that differ, by whether they can decide what a run does. */
export interface ConfigComparison {
  readonly layer: Layer;
  /** Those that can. */
  readonly config: readonly ConfigDifference[];
  /** Those that say how a run is made. */
  readonly expected: readonly ConfigDifference[];
  readonly notCompared: readonly NotCompared[];
}

/**
 * The config layer: a difference has no bar, and its path for a field.
 *
 * Of a run of the reference system against one of ours only the numbers and switches are compared
 * that both have under one path: the other keys are written or named otherwise.
 */
export function compareConfigs(prod: RecordedSide, sim: RecordedSide): ConfigComparison {
  const builder = new LayerBuilder("config");
  if (prod.config === undefined || sim.config === undefined) {
    return {
      layer: {...builder.layer(), status: "missing"},
      config: [],
      expected: [],
      notCompared: [],
    };
  }
  const found = diffConfigs(prod.config, sim.config);
  const all = prod.layout === sim.layout ? found : found.filter(isOfBoth);
  const left = found.length - all.length;
  const config = all.filter(({path}) => decides(path));
  for (const {path, values} of config) {
    const [a, b] = values.map((value) => JSON.stringify(value) ?? "not set") as [string, string];
    builder.found.add({barEnd: Number.NaN, node: "", instrument: "", field: path}, a, b);
  }
  const worst = config.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  builder.take({
    node: "",
    field: "config",
    cells: config.length,
    differing: config.length,
    maxAbsolute: worst,
    maxRelative: worst,
  });
  return {
    layer: builder.layer(),
    config,
    expected: all.filter(({path}) => !decides(path)),
    notCompared:
      left === 0 ? [] : [{what: formatCount(left, "config key"), side: "both", why: OTHER_KEYS}],
  };
}

const OTHER_KEYS = "one run is of the reference system, which names or writes them otherwise";

function isOfBoth({values}: ConfigDifference): boolean {
  return values.every((value) => typeof value === "number" || typeof value === "boolean");
}

function decides(path: string): boolean {
  return !CANNOT_DECIDE.some((prefix) =>
    prefix.endsWith(".") ? path.startsWith(prefix) : path === prefix,
  );
}
