import {describe, expect, it} from "vitest";
import {applyParameters} from "../../../../../publish/notebook/parameters/apply-parameters.js";
import {parseParameters} from "../../../../../publish/notebook/parameters/parameter-cell.js";
import {parameterSchema} from "../../../../../publish/notebook/parameters/parameter-schema.js";
import {formatType} from "../../../../../publish/notebook/parameters/types/parameter-type.js";
import {notebookOf, runCellsAgain, textOf} from "../../code-notebook.js";

const source = `
enum Side { Buy = "buy", Sell = "sell" }
enum Level { Low, Mid = 5, High }
const enum Unit { Second = "s", Minute = "m" }
enum Computed { A = "x".length }
class Desk { name = ""; }
interface Named { name: string }
const side: Side = Side.Buy;
let level = Level.Mid;
const unit: Unit | null = null;
const sides: Side[] = [];
const computed: Computed = Computed.A;
const limits: Map<string, number> = new Map();
const names: ReadonlySet<string> = new Set();
const total: bigint = 5n;
const weigh: (x: number) => number = (x) => x;
const prices: Float64Array = new Float64Array();
const desk: Desk = new Desk();
const own: Named & {size: number} = {name: "a", size: 1};
const path: [from: string, to?: string] = ["a"];
const steps: [string, ...number[]] = ["a"];
const any: any = 1;
const note: string | null = null;
const rates = new Map([["a", 1]]);
const held = 5n;
const double = (x: number) => 2 * x;
const pattern = /^a/;
const book = new Desk();
`;

async function outcomeOf(values: Readonly<Record<string, unknown>>, isText: boolean) {
  const given = isText ? {texts: values as Record<string, string>} : {values};
  try {
    const notebook = notebookOf({source, tags: ["parameters"]});
    const applied = await applyParameters(notebook, [{origin: "caller", ...given}], "n.ipynb");
    return applied.notebook.cells[1]?.source.split("\n")[1] ?? "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("types that a cell declares", () => {
  const accepted: [name: string, value: unknown, line: string][] = [
    ["side", "sell", 'const side: Side = "sell" as Side;'],
    ["side", "Sell", 'const side: Side = "sell" as Side;'],
    ["level", 6, "let level = 6 as Level;"],
    ["level", "Low", "let level = 0 as Level;"],
    ["unit", "m", 'const unit: Unit | null = "m" as Unit;'],
    ["unit", null, "const unit: Unit | null = null;"],
    ["sides", ["buy", "sell"], 'const sides: Side[] = ["buy" as Side, "sell" as Side];'],
    ["own", {name: "b", size: 2}, 'const own: Named & {size: number} = {"name": "b", "size": 2};'],
    ["path", ["a", "b"], 'const path: [from: string, to?: string] = ["a", "b"];'],
    ["path", ["b"], 'const path: [from: string, to?: string] = ["b"];'],
    ["steps", ["b", 1, 2], 'const steps: [string, ...number[]] = ["b", 1, 2];'],
    ["any", [{}], "const any: any = [{}];"],
    ["note", null, "const note: string | null = null;"],
    ["note", "null", 'const note: string | null = "null";'],
  ];
  it.each(accepted)("take %s = %j", async (name, value, line) => {
    expect(await outcomeOf({[name]: value}, false)).toBe(line);
  });

  it.each([
    ["note", "null", "const note: string | null = null;"],
    ["side", "Buy", 'const side: Side = "buy" as Side;'],
    ["level", "6", "let level = 6 as Level;"],
    ["level", "High", "let level = 6 as Level;"],
    ["sides", "buy,Sell", 'const sides: Side[] = ["buy" as Side, "sell" as Side];'],
  ])("take the text %s=%s", async (name, text, line) => {
    expect(await outcomeOf({[name]: text}, true)).toBe(line);
  });

  const refused: [name: string, value: unknown, message: string][] = [
    ["side", "sel", 'expected "buy" (Side.Buy) | "sell" (Side.Sell), found "sel"; did you mean'],
    ["level", 7, "expected 0 (Level.Low) | 5 (Level.Mid) | 6 (Level.High), found 7"],
    ["sides", ["buy", "x"], 'sides[1]: expected "buy" (Side.Buy) | "sell" (Side.Sell), found "x"'],
    ["limits", {a: 1}, "expected a type that can be given, found Map<string, number>; declare a R"],
    ["names", ["a"], "found ReadonlySet<string>; declare an array, and make the Set of it"],
    ["total", 5, "found bigint; declare a string, and make the bigint of it"],
    ["weigh", "x", "found (x: number) => number; declare plain data"],
    ["prices", [1], "found Float64Array; declare number[], and make the array of it"],
    ["desk", {name: "a"}, "found Desk; declare plain data"],
    ["rates", {a: 2}, "found Map; declare a Record, and make the Map of it"],
    ["held", 6, "found bigint; declare a string, and make the bigint of it"],
    ["double", "x", "found a function; declare plain data"],
    ["pattern", "^b", "found RegExp; declare a string, and make the object of it"],
    ["book", {name: "a"}, "found Desk; declare plain data"],
    ["own", {name: "b"}, "parameter own.size: expected number, found nothing"],
    ["path", [], "expected [string, string?], found []"],
    ["path", ["a", "b", "c"], "expected [string, string?], found"],
    ["steps", ["a", "b"], 'parameter steps[1]: expected number, found "b"'],
  ];
  it.each(refused)("refuse %s = %j, before any kernel starts", async (name, value, message) => {
    const said = await outcomeOf({[name]: value}, false);
    expect(said).toContain(`parameter ${name}`);
    expect(said).toContain(message);
  });

  it("are listed with their defaults, and as JSON Schema", () => {
    const parameters = parseParameters(source);
    const listed = parameters.map(({name, type, fallback}) => [name, formatType(type), fallback]);
    expect(listed).toContainEqual(["side", '"buy" (Side.Buy) | "sell" (Side.Sell)', "buy"]);
    expect(listed).toContainEqual(["level", expect.stringContaining("5 (Level.Mid)"), 5]);
    expect(listed).toContainEqual(["computed", "JSON (Computed is not known)", undefined]);
    expect(listed).toContainEqual(["total", "bigint (only its default)", undefined]);
    const {properties} = parameterSchema("n", parameters);
    expect(properties).toMatchObject({
      side: {enum: ["buy", "sell"], default: "buy"},
      limits: {not: {}},
      path: {minItems: 1, items: false},
      steps: {minItems: 1, items: {type: "number"}},
    });
  });

  it("are recorded by their values", async () => {
    const layers = [{origin: "caller", values: {side: "Sell", sides: ["buy"], level: "High"}}];
    const notebook = notebookOf({source, tags: ["parameters"]});
    const {parameters} = await applyParameters(notebook, layers, "n.ipynb");
    const given = parameters.filter((parameter) => parameter.given);
    expect(given.map(({name, value}) => [name, value])).toEqual([
      ["side", "sell"],
      ["level", 6],
      ["sides", ["buy"]],
    ]);
  });

  it("are what the kernel takes", async () => {
    const values = {side: "sell", level: "High", unit: "m", sides: ["buy"], steps: ["x", 2]};
    const print = "console.log(side === Side.Sell, level === Level.High, unit, sides, steps);";
    const outcome = await runCellsAgain([{source, tags: ["parameters"]}, print], {
      parameters: values,
    });
    expect(outcome.failure?.message).toBeUndefined();
    expect(textOf(outcome, 2)).toBe("true true m [ 'buy' ] [ 'x', 2 ]\n");
  });
});
