/** One declaration of a cell whose type its text does not tell. */
export interface ResolvedType {
  readonly declaration: string;
  /** As it is shown. */
  readonly type: string;
  readonly taken: readonly unknown[];
  readonly refused: readonly unknown[];
}

/** What the declarations below are made of. */
export const preamble = `
import type {Integer, Config} from "desk";
import * as desk from "desk";
type SecretText = string;
enum Side { Buy = "buy", Sell = "sell", Hold = "hold" }
enum Flag { A = 1 << 0, B = 1 << 1, All = A | B }
enum Odd { "x-y" = "xy", B = "b" }
enum Computed { A = "x".length }
enum Same { A = 1, B = 1, C = 2 }
interface Shape { rows: number; bars: Integer }
interface Named extends Shape { title?: string }
interface Split { a: number }
interface Split { b: number }
interface Tree { value: number; kids: Readonly<Partial<Tree>>[] }
type Chain = {value: number; next?: Chain};
type Box<T> = {value: T};
type Nest<T> = {value: T; next?: Nest<T[]>};
class Desk { name = ""; }
const modes = ["fast", "slow"] as const;
const table = {x: 1, y: 2};
const pick = (): "a" | "b" => "a";
`;

/** With `#{` for the `${` of a template. */
const row = (
  declaration: string,
  type: string,
  {takes = [], not = []}: {readonly takes?: readonly unknown[]; readonly not?: readonly unknown[]},
): ResolvedType => ({
  declaration: `const s${declaration.replaceAll("#", "$")};`,
  type: type.replaceAll("#", "$"),
  taken: takes,
  refused: not,
});

const flags = "1 (Flag.A) | 2 (Flag.B) | 3 (Flag.All)";
const sides = '"buy" (Side.Buy) | "sell" (Side.Sell)';

const enums = [
  row(": Side.Buy = Side.Buy", '"buy" (Side.Buy)', {takes: ["buy", "Buy"], not: ["sell", null]}),
  row(": Exclude<Side, Side.Hold> | null = null", `${sides} | null`, {
    takes: ["Sell", null],
    not: ["hold", "Hold", 1],
  }),
  row(": Flag = Flag.All", flags, {takes: [1, 3, "All"], not: [0, 4, "1"]}),
  row(': Exclude<Odd, Odd.B> = Odd["x-y"]', '"xy" (Odd.x-y)', {takes: ["xy", "x-y"], not: ["b"]}),
  row(": NonNullable<Same> = Same.A", "1 (Same.A) | 1 (Same.B) | 2 (Same.C)", {
    takes: [1, "B"],
    not: [3],
  }),
  row(" = Math.random() < 2 ? Side.Buy : Side.Sell", `${sides} | "hold" (Side.Hold)`, {
    takes: ["hold"],
    not: ["x"],
  }),
  row(": Computed = Computed.A", "JSON (Computed is not known)", {takes: [1], not: [Number.NaN]}),
];

const trees = "{value: number; kids: {value?: number; kids?: {value?: number; kids?: JSON}[]}[]}";

const objects = [
  row(": Named = {rows: 1, bars: 2}", "{rows: number; bars: integer; title?: string}", {
    takes: [
      {rows: 1, bars: 2},
      {rows: 1, bars: 2, title: "x"},
    ],
    not: [{rows: 1}, {rows: 1, bars: 1.5}, {rows: 1, bars: 2, titel: "x"}],
  }),
  row(": Split = {a: 1, b: 2}", "{a: number; b: number}", {takes: [{a: 1, b: 2}], not: [{a: 1}]}),
  row(": Partial<Shape> = {}", "{rows?: number; bars?: integer}", {
    takes: [{}, {bars: 2}],
    not: [{bars: 0.5}, {bar: 2}, {rows: null}],
  }),
  row(': Pick<Named, "title" | "rows"> = {rows: 1}', "{rows: number; title?: string}", {
    takes: [{rows: 1}],
    not: [{}, {rows: 1, bars: 1}],
  }),
  row(': Omit<Named, "rows"> = {bars: 1}', "{bars: integer; title?: string}", {
    takes: [{bars: 1}],
    not: [{rows: 1, bars: 1}],
  }),
  row(': Required<Pick<Named, "title">> = {title: ""}', "{title: string}", {
    takes: [{title: ""}],
    not: [{}],
  }),
  row(": Readonly<Box<Integer>> = {value: 1}", "{value: integer}", {
    takes: [{value: 1}],
    not: [{value: 1.5}, {value: "1"}],
  }),
  row(": Box<Date | null> = {value: null}", "{value: date (ISO 8601 text) | null}", {
    takes: [{value: "2025-09-01"}, {value: null}],
    not: [{value: "yesterday"}, {}],
  }),
  row(': {a: "x"} & {a: string} = {a: "x"}', '{a: "x"}', {takes: [{a: "x"}], not: [{a: "y"}]}),
  row(": {a: number; [k: string]: number} = {a: 1}", "{a: number; [name: string]: number}", {
    takes: [{a: 1, b: 2}],
    not: [{b: 2}, {a: 1, b: "2"}],
  }),
  row(': Record<"x" | "y", number> = table', "{x: number; y: number}", {
    takes: [{x: 1, y: 2}],
    not: [{x: 1}, {x: 1, y: 2, z: 3}],
  }),
  row(": Partial<Record<Side, number>> = {}", "{buy?: number; sell?: number; hold?: number}", {
    takes: [{buy: 1}, {}],
    not: [{Buy: 1}],
  }),
  row(': Record<number, string> = {1: "a"}', "Record<number, string>", {
    takes: [{1: "a", "-2.5": ""}],
    not: [{a: "a"}, {"1.0": "a"}],
  }),
  row(": {[k: `x#{number}`]: Integer} = {}", "Record<`x#{number}`, integer>", {
    takes: [{x1: 1}],
    not: [{y1: 1}, {x1: 1.5}],
  }),
  row(": Tree = {value: 1, kids: []}", trees, {
    takes: [{value: 1, kids: [{kids: []}]}],
    not: [{value: 1}],
  }),
  row(": Chain = {value: 1}", "{value: number; next?: JSON}", {
    takes: [{value: 1, next: {value: 2}}],
    not: [{}],
  }),
  row(": Readonly<{}> = {}", "JSON", {takes: [{}, 1]}),
  row(': [...[a: string, b: number], boolean?] = ["", 1]', "[string, number, boolean?]", {
    takes: [
      ["a", 1],
      ["a", 1, true],
    ],
    not: [["a"], ["a", 1, null], ["a", 1, true, 1]],
  }),
  row(': [...Box<string>["value"][], number] = [1]', "JSON", {takes: [[1]]}),
  row(": Parameters<(a: number, ...b: string[]) => void> = [1]", "[number, ...string[]]", {
    takes: [[1], [1, "a", "b"]],
    not: [[], [1, 2]],
  }),
];

const texts = [
  row(": `#{number}m` = '5m'", "`#{number}m`", {
    takes: ["5m", "-1.5m", "1e3m"],
    not: ["m", "5", "5m ", 5, "5min", "0x5m"],
  }),
  row(": `#{Integer}h` = '5h'", "`#{Integer}h`", {takes: ["-5h"], not: ["1.5h"]}),
  row(": `#{Side}-#{number}` = 'buy-1'", "`buy-#{number}` | `sell-#{number}` | `hold-#{number}`", {
    takes: ["buy-1", "hold-2"],
    not: ["Buy-1", "buy"],
  }),
  row(": Uppercase<string> = 'A'", "Uppercase<string>", {
    takes: ["", "BTC-1", "Ä"],
    not: ["Btc", "ä", 1],
  }),
  row(": Capitalize<string> = 'A'", "Capitalize<string>", {takes: ["Btc", "1"], not: ["btc"]}),
  row(": keyof Shape = 'rows'", '"rows" | "bars"', {takes: ["bars"], not: ["title"]}),
  row(": (typeof modes)[number] = 'fast'", '"fast" | "slow"', {takes: ["slow"], not: ["mid"]}),
  row(": keyof typeof table = 'x'", '"x" | "y"', {takes: ["y"], not: ["z"]}),
  row(': Shape["bars"] = 1', "integer", {takes: [2], not: [1.5]}),
  row(": Exclude<'a' | boolean | null, 'a'> = null", "boolean | null", {
    takes: [true, false, null],
    not: ["a", 0],
  }),
  row(": Extract<1 | 'a' | true, string | true> = 'a'", 'true | "a"', {takes: [true], not: [1]}),
  row(": desk.Integer = 1", "integer", {takes: [1], not: [1.5]}),
];

const inferred = [
  row(" = 7 * 24", "number", {takes: [1.5], not: ["1"]}),
  row(' = "a" + "b"', "string", {takes: ["x"], not: [1]}),
  row(' = "abc".length', "number", {takes: [1], not: ["1"]}),
  row(" = modes.length > 5 ? 'a' : 'b'", "string", {takes: ["x"], not: [null]}),
  row(" = pick()", '"a" | "b"', {takes: ["b"], not: ["c"]}),
  row(' = process.env.KEY ?? "none"', "string", {takes: ["x"], not: [5]}),
  row(" = [1, 2].map((x) => x * 2)", "number[]", {takes: [[1]], not: [["1"], 1]}),
  row(' = "a,b".split(",")', "string[]", {takes: [["x"]], not: ["a,b"]}),
  row(' = {rows: 2 * table.x, at: "x".trim()}', "{rows: number; at: string}", {
    takes: [{rows: 1, at: ""}],
    not: [{rows: 1}],
  }),
  row(" = new Date(Date.now() - 5)", "date (ISO 8601 text)", {takes: ["2025-09-01"], not: ["x"]}),
  row(" = Object.fromEntries([['a', 1]])", "Record<string, number>", {
    takes: [{b: 2}],
    not: [{b: ""}],
  }),
  row(" = Object.keys(table)", "string[]", {takes: [["x"]], not: [[1]]}),
];

const elsewhere = [
  row(": Config = null", "JSON (Config is not known)", {takes: [{any: 1}]}),
  row(": Partial<Config>[] = []", "JSON (Partial<Config> is not known)[]", {
    takes: [[{any: 1}]],
    not: [1],
  }),
  row(" = desk.read()", "JSON", {takes: [1, "a"]}),
  row(": Undeclared | null = null", "JSON (Undeclared is not known) | null", {takes: [null, 1]}),
];

const foreign = [
  row(" = (() => 5n)()", "bigint (only its default)", {not: [5]}),
  row(": string & {__brand: 1} = null", "string & { __brand: 1; } (only its default)", {
    not: ["x"],
  }),
  row(": Readonly<Desk>[] = []", "Desk (only its default)[]", {
    takes: [[]],
    not: [[{}], [{name: ""}]],
  }),
  row(" = [new Map([['a', 1]])][0]", "Map<string, number> (only its default)", {not: [{a: 1}]}),
  row(": Required<{f: () => void}> = null", "Required<{ f: () => void; }> (only its default)", {
    not: [{}, {f: 1}],
  }),
];

export const resolvedTypes: readonly ResolvedType[] = [
  ...[...enums, ...objects, ...texts],
  ...[...inferred, ...elsewhere, ...foreign],
];
