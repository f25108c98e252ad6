import {describe, expect, it} from "vitest";
import {PublishError} from "../../../../publish/errors.js";
import {applyParameters} from "../../../../publish/notebook/parameters/apply-parameters.js";
import type {ParameterLayer} from "../../../../publish/notebook/parameters/parameter-layer.js";
import type {RunEvent} from "../../../../publish/notebook/run-outcome.js";
import {notebookOf, runCells, runCellsAgain, textOf} from "../code-notebook.js";

const cell = `
/** Which model, by its short id. */
const model: string = "C1";
let lookback = 5; // bars
/**
 * Bars per tile.
 * @integer
 */
const tile = 4;
type Side = "buy" | "sell";
const side: Side = "buy";
const level: 1 | 2 | null = null;
const verbose = false;
const names: readonly string[] = ["a"];
const weights: Record<string, number> = {a: 1};
const start: Date = new Date("2025-09-01");
const end: Date | null = null;
const shape = {rows: 2, title: "x"};
const pair: [string, number] = ["a", 1];
const count: Integer = 3;
const mixed: string | number = 1;
const matrix: number[][] = [];
const config: Config | undefined = undefined;
const key = process.env.KEY ?? "none";
const maybe: {a: number; b?: string} = {a: 1};
`;

const tagged = (source: string) => notebookOf({source, tags: ["parameters"]}, "1");

type Given = Pick<ParameterLayer, "values" | "texts">;

function apply(given: Given, source = cell) {
  return applyParameters(tagged(source), [{origin: "caller", ...given}], "demo.ipynb");
}

async function complaintOf(given: Given): Promise<string> {
  const error: unknown = await apply(given).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PublishError);
  expect((error as PublishError).code).toBe("bad-parameter");
  return (error as PublishError).message;
}

async function injectedLine(given: Given): Promise<string> {
  const {notebook} = await apply(given);
  return notebook.cells[1]?.source.split("\n").slice(1).join("\n") ?? "";
}

describe("the parameters of a cell", () => {
  it("are read with name, type, default and comment", async () => {
    const {parameters, notebook} = await apply({});
    const rows = parameters.map(({name, type, value, comment}) => [name, type, value, comment]);
    expect(rows).toEqual([
      ["model", "string", "C1", "Which model, by its short id."],
      ["lookback", "number", 5, "bars"],
      ["tile", "integer", 4, "Bars per tile."],
      ["side", "Side", "buy", ""],
      ["level", "1 | 2 | null", null, ""],
      ["verbose", "boolean", false, ""],
      ["names", "readonly string[]", ["a"], ""],
      ["weights", "Record<string, number>", {a: 1}, ""],
      ["start", "Date", "2025-09-01", ""],
      ["end", "Date | null", null, ""],
      ["shape", "{rows: number; title: string}", {rows: 2, title: "x"}, ""],
      ["pair", "[string, number]", ["a", 1], ""],
      ["count", "Integer", 3, ""],
      ["mixed", "string | number", 1, ""],
      ["matrix", "number[][]", [], ""],
      ["config", "Config | undefined", undefined, ""],
      ["key", "string", undefined, ""],
      ["maybe", "{a: number; b?: string}", {a: 1}, ""],
    ]);
    expect(notebook.cells.length).toBe(2);
  });

  const accepted: [name: string, value: unknown, source: string][] = [
    [
      "model",
      'it\'s "q"\n</script>\u2028',
      'const model: string = "it\'s \\"q\\"\\n\\u003c/script>\\u2028";',
    ],
    ["lookback", -0, "let lookback = -0;"],
    ["lookback", 1e21, "let lookback = 1e+21;"],
    ["tile", 7, "const tile = 7;"],
    ["side", "sell", 'const side: Side = "sell";'],
    ["level", 2, "const level: 1 | 2 | null = 2;"],
    ["level", null, "const level: 1 | 2 | null = null;"],
    ["verbose", true, "const verbose = true;"],
    ["names", [], "const names: readonly string[] = [];"],
    [
      "weights",
      JSON.parse('{"__proto__": 2}'),
      'const weights: Record<string, number> = {["__proto__"]: 2};',
    ],
    [
      "start",
      "2025-09-01T02:00+02:00",
      'const start: Date = new Date("2025-09-01T00:00:00.000Z");',
    ],
    ["start", "2025-09-01 05:00", 'const start: Date = new Date("2025-09-01T05:00:00.000Z");'],
    ["end", null, "const end: Date | null = null;"],
    ["shape", {rows: 1, title: ""}, 'const shape = {"rows": 1, "title": ""};'],
    ["pair", ["b", 2], 'const pair: [string, number] = ["b", 2];'],
    ["config", {any: [1]}, 'const config: Config | undefined = {"any": [1]};'],
    ["key", "x", 'const key = "x";'],
    ["maybe", {a: 2}, 'const maybe: {a: number; b?: string} = {"a": 2};'],
  ];
  it.each(accepted)("take %s = %j", async (name, value, source) => {
    expect(await injectedLine({values: {[name]: value}})).toBe(source);
  });

  const texts: [name: string, text: string, source: string][] = [
    ["model", "5", 'const model: string = "5";'],
    ["lookback", "-2.5e3", "let lookback = -2500;"],
    ["verbose", "true", "const verbose = true;"],
    ["side", "sell", 'const side: Side = "sell";'],
    ["level", "2", "const level: 1 | 2 | null = 2;"],
    ["level", "null", "const level: 1 | 2 | null = null;"],
    ["names", "a, b", 'const names: readonly string[] = ["a", "b"];'],
    ["names", '["a,b"]', 'const names: readonly string[] = ["a,b"];'],
    ["names", "", "const names: readonly string[] = [];"],
    ["weights", '{"a": 2}', 'const weights: Record<string, number> = {"a": 2};'],
    ["start", "2025-09-01", 'const start: Date = new Date("2025-09-01T00:00:00.000Z");'],
    ["mixed", "5", "const mixed: string | number = 5;"],
    ["lookback", "9007199254740994", "let lookback = 9007199254740994;"],
    ["mixed", "9007199254740993", 'const mixed: string | number = "9007199254740993";'],
    ["mixed", "five", 'const mixed: string | number = "five";'],
    ["matrix", "[[1, 2]]", "const matrix: number[][] = [[1,2]];".replace("1,2", "1, 2")],
    ["key", "plain", 'const key = "plain";'],
  ];
  it.each(texts)("take the text %s=%s", async (name, text, source) => {
    expect(await injectedLine({texts: {[name]: text}})).toBe(source);
  });

  const refused: [name: string, value: unknown, wanted: string, found: string, path?: string][] = [
    ["model", 5, "string", "5"],
    ["model", null, "string", "null"],
    ["lookback", "5", "number", '"5"'],
    ["lookback", Number.NaN, "number", "NaN"],
    ["lookback", Number.POSITIVE_INFINITY, "number", "Infinity"],
    ["lookback", true, "number", "true"],
    ["lookback", 5n, "number", "a bigint"],
    ["tile", 1.5, "integer", "1.5"],
    ["count", 2 ** 60, "integer", "1152921504606847000"],
    ["side", "hold", '"buy" | "sell"', '"hold"'],
    ["level", 3, "1 | 2 | null", "3"],
    ["verbose", "true", "boolean", '"true"'],
    ["verbose", 0, "boolean", "0"],
    ["names", "a", "string[]", '"a"'],
    ["names", ["a", 1], "string", "1", "[1]"],
    ["names", {0: "a"}, "string[]", '{"0":"a"}'],
    ["weights", {a: "1"}, "number", '"1"', ".a"],
    ["weights", [1], "Record<string, number>", "[1]"],
    ["weights", {"b c": Number.NaN}, "number", "NaN", '["b c"]'],
    ["start", "yesterday", "date (ISO 8601 text)", '"yesterday"'],
    ["start", "2025-02-30", "date (ISO 8601 text)", '"2025-02-30"'],
    ["start", "2025-09-01T25:00", "date (ISO 8601 text)", '"2025-09-01T25:00"'],
    ["start", 1_756_684_800_000, "date (ISO 8601 text)", "1756684800000"],
    ["start", null, "date (ISO 8601 text)", "null"],
    ["shape", {rows: 1}, "string", "nothing", ".title"],
    ["shape", {rows: 1, title: "", x: 1}, "one of rows, title", "an unknown name", ".x"],
    ["pair", ["a"], "[string, number]", '["a"]'],
    ["mixed", true, "string | number", "true"],
    ["key", [1], "string", "[1]"],
    ["matrix", [[1], [2, "3"]], "number", '"3"', "[1][1]"],
    ["config", [Number.NaN], "JSON (Config is not known) | undefined", "[null]"],
    ["maybe", {b: "x"}, "number", "nothing", ".a"],
  ];
  it.each(refused)("refuse %s = %o", async (name, value, wanted, found, path = "") => {
    expect(await complaintOf({values: {[name]: value}})).toBe(
      `demo.ipynb: parameter ${name}${path}: expected ${wanted}, found ${found}`,
    );
  });

  const refusedTexts: [name: string, text: string][] = [
    ["lookback", "five"],
    ["lookback", ""],
    ["lookback", "NaN"],
    ["lookback", "1_000"],
    ["lookback", "0x10"],
    ["lookback", "1e999"],
    ["lookback", "9007199254740993"],
    ["tile", "4.5"],
    ["verbose", "yes"],
    ["level", "3"],
    ["matrix", "1,2"],
    ["weights", "a=1"],
    ["start", "20250901"],
  ];
  it.each(refusedTexts)("refuse the text %s=%s", async (name, text) => {
    expect(await complaintOf({texts: {[name]: text}})).toContain(`parameter ${name}: expected `);
  });

  it("name the nearest for an unknown name, and all complaints at once", async () => {
    const [first, second] = (await complaintOf({values: {lokback: 5, tile: "x"}})).split("\n");
    expect(first).toMatch(/^demo.ipynb: parameter lokback: expected one of model, lookback, /);
    expect(first).toMatch(/, found an unknown name; did you mean lookback\?$/);
    expect(await complaintOf({values: {modle: "C1"}})).toMatch(/; did you mean model\?$/);
    expect(second).toBe('demo.ipynb: parameter tile: expected integer, found "x"');
    const layer = {origin: "caller", values: {a: 1}};
    const plain = applyParameters(notebookOf("1"), [layer], "p.ipynb");
    await expect(plain).rejects.toThrow('expected a cell tagged "parameters", found none');
  });

  it("replace what an earlier run injected", async () => {
    const once = await apply({values: {tile: 8}});
    const again = await applyParameters(
      once.notebook,
      [{origin: "caller", values: {lookback: 9}}],
      "d",
    );
    expect(again.notebook.cells.map(({source}) => source)).toEqual([
      cell,
      "// Parameters of this run\nlet lookback = 9;",
      "1",
    ]);
    expect(again.notebook.cells[1]?.metadata.tags).toEqual(["injected-parameters"]);
  });

  it("are refused before any kernel starts", async () => {
    const events: RunEvent[] = [];
    const cells = [{source: cell, tags: ["parameters"]}];
    const onEvent = (event: RunEvent) => events.push(event);
    const refusal = runCells(cells, {parameters: {mdel: "x"}, onEvent});
    await expect(refusal).rejects.toMatchObject({code: "bad-parameter"});
    expect(events).toEqual([]);
  });

  it("reach the cells", async () => {
    const source =
      "const model: string = 'C1';\nlet bars = 3;\nconst day = new Date('2025-01-01');";
    const outcome = await runCellsAgain(
      [{source, tags: ["parameters"]}, "console.log(model, bars, day.toISOString())"],
      {parameters: {model: "mock1", day: "2025-09-02"}, parameterTexts: {bars: "7"}},
    );
    expect(outcome.failure).toBeNull();
    expect(textOf(outcome, 2)).toBe("mock1 7 2025-09-02T00:00:00.000Z\n");
    expect(outcome.parameters).toMatchObject([
      {name: "model", value: "mock1", given: true},
      {name: "bars", value: 7, given: true},
      {name: "day", value: "2025-09-02T00:00:00.000Z", given: true},
    ]);
  });
});
