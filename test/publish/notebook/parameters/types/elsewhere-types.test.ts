import {mkdirSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {applyParameters} from "../../../../../publish/notebook/parameters/apply-parameters.js";
import {scratchFolder} from "../../../../scratch.js";
import {notebookOf} from "../../code-notebook.js";

const files: Readonly<Record<string, string>> = {
  "limits.ts": `import {Side as Way, type Name} from "./deep/side";
import type {Integer} from "reckon";
export {Frame} from "./frames";
export interface Limits { maxLoss: number; way?: Way; bars?: Integer; name?: Name }
export default interface Whole { all: boolean }
export class Desk { name = "a" }
export const standard = {gross: 1, net: 2};
`,
  "deep/side.ts":
    'export enum Side { Buy = "buy", Sell = "sell" }\nexport type Name = "a" | "b";\n',
  "generated.ts": Array.from(
    {length: 3_000},
    (_, i) => `export interface T${i} { at: number; next?: T${i + 1} }`,
  ).join("\n"),
  "frames.d.ts": "export type Frame = `#{number}m`;\n".replace("#", "$"),
  "node_modules/desk/package.json": '{"name": "desk", "types": "index.d.ts"}',
  "node_modules/desk/index.d.ts":
    'export * from "./other";\nexport {Book as Ledger} from "./book";\nexport const x: 1;',
  "node_modules/desk/other.d.ts": "export interface Other { o: 1 }\n",
  "node_modules/desk/book.d.ts":
    'import {Other} from "./other";\nexport interface Book { of: Other[] }',
};

describe("types from elsewhere", () => {
  let folder: string;
  beforeAll(() => {
    folder = scratchFolder("types");
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), {recursive: true});
      writeFileSync(join(folder, path), text);
    }
  });

  /** The line that sets `s`, or the complaint without the notebook's name. */
  async function outcomeOf(source: string, s: unknown, ...before: string[]): Promise<string> {
    const notebook = notebookOf(...before, {source, tags: ["parameters"]}, "1");
    const place = {path: join(folder, "n.ipynb")};
    return applyParameters(notebook, [{origin: "caller", values: {s}}], place).then(
      (applied) => applied.notebook.cells[before.length + 1]?.source.split("\n")[1] ?? "",
      (error: Error) => error.message.replace(/^.*n\.ipynb: /, ""),
    );
  }

  const limits = 'import type {Limits} from "./limits";\nlet s: Limits;';
  const cases: [what: string, source: string, given: unknown, wanted: string][] = [
    ["a file's", limits, {maxLoss: 1}, 'let s: Limits = {"maxLoss": 1};'],
    ["a file's field", limits, {maxLoss: "1"}, 'parameter s.maxLoss: expected number, found "1"'],
    [
      "a name of it",
      limits,
      {maxLos: 1},
      "parameter s.maxLos: expected one of maxLoss, way, bars, name, found an unknown name; " +
        "did you mean maxLoss?",
    ],
    [
      "what that file imports",
      limits,
      {maxLoss: 1, name: "c"},
      'parameter s.name: expected "a" | "b", found "c"; did you mean "a"?',
    ],
    [
      "a whole number in it",
      limits,
      {maxLoss: 1, bars: 1.5},
      "parameter s.bars: expected integer, found 1.5",
    ],
    [
      "an enum in it that the cell cannot name",
      limits,
      {maxLoss: 1, way: 7},
      'let s: Limits = {"maxLoss": 1, "way": 7};',
    ],
    [
      "an enum under another name",
      'import {Side as S} from "./deep/side";\nlet s: S;',
      "sell",
      'let s: S = "sell" as S;',
    ],
    [
      "a type that is handed on",
      'import {Frame} from "./limits";\nlet s: Frame | null;',
      "5",
      'parameter s: expected `#{number}m` | null, found "5"'.replace("#", "$"),
    ],
    [
      "a default export",
      'import Any from "./limits";\nlet s: Any;',
      {all: 1},
      "parameter s.all: expected boolean, found 1",
    ],
    [
      "a namespace",
      'import * as all from "./limits";\nlet s: all.Limits;',
      {},
      "parameter s.maxLoss: expected number, found nothing",
    ],
    [
      "a class",
      'import {Desk} from "./limits";\nlet s: Desk;',
      {name: "b"},
      "parameter s: expected a type that can be given, found Desk; declare plain data",
    ],
    [
      "an imported default",
      'import {standard} from "./limits";\nconst s = standard;',
      {gross: 1},
      "parameter s.net: expected number, found nothing",
    ],
    [
      "a package's, by all that it hands on",
      'import {Other} from "desk";\nlet s: Other;',
      {o: 2},
      "parameter s.o: expected 1, found 2",
    ],
    [
      "a package's, made of others",
      'import {Ledger} from "desk";\nlet s: Ledger;',
      {of: [{o: 1}, {o: 3}]},
      "parameter s.of[1].o: expected 1, found 3",
    ],
    [
      "one of thousands that lead to each other",
      'import {T0} from "./generated";\nlet s: T0;',
      {at: "x"},
      'parameter s.at: expected number, found "x"',
    ],
    [
      "one that is nowhere",
      'import {Gone} from "./gone";\nlet s: Gone | string[];',
      Number.NaN,
      "parameter s: expected JSON (Gone is not known) | string[], found NaN",
    ],
    [
      "one that a file does not have",
      'import {Gone} from "./limits";\nlet s: Gone;',
      Number.NaN,
      "parameter s: expected JSON (Gone is not known), found NaN",
    ],
  ];
  it.each(cases)("%s", async (_what, source, given, wanted) => {
    expect(await outcomeOf(source, given)).toBe(wanted);
  });

  const before = [
    "interface Limits { a: string }\nenum Side { Buy = 1 }\nconst top = 5;",
    'import type {Limits as Far} from "./limits";\ninterface Limits { b: number }\ntop + 1',
  ];
  it.each([
    [
      "the newest of its name",
      "let s: Limits;",
      {a: "x"},
      "parameter s.a: expected one of b, found",
    ],
    ["its own", "interface Limits { c: 1 }\nlet s: Limits;", {c: 2}, "parameter s.c: expected 1, "],
    ["an enum", "const s = Side.Buy;", "Buy", "const s = 1 as Side;"],
    ["an import", "let s: Far[];", [{}], "parameter s[0].maxLoss: expected number, found nothing"],
    ["a value", "const s = top * 2;", "x", 'parameter s: expected number, found "x"'],
  ])("of cells before: %s", async (_what, source, given, wanted) => {
    expect(await outcomeOf(source, given, ...before)).toContain(wanted);
  });

  it("of cells before are no parameters", async () => {
    const notebook = notebookOf(...before, {source: "let s: Side;", tags: ["parameters"]});
    const layers = [{origin: "caller", values: {s: 1}}];
    const {parameters} = await applyParameters(notebook, layers, join(folder, "n.ipynb"));
    expect(parameters.map(({name}) => name)).toEqual(["s"]);
  });
});
