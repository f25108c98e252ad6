import {formatKeyPath} from "../../config/config-tree.js";
import type {Override} from "../../config/override.js";
import {parseSystemConfig} from "../../config/parse-system-config.js";
import type {SystemConfig} from "../../config/system-config.js";
import {trackUse} from "../../config/used-values.js";
import type {Model} from "../../models/model.js";
import {
  chosenLeaves,
  layeredConfigOf,
  type RunChoices,
  systemConfigOf,
} from "./system-config-of.js";

/** The config of a run: what is saved, what is worked with, and what went unused. */
export interface RunConfig {
  /** Before the overrides, to be saved. */
  readonly input: SystemConfig;
  /** After them, to be saved. */
  readonly output: SystemConfig;
  /** The same as `output`, for everything that works with it: it notes what is read. */
  readonly config: SystemConfig;
  /**
   * Leaves that the desk's file, the environment or a flag set and that nothing has read so far:
   * such a value changed nothing. Defaults and the model's own values are not told, nor what is for
   * the reconciliation of the run.
   */
  unusedChoices(): string[];
}

/**
 * Puts a run's config together.
 *
 * @throws ReckonError `misuse` for an unknown key or a value of the wrong kind
 */
export function runConfigOf(
  model: Model,
  choices: RunChoices,
  overrides: readonly Override[] = [],
): RunConfig {
  const input = systemConfigOf(model, choices);
  const layered = layeredConfigOf({model, choices, overrides});
  const output = parseSystemConfig(layered.tree, "config", layered.origins);
  const {config, unused} = trackUse(output);
  const chosen = new Set(chosenLeaves(layered));
  for (const {path} of overrides.filter(({isRecordOnly}) => isRecordOnly)) {
    chosen.delete(formatKeyPath(path));
  }
  return {
    input,
    output,
    config,
    unusedChoices: () =>
      unused().filter((leaf) => chosen.has(leaf) && !leaf.startsWith("reconciliation_config.")),
  };
}
