import {describe, expect, it} from "vitest";
import {type ConfigTree, flattenConfig} from "../../src/config/config-tree.js";
import {
  configDiffTable,
  diffConfigs,
  intersectConfigs,
  subtractConfigs,
} from "../../src/config/diff-configs.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle} from "../oracles/shared.js";
import {unflatten} from "./unflatten.js";

const a: ConfigTree = {x: 1, y: {z: [1, 2], w: null}, same: "s"};
const b: ConfigTree = {x: 2, y: {z: [1, 2]}, same: "s"};

describe("diffConfigs", () => {
  it("lists leaves that differ or are missing, with lists compared by content", () => {
    expect(diffConfigs(a, b)).toEqual([
      {path: "x", values: [1, 2]},
      {path: "y.w", values: [null, undefined]},
    ]);
  });

  it("a list of dictionaries is the same in whatever order its keys were written", () => {
    expect(diffConfigs({l: [{p: 1, q: 2}]}, {l: [{q: 2, p: 1}]})).toEqual([]);
    expect(diffConfigs({l: [{p: 1}, {p: 2}]}, {l: [{p: 2}, {p: 1}]})).toHaveLength(1);
  });
});

describe("intersection and subtraction", () => {
  it("share no leaf and together are the config", () => {
    const [both, only] = [intersectConfigs(a, b), subtractConfigs(a, b)];
    expect(both).toEqual({y: {z: [1, 2]}, same: "s"});
    expect(only).toEqual({x: 1, y: {w: null}});
    const leaves = [both, only].flatMap((tree) => [...flattenConfig(tree).keys()]);
    expect(leaves.sort()).toEqual([...flattenConfig(a).keys()].sort());
  });

  it("a config and itself: all, and nothing; a key with a dot stays one key", () => {
    const dotted: ConfigTree = {"k.1": {v: 1}};
    expect(intersectConfigs(dotted, dotted)).toEqual(dotted);
    expect(subtractConfigs(dotted, dotted)).toEqual({});
    expect(subtractConfigs(dotted, {})).toEqual(dotted);
  });
});

interface DiffOracle {
  readonly configs: Readonly<Record<string, Record<string, unknown>>>;
  readonly cases: readonly {
    readonly a: string;
    readonly b: string;
    readonly intersection: Record<string, unknown>;
    readonly a_minus_b: Record<string, unknown>;
    readonly diff_dataframe: unknown;
  }[];
}

describe.skipIf(!HAS_SHARED)(`differences as the reference has them${NEEDS_SHARED}`, () => {
  it("oracle 13: intersection, subtraction and the table, its columns in order", () => {
    const {configs, cases} = readOracle<DiffOracle>("13_config_diff.json");
    expect(cases).toHaveLength(5);
    for (const oracle of cases) {
      const pair = [oracle.a, oracle.b].map((name) => unflatten(configs[name] ?? {}));
      const [first, second] = pair as [ConfigTree, ConfigTree];
      expect(intersectConfigs(first, second)).toEqual(unflatten(oracle.intersection));
      expect(subtractConfigs(first, second)).toEqual(unflatten(oracle.a_minus_b));
      expect(configDiffTable(pair)).toEqual(oracle.diff_dataframe);
    }
  });
});
