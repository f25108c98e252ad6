import {readdirSync} from "node:fs";
import {join} from "node:path";
import type ts from "typescript";
import {beforeEach, describe, expect, it, vi} from "vitest";
import {loadCompiler} from "../../../../../publish/kernel/load-compiler.js";
import {hasTag} from "../../../../../publish/notebook/file/nbformat.js";
import {readNotebook} from "../../../../../publish/notebook/file/read-notebook.js";
import {applyParameters} from "../../../../../publish/notebook/parameters/apply-parameters.js";
import {fitValue} from "../../../../../publish/notebook/parameters/fit-value.js";
import {parseParameters} from "../../../../../publish/notebook/parameters/parameter-cell.js";
import {formatType} from "../../../../../publish/notebook/parameters/types/parameter-type.js";
import {notebookOf, runCellsAgain, textOf} from "../../code-notebook.js";
import {preamble, type ResolvedType, resolvedTypes} from "./resolved-types.js";

function typeOf({declaration}: ResolvedType) {
  const found = parseParameters(preamble + declaration).find(({name}) => name === "s");
  return found?.type ?? {kind: "never read"};
}

describe("types that the text of a cell does not tell", () => {
  it.each(resolvedTypes)("$declaration is $type", (row) => {
    const type = typeOf(row) as Parameters<typeof formatType>[0];
    expect(formatType(type)).toBe(row.type);
    for (const value of row.taken) {
      expect([value, fitValue(type, value) !== null]).toEqual([value, true]);
    }
    for (const value of row.refused) {
      expect([value, fitValue(type, value)]).toEqual([value, null]);
    }
  });
});

const cell = `
enum Side { Buy = "buy", Sell = "sell", Hold = "hold" }
enum Flag { A = 1 << 0, B = 1 << 1, All = A | B }
enum Odd { "x-y" = "xy", B = "b" }
interface Limits { gross: number; net: number }
type Box<T> = {value: T};
const side: Side.Buy | Side.Sell = Side.Buy;
const odd: Exclude<Odd, Odd.B> = Odd["x-y"];
const flag: Flag = Flag.All;
const limits: Partial<Limits> = {};
const frame: \`\${number}m\` = "5m";
const box: Box<Date> = {value: new Date(0)};
const token: Partial<{key: SecretText}> = {};
const bars = 2 * 12;
`;

async function injected(values: Readonly<Record<string, unknown>>): Promise<string> {
  const notebook = notebookOf({source: cell.replace(/^const token.*/m, ""), tags: ["parameters"]});
  const applied = await applyParameters(notebook, [{origin: "caller", values}], "n.ipynb");
  return applied.notebook.cells[1]?.source ?? "";
}

describe("values of resolved types", () => {
  it("are written as the type has them", async () => {
    const values = {side: "Sell", odd: "xy", flag: "B", limits: {net: 1}, frame: "1h"};
    await expect(injected(values)).rejects.toThrow(
      /parameter frame: expected `\$\{number\}m`, found "1h"$/,
    );
    expect(await injected({...values, frame: "1m", box: {value: "2025-09-01"}})).toBe(
      [
        "// Parameters of this run",
        'const side: Side.Buy | Side.Sell = "sell" as Side.Sell;',
        'const odd: Exclude<Odd, Odd.B> = "xy" as (typeof Odd)["x-y"];',
        "const flag: Flag = 2 as Flag;",
        'const limits: Partial<Limits> = {"net": 1};',
        'const frame: `#{number}m` = "1m";'.replace("#", "$"),
        'const box: Box<Date> = {"value": new Date("2025-09-01T00:00:00.000Z")};',
      ].join("\n"),
    );
  });

  it("hold no secret", async () => {
    const notebook = notebookOf({source: cell, tags: ["parameters"]});
    await expect(applyParameters(notebook, [], "n.ipynb")).rejects.toThrow(
      "parameter token: expected a secret to be a parameter, found one inside another value",
    );
  });

  it("are what the kernel takes", async () => {
    const source = cell.replace(/^const token.*/m, "");
    const parameters = {side: "sell", odd: "xy", flag: "B", limits: {net: 1}, frame: "-1.5e3m"};
    const print = "console.log(side === Side.Sell, odd, flag === Flag.B, limits, frame, bars);";
    const outcome = await runCellsAgain([{source, tags: ["parameters"]}, print], {
      parameters: {...parameters, box: {value: "2025-09-01"}, bars: 7},
    });
    expect(outcome.failure?.message).toBeUndefined();
    expect(textOf(outcome, 2)).toBe("true xy true { net: 1 } -1.5e3m 7\n");
  });
});

describe("arrays of numbers", () => {
  it.each([
    ["const s = new Float64Array([1, 2]).length;", "number"],
    ["const s = Uint8Array.of(1)[0];", "number"],
    ["const s = {a: new Uint8ClampedArray(3)};", "{ a: Uint8ClampedArray; } (only its default)"],
    ["let s: Partial<{a: Int16Array}>;", "{a?: Int16Array (only its default)}"],
  ])("are told as far as a parameter may be made of them: %s", (source, wanted) => {
    const [parameter] = parseParameters(source);
    expect(formatType(parameter?.type as Parameters<typeof formatType>[0])).toBe(wanted);
  });
});

describe("the compiler", () => {
  const created = vi.fn(loadCompiler().createProgram);
  const compiler = {...loadCompiler(), createProgram: created} as unknown as typeof ts;
  beforeEach(() => void created.mockClear());

  it("is asked once for a cell, however many types it must tell", () => {
    parseParameters(cell, compiler);
    expect(created).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["enum Side { Buy = 1 << 3, Sell } const s: Side = Side.Sell;", "an enum"],
    ["interface A {a: number; b?: string[]} const s: A | null = null;", "an interface"],
    ["type T = {next: T}; const s: T[] = [];", "a type that holds itself"],
    ["import type {Config} from 'x'; const s: Config | string = '';", "an imported type"],
    ["const s: Record<string, any> = {a: [1, {b: true}]}; let t; let u = -1.5;", "plain values"],
    ["const s = 24 * 60; const t = new Map(); const u = new Date();", "what its text tells"],
  ])("is not asked for %s: %s", (source) => {
    parseParameters(source, compiler);
    expect(created).not.toHaveBeenCalled();
  });

  it("is not asked for any notebook of this package", async () => {
    const folder = join(import.meta.dirname, "../../../../../notebooks");
    const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
    const notebooks = await Promise.all(names.map((name) => readNotebook(join(folder, name))));
    const cells = notebooks.flatMap((notebook) => notebook.cells);
    const sources = cells.filter((one) => hasTag(one, "parameters")).map((one) => one.source);
    expect(sources.length).toBe(names.length);
    for (const source of sources) parseParameters(source, compiler);
    expect(created).not.toHaveBeenCalled();
  });
});
