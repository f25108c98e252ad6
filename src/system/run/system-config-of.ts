import {type ConfigTree, flattenConfig, withValue} from "../../config/config-tree.js";
import {DEFAULT_SYSTEM_CONFIG} from "../../config/default-system-config.js";
import {currentDesk, type Desk, deskOverrides} from "../../config/desk-config.js";
import {type ConfigLayer, type LayeredConfig, layerConfigs} from "../../config/layers.js";
import {type Override, placeOf} from "../../config/override.js";
import {parseSystemConfig} from "../../config/parse-system-config.js";
import type {RunMode, SystemConfig} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import type {Model} from "../../models/model.js";
import {formatCount} from "../../words.js";

/** What a run fixes of its config besides the model and the overrides. */
export interface RunChoices {
  readonly runMode: RunMode;
  readonly exchange: string;
  /** Bar length of the market data; the model's own when left out. */
  readonly timeframe?: string;
  readonly instrumentIds: readonly string[];
}

/**
 * The config of a run: defaults, then the model's, then what the run fixes, then what the desk's
 * file and the environment set, then the overrides.
 *
 * @throws ReckonError `misuse` for an unknown key or a value of the wrong kind
 */
export function systemConfigOf(
  model: Model,
  choices: RunChoices,
  overrides: readonly Override[] = [],
): SystemConfig {
  checkInstruments(model, choices.instrumentIds);
  const {tree, origins} = layeredConfigOf({model, choices, overrides});
  return parseSystemConfig(tree, "config", origins);
}

/** What {@link layeredConfigOf} puts together; every part may be left out. */
export interface ConfigParts {
  readonly model?: Model | undefined;
  readonly choices?: RunChoices;
  readonly overrides?: readonly Override[];
  /** The one this process works for when left out. */
  readonly desk?: Desk;
}

/**
 * The layers of a run's config and what each decided; its values are not checked yet.
 *
 * @throws ReckonError `misuse` for an unknown key, or one that only a flag of the run may set
 */
export function layeredConfigOf(parts: ConfigParts): LayeredConfig {
  const {model, choices, overrides = [], desk = currentDesk()} = parts;
  const layers: ConfigLayer[] = [];
  if (model !== undefined) {
    layers.push({origin: "the run", tree: {dag_builder_class: model.id}});
  }
  layers.push({origin: "default", tree: DEFAULT_SYSTEM_CONFIG});
  if (model !== undefined) {
    layers.push({origin: `model ${model.id}`, tree: model.config});
  }
  if (choices !== undefined) {
    layers.push({origin: "the run", tree: fixedBy(choices)});
  }
  const all = [...deskOverrides(desk, model?.id), ...overrides];
  refuseFixed(all);
  return layerConfigs(layers, all);
}

/** Leaves that file, environment or flags set, rather than the defaults, the model or the run. */
export function chosenLeaves({origins}: LayeredConfig): string[] {
  const given = (origin: string) =>
    origin !== "default" && origin !== "the run" && !origin.startsWith("model ");
  return Array.from(origins)
    .filter(([, origin]) => given(origin))
    .map(([leaf]) => leaf);
}

function fixedBy({runMode, exchange, timeframe, instrumentIds}: RunChoices): ConfigTree {
  return {
    run_mode: runMode,
    market_data_config: {
      exchange,
      asset_ids: [...instrumentIds],
      ...(timeframe === undefined ? {} : {timeframe}),
    },
  };
}

/** Keys that a run's own flags decide, and the flag to use: an override would only misreport. */
export const FIXED_BY_FLAG: ReadonlyMap<string, string> = new Map([
  ["dag_builder_class", "--model"],
  ["run_mode", "--run-mode"],
  ["market_data_config.exchange", "--exchange"],
  ["market_data_config.timeframe", "--timeframe"],
]);

function checkInstruments({id, fewestInstruments = 1}: Model, given: readonly string[]): void {
  if (given.length < fewestInstruments) {
    throw new ReckonError("misuse", {
      place: `model ${id}`,
      expected: `at least ${formatCount(fewestInstruments, "instrument")} to compare`,
      found: given.length === 0 ? "none" : given.join(", "),
    });
  }
}

/** An override of a whole sub-tree sets its keys too. */
function refuseFixed(overrides: readonly Override[]): void {
  for (const override of overrides) {
    for (const leaf of flattenConfig(withValue({}, override.path, override.value)).keys()) {
      const flag = FIXED_BY_FLAG.get(leaf);
      if (flag !== undefined) {
        throw new ReckonError("misuse", {
          place: placeOf(override),
          expected: `a key that ${flag} does not decide`,
          found: leaf,
          fix: `use ${flag}`,
        });
      }
    }
  }
}
