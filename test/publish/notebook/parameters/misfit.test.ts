import {describe, expect, it} from "vitest";
import {misfitsOf, misfitsOfText} from "../../../../publish/notebook/parameters/misfit.js";
import {parseParameters} from "../../../../publish/notebook/parameters/parameter-cell.js";

const minutes = "`#{number}m`".replace("#", "$");

const cell = `
interface Limits { maxLoss: number; maxGross: number; perName?: Record<string, {long: number}> }
type Order = {kind: "limit"; price: number} | {kind: "market"; urgent: boolean};
let limits: Limits;
let pairs: [string, number][];
let open: [string, ...number[]];
let orders: Order[];
let either: number | {a: number} | null;
let twins: {a: number} | {b: number};
let sides: ("buy" | "sell")[];
let frames: Record<${minutes}, number>;
let token: {key: SecretText; n: number};
let days: DateText[];
`;

const types = new Map(parseParameters(cell).map(({name, type}) => [name, type]));
const typeOf = (name: string) => types.get(name) as Parameters<typeof misfitsOf>[0];
const told = (name: string, misfits: ReturnType<typeof misfitsOf>) =>
  misfits.map(({path, text}) => `${name}${path}: ${text}`);

describe("misfitsOf", () => {
  const limits = {maxLoss: 1, maxGross: 2};
  const cases: [name: string, value: unknown, wanted: string[]][] = [
    ["limits", {...limits, maxLoss: "5"}, ['limits.maxLoss: expected number, found "5"']],
    [
      "limits",
      {maxLos: 1, maxGross: 2},
      [
        "limits.maxLos: expected one of maxLoss, maxGross, perName, found an unknown name; " +
          "did you mean maxLoss?",
      ],
    ],
    ["limits", {maxLoss: 1}, ["limits.maxGross: expected number, found nothing"]],
    [
      "limits",
      {...limits, perName: {"BTC/USD": {long: null}, ETH: {}}},
      [
        'limits.perName["BTC/USD"].long: expected number, found null',
        "limits.perName.ETH.long: expected number, found nothing",
      ],
    ],
    [
      "limits",
      [1],
      [
        "limits: expected {maxLoss: number; maxGross: number; " +
          "perName?: Record<string, {long: number}>}, found [1]",
      ],
    ],
    ["pairs", [["a", 1], ["b"]], ['pairs[1]: expected [string, number], found ["b"]']],
    [
      "pairs",
      [
        ["a", 1],
        [2, "x"],
      ],
      ["pairs[1][0]: expected string, found 2", 'pairs[1][1]: expected number, found "x"'],
    ],
    ["open", ["a", 1, "b"], ['open[2]: expected number, found "b"']],
    [
      "orders",
      [
        {kind: "market", urgent: true},
        {kind: "limit", price: "1"},
      ],
      ['orders[1].price: expected number, found "1"'],
    ],
    ["either", {a: "x"}, ['either.a: expected number, found "x"']],
    ["either", "x", ['either: expected number | {a: number} | null, found "x"']],
    ["twins", {}, ["twins: expected {a: number} | {b: number}, found {}"]],
    [
      "sides",
      ["buy", "sel"],
      ['sides[1]: expected "buy" | "sell", found "sel"; did you mean "sell"?'],
    ],
    ["frames", {"5m": 1, h: 2}, [`frames.h: expected a name like ${minutes}, found "h"`]],
    ["days", ["2025-02-30"], ['days[0]: expected date (ISO 8601 text), found "2025-02-30"']],
    ["days", ["2025-02-28"], []],
  ];
  it.each(cases)("%s = %j", (name, value, wanted) => {
    expect(told(name, misfitsOf(typeOf(name), value))).toEqual(wanted);
  });

  it("shows no secret", () => {
    const texts = told("token", misfitsOf(typeOf("token"), {key: "abcd1234", n: "abcd1234"}));
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toContain("abcd1234");
  });

  it("tells the first of many", () => {
    const pairs = Array.from({length: 1000}, () => ["a", "b"]);
    expect(misfitsOf(typeOf("pairs"), pairs)).toHaveLength(10);
  });
});

describe("misfitsOfText", () => {
  const cases: [name: string, text: string, wanted: string[]][] = [
    ["pairs", '[["a", "1"]]', ['pairs[0][1]: expected number, found "1"']],
    ["sides", "buy, sel", ['sides[1]: expected "buy" | "sell", found "sel"; did you mean "sell"?']],
    [
      "twins",
      "{a: 1}",
      ['twins: expected {a: number} | {b: number}, found "{a: 1}", which is no JSON'],
    ],
    ["twins", "5", ['twins: expected {a: number} | {b: number}, found "5"']],
    ["sides", "buy", []],
  ];
  it.each(cases)("%s=%s", (name, text, wanted) => {
    expect(told(name, misfitsOfText(typeOf(name), text))).toEqual(wanted);
  });
});
