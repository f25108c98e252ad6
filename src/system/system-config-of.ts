import {type ConfigTree, mergeConfigs} from "../config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../config/default-system-config.js";
import {applyOverrides, type Override} from "../config/override.js";
import {parseSystemConfig} from "../config/parse-system-config.js";
import type {RunMode, SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import type {Model} from "../models/model.js";

/** What a run fixes of its config besides the model and the overrides. */
export interface RunChoices {
  readonly runMode: RunMode;
  readonly exchange: string;
  /** Bar length of the market data; the model's own when left out. */
  readonly timeframe?: string;
  readonly instrumentIds: readonly string[];
}

/**
 * The config of a run: defaults, then the model's, then what the run fixes, then the overrides.
 *
 * @throws ReckonError `misuse` for an unknown key or a value of the wrong kind
 */
export function systemConfigOf(
  model: Model,
  choices: RunChoices,
  overrides: readonly Override[] = [],
): SystemConfig {
  const {runMode, exchange, timeframe, instrumentIds} = choices;
  refuseFixed(overrides);
  checkInstruments(model, instrumentIds);
  const fixed: ConfigTree = {
    dag_builder_class: model.id,
    run_mode: runMode,
    market_data_config: {
      exchange,
      asset_ids: [...instrumentIds],
      ...(timeframe === undefined ? {} : {timeframe}),
    },
  };
  const base = mergeConfigs(mergeConfigs(DEFAULT_SYSTEM_CONFIG, model.config), fixed);
  return parseSystemConfig(applyOverrides(base, overrides));
}

/** Keys that a run's own flags decide, and the flag to use: an override would only misreport. */
const FIXED: Readonly<Record<string, string>> = {
  dag_builder_class: "--model",
  run_mode: "--run-mode",
  "market_data_config.exchange": "--exchange",
  "market_data_config.timeframe": "--timeframe",
};

function checkInstruments({id, fewestInstruments = 1}: Model, given: readonly string[]): void {
  if (given.length < fewestInstruments) {
    throw new ReckonError("misuse", {
      place: `model ${id}`,
      expected: `at least ${fewestInstruments} instruments, which it compares`,
      found: given.length === 0 ? "none" : given.join(", "),
    });
  }
}

function refuseFixed(overrides: readonly Override[]): void {
  for (const {path, text} of overrides) {
    const flag = FIXED[path.join(".")];
    if (flag !== undefined) {
      throw new ReckonError("misuse", {
        place: `override ${JSON.stringify(text)}`,
        expected: `a key that ${flag} does not decide`,
        found: path.join("."),
        fix: `use ${flag}`,
      });
    }
  }
}
