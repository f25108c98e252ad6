import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  type ConfigTree,
  flattenConfig,
  formatConfig,
  formatKeyPath,
  parseKeyPath,
} from "../../src/config/config-tree.js";
import {applyOverrides, parseOverride, parseOverrides} from "../../src/config/override.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle} from "../oracles/shared.js";

describe("parseOverride", () => {
  const cases: [text: string, path: string[], value: unknown][] = [
    ["a.b.c=0.55", ["a", "b", "c"], 0.55],
    ['a="x"', ["a"], "x"],
    ["a=plain text", ["a"], "plain text"],
    ["a=[1,2]", ["a"], [1, 2]],
    ["a=null", ["a"], null],
    ["key2.key2\\.1.x=1", ["key2", "key2.1", "x"], 1],
    ['("a","b","c"),(float(0.55))', ["a", "b", "c"], 0.55],
    ["('a', 'b'),(int(22))", ["a", "b"], 22],
    ['("a",),(str("longitudinal"))', ["a"], "longitudinal"],
    ['("a"),("new")', ["a"], "new"],
    ['("a"),({"x": 1, "y": [True, None]})', ["a"], {x: 1, y: [true, null]}],
    ['("a"),(-1e-3)', ["a"], -1e-3],
    ['("a"),([0.1, 0.2,])', ["a"], [0.1, 0.2]],
    ['("a"),(bool(0))', ["a"], false],
  ];
  it.each(cases)("%s", (text, path, value) => {
    expect(parseOverride(text)).toMatchObject({path, value});
  });

  it.each([
    "",
    "novalue",
    '("a")',
    '("a"),(__import__("os").system("x"))',
    '("a"),(open("f"))',
    '("a"),(1 + 1)',
    '("a"),("unclosed)',
    '("a"),([1 2])',
  ])("refuses %s with its place and what to do", (text) => {
    expect(() => parseOverride(text)).toThrow(/override .*: expected .*found /);
  });

  it("splits joined overrides at semicolons outside quotes", () => {
    const joined = '("a","b"),("x;y"); c=1 ;("d"),(int(2))';
    expect(parseOverrides(joined).map(({path, value}) => [path.join("."), value])).toEqual([
      ["a.b", "x;y"],
      ["c", 1],
      ["d", 2],
    ]);
  });
});

describe("applyOverrides", () => {
  const config: ConfigTree = {
    order_config: {order_type: "price@twap", passivity_factor: null},
    n: 1,
  };

  it("changes the leaf and nothing else, and leaves its input alone", () => {
    const before = structuredClone(config);
    const after = applyOverrides(config, [parseOverride("order_config.order_type=price@end")]);
    expect(after).toEqual({order_config: {order_type: "price@end", passivity_factor: null}, n: 1});
    expect(config).toEqual(before);
  });

  it("names an unknown key, the keys there are and the nearest", () => {
    expect(() => applyOverrides(config, [parseOverride("order_config.order_tpye=1")])).toThrow(
      'a known key under "order_config" (order_type, passivity_factor), ' +
        'found unknown config key "order_tpye"; did you mean "order_type"?',
    );
  });

  it("refuses to reach below a leaf", () => {
    expect(() => applyOverrides(config, [parseOverride("n.x=1")])).toThrow(
      /unknown config key "x"/,
    );
  });
});

describe("key paths", () => {
  it("read back what they were written from, dots and backslashes included", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), {minLength: 1, maxLength: 4}), (path) => {
        expect(parseKeyPath(formatKeyPath(path))).toEqual(path);
      }),
      {seed: 7},
    );
  });
});

interface OverrideOracle {
  readonly cases: readonly {
    readonly config: Record<string, unknown>;
    readonly overrides: readonly string[];
    readonly expected: Record<string, unknown>;
    readonly to_string_before: string;
  }[];
}

describe.skipIf(!HAS_SHARED)(`overrides and text as the reference has them${NEEDS_SHARED}`, () => {
  it("oracle 12", () => {
    for (const {config, overrides, expected, to_string_before} of readOracle<OverrideOracle>(
      "12_config_overrides.json",
    ).cases) {
      const tree = unflatten(config);
      expect(formatConfig(tree)).toBe(to_string_before);
      const changed = applyOverrides(tree, overrides.map(parseOverride));
      expect(flattenConfig(changed)).toEqual(flattenConfig(unflatten(expected)));
    }
  });
});

function unflatten(leaves: Record<string, unknown>): ConfigTree {
  const tree: ConfigTree = {};
  for (const [path, value] of Object.entries(leaves)) {
    const keys = path.split("/");
    const last = keys.pop() as string;
    let node = tree;
    for (const key of keys) {
      node[key] ??= {};
      node = node[key] as ConfigTree;
    }
    node[last] = value as ConfigTree[string];
  }
  return tree;
}
