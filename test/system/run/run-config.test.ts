import {describe, expect, it} from "vitest";
import {parseOverride} from "../../../src/config/override.js";
import {c1} from "../../../src/models/c1.js";
import {runConfigOf} from "../../../src/system/run/run-config.js";
import {systemConfigOf} from "../../../src/system/run/system-config-of.js";
import {targetParams} from "../../../src/system/target-params.js";

const choices = {runMode: "simulation", exchange: "x", instrumentIds: ["A", "B"]} as const;
const KWARGS = "process_forecasts_node_dict.process_forecasts_dict.optimizer_config.params.kwargs";

describe("runConfigOf", () => {
  const overrides = [`${KWARGS}.target_gmv=5000`, `${KWARGS}.gamma=2`].map(parseOverride);

  it("is the config of the run, before and after the overrides", () => {
    const {input, output, config} = runConfigOf(c1, choices, overrides);
    expect(input).toEqual(systemConfigOf(c1, choices));
    expect(output).toEqual(systemConfigOf(c1, choices, overrides));
    expect(JSON.stringify(config)).toBe(JSON.stringify(output));
  });

  it("tells what was set and had no say: gamma, where targets are cross-sectional", () => {
    const {config, unusedChoices} = runConfigOf(c1, choices, overrides);
    expect(unusedChoices()).toEqual([`${KWARGS}.target_gmv`, `${KWARGS}.gamma`]);
    targetParams(config);
    expect(unusedChoices()).toEqual([`${KWARGS}.gamma`]);
  });
});
