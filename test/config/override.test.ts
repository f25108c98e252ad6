import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  type ConfigTree,
  flattenConfig,
  formatConfig,
  formatKeyPath,
  mergeConfigs,
  parseKeyPath,
} from "../../src/config/config-tree.js";
import {applyOverrides, parseOverride, parseOverrides} from "../../src/config/override.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle} from "../oracles/shared.js";
import {unflatten} from "./unflatten.js";

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
    ['("a"),(bool([]))', ["a"], false],
    ['("a"),(int("22"))', ["a"], 22],
    ['("a"),(int(-2.9))', ["a"], -2],
    ['("a"),(int(-0.5))', ["a"], 0],
    ['("a"),(float("1e-3"))', ["a"], 1e-3],
    ['("a"),(float(True))', ["a"], 1],
    ['("a"),(str(None))', ["a"], "None"],
    ['("a"),(str())', ["a"], ""],
    ['("a"),(dict(x=1, y=dict({"z": float(2)})))', ["a"], {x: 1, y: {z: 2}}],
    ['("a"),(list((1, 2)))', ["a"], [1, 2]],
    ['("a"),(tuple([None, "x"]))', ["a"], [null, "x"]],
    ['("a"),([(1, ), (2)])', ["a"], [[1], 2]],
    ['("a"),({1: "one"})', ["a"], {"1": "one"}],
    ['("a"),("tab\\tquote\\"end")', ["a"], 'tab\tquote"end'],
    ['("key2","key2.1"),(1)', ["key2", "key2.1"], 1],
    ['("a", 0),(1)', ["a", "0"], 1],
    ['a={"x": 1}', ["a"], {x: 1}],
    [
      "('a'),(Timestamp('2000-01-01 09:35:00+00:00', tz='UTC'))",
      ["a"],
      "2000-01-01 09:35:00+00:00",
    ],
    ['("a"),("BTCUSDT","ETHUSDT")', ["a"], ["BTCUSDT", "ETHUSDT"]],
    ['("a"),("x",)', ["a"], ["x"]],
    ['("a"),()', ["a"], []],
    ['("a"),(- 0.5)', ["a"], -0.5],
    ['("a"),(-int(3))', ["a"], -3],
    ['("a"),(u"x" "y")', ["a"], "xy"],
    ['("a"),("caf\\u00e9 \\x41 \\U0001f600 \\101")', ["a"], "café A 😀 A"],
    ['("a"),("C:\\dir")', ["a"], "C:\\dir"],
    ['("a"),(r"C:\\new")', ["a"], "C:\\new"],
    ["a=.5", ["a"], 0.5],
    ["a=+2", ["a"], 2],
    ["a=-1e-3", ["a"], -0.001],
    ["a=1e400", ["a"], "1e400"],
    ["a=20250901_000000", ["a"], "20250901_000000"],
    ["a=None", ["a"], null],
    ["a=True", ["a"], true],
    ['a="None"', ["a"], "None"],
    ["a=Nonesuch", ["a"], "Nonesuch"],
    ["a=don't", ["a"], "don't"],
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
    '("a"),(-"x")',
    '("a"),("\\Uffffffff")',
    '("a"),("unclosed)',
    '("a"),([1 2])',
    "( ),(1)",
    '(["a"]),(1)',
    '("a"),(float(None))',
    '("a"),(float(""))',
    '("a"),(float("inf"))',
    '("a"),(float("0x10"))',
    '("a"),(int("2.5"))',
    '("a"),(int(1, 2))',
    '("a"),(str([1]))',
    '("a"),(dict(1))',
    '("a"),(list(3))',
    '("a"),(constructor())',
    '("a"),(__proto__)',
    '("a"),({None: 1})',
    '("a"),({"x" 1})',
    '("a"),(dict(x=))',
  ])("refuses %s with its place and what to do", (text) => {
    expect(() => parseOverride(text)).toThrow(/override .*: expected .*found /);
  });

  it("names the constructors there are, and the character", () => {
    expect(() => parseOverride('("a"),(pd.Timestamp("2025-01-01"))')).toThrow(
      /at character 2: expected a number, text, list, dictionary or None, found "pd\.Timestamp/,
    );
    expect(() => parseOverride('("a"),([1, complex(2)])')).toThrow(
      /at character 6: expected one of int\(…\), .*dict\(…\) of a value that it takes/,
    );
  });

  it("reads back every value that is written as a literal", () => {
    fc.assert(
      fc.property(fc.jsonValue({maxDepth: 3}), (value) => {
        const text = `("a"),(${JSON.stringify(value)})`;
        fc.pre(!/\\u|\\[bf]|__proto__/.test(text));
        expect(parseOverride(text).value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      {seed: 11, numRuns: 200},
    );
  });

  it("a key that means something to JavaScript is a key like others", () => {
    const {value} = parseOverride('("a"),({"__proto__": {"x": 1}})');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(flattenConfig({a: value}).get("a.__proto__.x")).toBe(1);
    const merged = mergeConfigs({}, JSON.parse('{"__proto__": {"x": 1}}'));
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
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

  it("looks for unknown keys inside a dictionary, and keeps a sub-tree a sub-tree", () => {
    expect(() => applyOverrides(config, [parseOverride('("order_config"),({"tpye": 1})')])).toThrow(
      /a known key under "order_config".*unknown config key "tpye"/,
    );
    expect(() => applyOverrides(config, [parseOverride("order_config=5")])).toThrow(
      '"order_config" with keys below it (order_type, passivity_factor), found 5',
    );
    const whole = parseOverride('("order_config"),({"order_type": "price@end"})');
    expect(applyOverrides(config, [whole])).toEqual({
      order_config: {order_type: "price@end"},
      n: 1,
    });
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

describe("parseOverrides", () => {
  it("takes an apostrophe inside a bare text for what it is", () => {
    const found = parseOverrides("a=O'Brien;b=D'X; c='it;s' ;(\"d;e\"),(str(\"f;g\"))");
    expect(found.map(({path, value}) => [path.join("."), value])).toEqual([
      ["a", "O'Brien"],
      ["b", "D'X"],
      ["c", "'it;s'"],
      ["d;e", "f;g"],
    ]);
  });
});
