import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {ladder, noCycles, productApart, publishApart, pureFolders} from "./tidy/imports.js";
import {
  declaredImports,
  exactVersions,
  hostlessLock,
  type PackageJson,
  usedDependencies,
} from "./tidy/package.js";
import {
  type Finding,
  type Rule,
  readCode,
  readFolder,
  readTexts,
  rootDir,
  sourceText,
} from "./tidy/project.js";
import {fewParameters, narrowLines, shortFiles, shortFunctions} from "./tidy/sizes.js";
import {bareNotebooks, knownTopLevel, notebooksUseTheDoor} from "./tidy/tree.js";
import {noAny, noDefaultExport, noOpenEnds, passedInTime, tellingNames} from "./tidy/words.js";

const code = readCode();
const product = code.filter(({path}) => /^(src|publish)\//.test(path));
const notebooks = readFolder("notebooks", /\.ipynb$/);
const readRoot = (name: string) => readFileSync(join(rootDir, name), "utf8");
const pkg = JSON.parse(readRoot("package.json")) as PackageJson;

const checks: [what: string, find: () => Finding[]][] = [
  ["src/ imports only down the ladder", () => ladder(code)],
  ["publish/ stands apart from src/", () => publishApart(code)],
  ["the product does not import itself by name, tests or benchmarks", () => productApart(code)],
  ["stats and finance are pure", () => pureFolders(code)],
  ["no import cycles", () => noCycles(code)],
  ["no file over 300 lines", () => shortFiles(code)],
  ["no function over 60 lines", () => shortFunctions(code)],
  ["at most 3 positional parameters", () => fewParameters(code)],
  ["no line over 100 columns", () => narrowLines(code)],
  ["no file or folder named after nothing", () => tellingNames([...code, ...readTexts()])],
  ["no default export", () => noDefaultExport(code)],
  ["no any outside tests", () => noAny(code)],
  ["no unfinished work without an issue number", () => noOpenEnds(readTexts())],
  ["time, timers and chance are passed in", () => passedInTime(code)],
  ["the top level is as listed", () => knownTopLevel(readdirSync(rootDir), readRoot(".gitignore"))],
  ["notebooks have no outputs", () => bareNotebooks(notebooks)],
  ['notebooks import "reckon" only', () => notebooksUseTheDoor(notebooks)],
  ["versions are exact", () => exactVersions(pkg)],
  ["the lockfile names no registry", () => hostlessLock(readRoot("package-lock.json"))],
  ["every dependency is used", () => usedDependencies(pkg, product)],
  ["every imported package is a dependency", () => declaredImports(pkg, product)],
];

describe("the project is tidy", () => {
  it.each(checks)("%s", (_what, find) => {
    expect(find().join("\n")).toBe("");
  });

  it("reads the whole project", () => {
    const folders = new Set(code.map(({path}) => path.split("/")[0]));
    expect([...folders].sort()).toEqual(["bench", "publish", "src", "test"]);
  });
});

/** A rule on files written in place: the lines it finds, as `path:line`. */
function found(rule: Rule, sources: Readonly<Record<string, string>>): string[] {
  const files = Object.entries(sources).map(([path, text]) => sourceText(path, text));
  return rule(files).map((finding) => finding.replace(/^([^:]+:\d+): .*$/s, "$1"));
}

const lines = (count: number) => "x;\n".repeat(count);
const open = `// ${"TO"}${"DO"}`;

const samples: [rule: Rule, path: string, bad: string, good: string][] = [
  [ladder, "src/time/a.ts", 'import {b} from "../table/b.js";', 'import {b} from "../errors.js";'],
  [ladder, "src/time/a.ts", 'export * from "../cli/b.js";', 'export * from "./b.js";'],
  [ladder, "src/dag/a.ts", 'type A = import("../cli/b.js").B;', 'await import("../market/b.js");'],
  [ladder, "src/cli/a.ts", 'import "../index.js";', 'import "../flows/b.js";'],
  [ladder, "src/errors.ts", 'import "./time/epoch.js";', 'import "node:fs";'],
  [publishApart, "publish/a.ts", 'import "../src/errors.js";', 'import "./errors.js";'],
  [publishApart, "src/report/a.ts", 'import "../../publish/show.js";', 'import "../table/b.js";'],
  [productApart, "src/dag/a.ts", 'import {run} from "reckon";', 'import {run} from "./run.js";'],
  [productApart, "src/dag/a.ts", 'import "../../test/x.js";', 'import "../table/x.js";'],
  [pureFolders, "src/stats/a.ts", 'import "node:fs";', 'import "node:assert/strict";'],
  [pureFolders, "src/stats/a.ts", 'import "../time/clock.js";', 'import "../time/epoch.js";'],
  [pureFolders, "src/finance/a.ts", "async () => 1;", "() => 1;"],
  [pureFolders, "src/finance/a.ts", "console.log(1);", "a.console;"],
  [noCycles, "src/dag/a.ts", 'import "./a.js";', 'import "./b.js";'],
  [shortFiles, "src/a.ts", lines(301), lines(300)],
  [shortFunctions, "src/a.ts", `a(() => {\n${lines(59)}});`, `a(() => {\n${lines(58)}});`],
  [
    shortFunctions,
    "test/a.ts",
    `it("", () => {\n${lines(59)}});`,
    `describe("", () => {\n${lines(59)}});`,
  ],
  [fewParameters, "src/a.ts", "(a, b, c, d) => 1;", "(a, b, c) => 1;"],
  [fewParameters, "src/a.ts", "class A { constructor(a, b, c, d) {} }", "f((a, b, c, d) => 1);"],
  [narrowLines, "src/a.ts", `// ${"ab ".repeat(33)}`, `// ${"ab ".repeat(32)}`],
  [
    narrowLines,
    "src/a.ts",
    `// see https://x/ ${"a".repeat(90)}`,
    `// https://x/${"a".repeat(100)}`,
  ],
  [tellingNames, "src/time/utils.ts", "", ""],
  [tellingNames, "src/lib/epoch.ts", "", ""],
  [noDefaultExport, "src/a.ts", "export default 1;", "export const a = 1;"],
  [noDefaultExport, "src/a.ts", "export default function f() {}", "export function f() {}"],
  [noDefaultExport, "src/a.ts", "export {a as default};", "export {a};"],
  [noAny, "src/a.ts", "let a: any[];", "let any: unknown[];"],
  [noOpenEnds, "src/a.ts", `${open}: later`, `${open} #12: later`],
  [noOpenEnds, "src/a.ts", `${open}`, "// todo lists"],
  [passedInTime, "src/a.ts", "Date.now();", "clock.now();"],
  [passedInTime, "src/a.ts", "new Date();", "new Date(0);"],
  [passedInTime, "src/a.ts", "Date();", "Date.UTC(2025);"],
  [passedInTime, "src/a.ts", "setTimeout(f, 1);", "a({setTimeout: 1});"],
  [passedInTime, "src/a.ts", "globalThis.setInterval(f);", "interval(f);"],
  [passedInTime, "src/a.ts", 'import "node:timers/promises";', 'import "./timers.js";'],
  [passedInTime, "src/a.ts", "Math.random();", "Math.round(1);"],
  [passedInTime, "publish/a.ts", "performance.now();", "performance.mark();"],
];

describe("each rule finds what breaks it and passes what keeps it", () => {
  it.each(
    samples.map(([rule, path, bad, good], i) => ({
      title: `${i + 1}. ${path}: ${JSON.stringify(bad.slice(0, 50))}`,
      rule,
      path,
      bad,
      good,
    })),
  )("$title", ({rule, path, bad, good}) => {
    const goodPath = bad === good ? "src/time/epoch.ts" : path;
    expect(found(rule, {[path]: bad})).toHaveLength(1);
    expect(found(rule, {[goodPath]: good})).toEqual([]);
  });

  it("exempts the owner of time, and the door from the ladder", () => {
    expect(found(passedInTime, {"src/time/system-clock.ts": "Date.now();"})).toEqual([]);
    expect(found(passedInTime, {"publish/timers.ts": "setTimeout(f, 1);"})).toEqual([]);
    const door = {"src/index.ts": 'import "./cli/a.js"; import "../publish/show.js";'};
    expect([...found(ladder, door), ...found(publishApart, door)]).toEqual([]);
  });

  it("a folder outside the ladder is found", () => {
    expect(found(ladder, {"src/things/a.ts": ""})).toEqual(["src/things/a.ts:1"]);
  });

  it("a loop over three files is told once, with its way", () => {
    const loop = {a: "b", b: "c", c: "a"};
    const files = Object.entries(loop).map(([from, to]) =>
      sourceText(`src/dag/${from}.ts`, `\nimport type {X} from "./${to}.js";`),
    );
    const path = "src/dag/a.ts -> src/dag/b.ts -> src/dag/c.ts -> src/dag/a.ts";
    expect(noCycles(files)).toEqual([expect.stringContaining(path)]);
  });

  it("names the line", () => {
    const text = `a();\n\nfunction long(a, b, c, d) {\n${lines(60)}}\nDate.now();\n`;
    expect(found(fewParameters, {"src/a.ts": text})).toEqual(["src/a.ts:3"]);
    expect(found(shortFunctions, {"src/a.ts": text})).toEqual(["src/a.ts:3"]);
    expect(found(passedInTime, {"src/a.ts": text})).toEqual(["src/a.ts:65"]);
  });

  it("the top level", () => {
    const names = ["src", "dist", "x.actual.json", "scratch", ".git"];
    expect(knownTopLevel(names, "dist/\n*.actual.*\n")).toHaveLength(1);
  });

  it("notebooks", () => {
    const cells = [
      {cell_type: "markdown", source: "# Heading"},
      {cell_type: "code", outputs: [], execution_count: null, source: ['import {a} from "reckon"']},
      {cell_type: "code", outputs: [{}], source: 'const fs = require("fs")'},
      {cell_type: "code", outputs: [], execution_count: 3, source: ""},
      {cell_type: "markdown", source: 'import x from "y"'},
    ];
    const notebook = sourceText("notebooks/a.ipynb", JSON.stringify({cells}));
    const found = bareNotebooks([notebook]).map((finding) => finding.replace(/ has.*/, ""));
    expect(found).toEqual(["notebooks/a.ipynb: cell 3", "notebooks/a.ipynb: cell 4"]);
    const imports = 'notebooks/a.ipynb: cell 3 imports "fs"; use "reckon"';
    expect(notebooksUseTheDoor([notebook])).toEqual([imports]);
  });

  it("package.json and its lockfile", () => {
    const bad = {dependencies: {arquero: "^8.0.3", "@a/b": "1.0.0"}, overrides: {x: "*"}};
    expect(exactVersions(bad)).toHaveLength(2);
    const lock = '{\n"resolved": "https://registry.example/a.tgz"\n}';
    expect(hostlessLock(lock)).toEqual([expect.stringMatching(/^package-lock.json:2/)]);
    expect(hostlessLock('"resolved": "", "link": true')).toEqual([]);
    const sources = [sourceText("src/a.ts", 'resolve("@a/b/c.js"); import "zod"; // arquero')];
    expect(usedDependencies(bad, sources)).toEqual([expect.stringContaining("arquero")]);
    expect(declaredImports(bad, sources)).toEqual([expect.stringContaining("zod")]);
  });
});
