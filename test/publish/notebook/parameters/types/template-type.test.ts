import * as fc from "fast-check";
import ts from "typescript";
import {describe, expect, it} from "vitest";
import {fitValue} from "../../../../../publish/notebook/parameters/fit-value.js";
import {parseParameters} from "../../../../../publish/notebook/parameters/parameter-cell.js";

type ParameterType = Parameters<typeof fitValue>[0];

/** With `#` for the `$` of a template. */
const templates = [
  "#{number}m",
  "a#{string}",
  "#{string}-#{number}",
  "#{number}e#{string}",
  "#{number}-#{number}",
  "#{number}.#{number}m",
  "#{bigint}5#{string}",
  "#{string}a.#{string}.a",
  "#{string}#{number}",
  "#{number}#{number}#{string}",
  "(#{string})*#{bigint}",
].map((template) => `\`${template.replaceAll("#", "$")}\``);

const alphabet = [..."15.-ema()*"];
const samples = fc.sample(fc.string({unit: fc.constantFrom(...alphabet), maxLength: 7}), {
  seed: 11,
  numRuns: 1500,
});
/** Texts near what the templates ask for, which chance seldom meets. */
const near = [
  "5m",
  "1e5m",
  "1.5m",
  "-1-1",
  "1--1",
  "a-b-1",
  "1e1em",
  "1.5.m",
  "15.5m",
  "15a",
  "1.1",
];
const nearer = [
  "a",
  "aa.b.a",
  "a.a",
  "a..a",
  "a1",
  "11",
  "1.1a",
  "()*1",
  "(a)*-5",
  "((a)*)*1",
  "5",
];

/** Which of the texts the compiler takes for the type. */
function takenByCompiler(type: string, texts: readonly string[]): boolean[] {
  const lines = texts.map((text, i) => `export const v${i}: ${type} = ${JSON.stringify(text)};`);
  const options = {noLib: true, types: [], target: ts.ScriptTarget.ES2022};
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name, version) => ts.createSourceFile(name, lines.join("\n"), version);
  const program = ts.createProgram(["texts.ts"], options, host);
  const file = program.getSourceFile("texts.ts") as ts.SourceFile;
  const faults = program.getSemanticDiagnostics(file).map(({start = 0}) => {
    return file.getLineAndCharacterOfPosition(start).line;
  });
  return texts.map((_text, i) => !faults.includes(i));
}

describe("template literal types", () => {
  it.each(templates)("%s takes what the compiler takes", (template) => {
    const texts = [...new Set([...near, ...nearer, ...samples])];
    const [parameter] = parseParameters(`const s: ${template} = "";`);
    const taken = texts.map((text) => fitValue(parameter?.type as ParameterType, text) !== null);
    const wanted = takenByCompiler(template, texts);
    const different = texts.filter((_text, i) => taken[i] !== wanted[i]);
    expect(different).toEqual([]);
    expect(wanted).toContain(true);
    expect(wanted).toContain(false);
  });

  it("take no text for a number that a person would not write so", () => {
    const [parameter] = parseParameters("const s: `#{number}m` = '';".replace("#", "$"));
    const type = parameter?.type as ParameterType;
    for (const text of ["0x10m", " 1m", "1 m", "Infinitym", "1_000m", "0b1m"]) {
      expect([text, fitValue(type, text)]).toEqual([text, null]);
    }
  });
});
