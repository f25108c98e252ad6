import {describe, expect, it} from "vitest";
import {trackUse} from "../../src/config/used-values.js";
import {c1} from "../../src/models/c1.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {targetParams} from "../../src/system/target-params.js";

const tree = {a: 1, b: {c: "x", d: {e: null, f: [1, 2]}, "g.h": true}, empty: {}};
const all = ["a", "b.c", "b.d.e", "b.d.f", "b.g\\.h", "empty"];

describe("trackUse", () => {
  it("a leaf that was read is no longer unused; taking a sub-tree reads nothing", () => {
    const {config, unused} = trackUse(tree);
    expect(unused()).toEqual(all);
    const {b} = config;
    expect(unused()).toEqual(all);
    expect([b.c, b.d.f[1], config.a]).toEqual(["x", 2, 1]);
    expect(unused()).toEqual(["b.d.e", "b.g\\.h", "empty"]);
  });

  it("looks like the original and cannot be changed, before and after it is read", () => {
    const {config} = trackUse(tree);
    const write = () => {
      (config as {a: number}).a = 2;
    };
    expect(write).toThrow(TypeError);
    expect(config).toEqual(tree);
    expect(Object.keys(config)).toEqual(["a", "b", "empty"]);
    expect(write).toThrow(TypeError);
    expect(() => Object.assign(config, {more: 1})).toThrow(TypeError);
  });

  it("saving is no use, of the whole or of a part; copying is", () => {
    const {config, unused} = trackUse(tree);
    expect(JSON.stringify({saved: config, part: config.b.d}, null, 2)).toBe(
      JSON.stringify({saved: tree, part: tree.b.d}, null, 2),
    );
    expect(unused()).toEqual(all);
    expect({...config.b.d}).toEqual(tree.b.d);
    expect(unused()).toEqual(["a", "b.c", "b.g\\.h", "empty"]);
  });

  it("tells which of a system's values its sizing did not look at", () => {
    const choices = {runMode: "simulation", exchange: "x", instrumentIds: ["A", "B"]} as const;
    const original = systemConfigOf(c1, choices);
    const {config, unused} = trackUse(original);
    expect(targetParams(config)).toEqual(targetParams(original));
    const kwargs =
      "process_forecasts_node_dict.process_forecasts_dict.optimizer_config.params.kwargs";
    const left = unused().filter((path) => path.startsWith(kwargs));
    expect(left.map((path) => path.slice(kwargs.length + 1))).toEqual([
      "prediction_abs_threshold",
      "volatility_to_spread_threshold",
      "spread_lower_bound",
      "gamma",
      "target_dollar_risk_per_name",
      "modulate_using_prediction_magnitude",
    ]);
  });
});
