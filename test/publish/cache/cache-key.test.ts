import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import * as fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {cacheKey, type KeyRequest} from "../../../publish/cache/cache-key.js";
import type {Notebook} from "../../../publish/notebook/file/nbformat.js";
import {parseNotebook} from "../../../publish/notebook/file/read-notebook.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {notebookOf} from "../notebook/code-notebook.js";

const folder = mkdtempSync(join(tmpdir(), "cache-key-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const at = (path: string) => join(folder, path);
const put = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), {recursive: true});
  writeFileSync(at(path), text);
};

const files = {
  "desk/package.json": '{"name": "desk"}',
  "desk/package-lock.json": '{"lockfileVersion": 3}',
  "desk/lib/pnl.ts":
    'import {fee} from "./fee.js";\nexport const pnl = fee + Number(process.env.FEE);\n',
  "desk/lib/fee.ts": 'import rates from "../data/rates.json";\nexport const fee = rates.taker;\n',
  "desk/data/rates.json": '{"taker": 0.0004}',
  "desk/lib/units/index.ts": "export const bps = 1e-4;\n",
  "desk/runs/day/bars.csv": "time,close\n1,100\n",
  "desk/runs/day/deep/fills.csv": "time,price\n1,100\n",
  "desk/notebooks/plan.png": "not really a picture",
  "linked/package.json": '{"name": "linked", "main": "dist/index.js"}',
  "linked/dist/index.js": "exports.one = 1;\n",
  "desk/lib/via-link.ts": 'export {two} from "second";\n',
  "second/package.json":
    '{"name": "second", "main": "dist/index.js", "dependencies": {"third": "*"}}',
  "second/dist/index.js": "exports.two = require('third').two;\n",
  "third/package.json": '{"name": "third", "main": "dist/index.js"}',
  "third/dist/index.js": "exports.two = 2;\n",
};

const cells = [
  "# Day\n\n![plan](plan.png)",
  {source: 'const model: string = "C1";', tags: ["parameters"]},
  'import {pnl} from "./lib/pnl";\nimport {bps} from "./lib/units";\n' +
    'import {one} from "linked";\n' +
    'import {two} from "./lib/via-link.ts";',
  {source: "console.log(pnl, bps, one, two, model, process.env.DESK);", tags: ["timeout=5s"]},
];

const base: KeyRequest = {
  notebookPath: at("desk/notebooks/day.ipynb"),
  cwd: at("desk"),
  parameterLayers: [
    {origin: "all.yaml", values: {runDir: "runs/day", weights: {a: 1}}},
    {origin: "environment", variables: {RECKON_PARAM_BARS: "5", OTHER: "x"}},
  ],
  parameterTexts: {model: "C3"},
  env: {__CONFIG__: "a"},
  keepGoing: false,
  skipTags: [],
};
const env = {FEE: "1", DESK: "a", RECKON_DATA_DIR: "data", HOME: "/h"};

beforeAll(() => {
  for (const [path, text] of Object.entries(files)) put(path, text);
  mkdirSync(at("desk/node_modules"));
  symlinkSync(at("linked"), at("desk/node_modules/linked"));
  symlinkSync(at("second"), at("desk/node_modules/second"));
  mkdirSync(at("second/node_modules"));
  symlinkSync(at("third"), at("second/node_modules/third"));
});

interface State {
  readonly notebook: Notebook;
  readonly request: KeyRequest;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const fresh = (): State => ({notebook: notebookOf(...cells), request: base, env});

function keyOf({notebook, request, env: variables}: State = fresh()): string {
  const found = cacheKey(notebook, request, variables);
  return "key" in found ? found.key : `none: ${found.reason}`;
}

/** The text with one character changed, added or left out. */
function changed(text: string, seed: number): string {
  const place = seed % text.length;
  const after = text.slice(place + 1);
  const letter = String.fromCharCode(97 + (seed % 26));
  const other = text[place] === letter ? letter.toUpperCase() : letter;
  const middles = [other, `${text[place]}${other}`, ""];
  return text.slice(0, place) + middles[seed % 3] + after;
}

function withCell(seed: number, change: (cell: Notebook["cells"][number]) => object): State {
  const state = fresh();
  const index = seed % state.notebook.cells.length;
  const next = state.notebook.cells.map((cell, i) =>
    i === index ? {...cell, ...change(cell)} : cell,
  );
  return {...state, notebook: {...state.notebook, cells: next as Notebook["cells"]}};
}

const withRequest = (part: Partial<KeyRequest>): State => ({
  ...fresh(),
  request: {...base, ...part},
});
const paths = Object.keys(files);

/** Each changes one thing that the result depends on. */
const mutations: Readonly<Record<string, (seed: number) => State>> = {
  "a file": (seed) => {
    const path = paths[seed % paths.length] as keyof typeof files;
    put(
      path,
      path.endsWith("package.json")
        ? `${files[path]}${" ".repeat(1 + (seed % 9))}`
        : changed(files[path], seed),
    );
    return fresh();
  },
  "the code of a cell": (seed) => withCell(seed, ({source}) => ({source: changed(source, seed)})),
  "a tag": (seed) =>
    withCell(seed, ({metadata}) => ({metadata: {tags: [...(metadata.tags ?? []), `t${seed}`]}})),
  "the order of cells": () => {
    const {notebook, ...rest} = fresh();
    return {...rest, notebook: {...notebook, cells: [...notebook.cells].reverse()}};
  },
  "a value from a file": (seed) =>
    withRequest({
      parameterLayers: [{origin: "all.yaml", values: {runDir: "runs/day", weights: {a: seed + 2}}}],
    }),
  "a value of the environment": (seed) =>
    withRequest({parameterLayers: [{origin: "e", variables: {RECKON_PARAM_BARS: `${seed}`}}]}),
  "a value on the command line": (seed) => withRequest({parameterTexts: {model: `C${seed}x`}}),
  "a flag": (seed) =>
    withRequest(
      [
        {keepGoing: true},
        {allowErrors: true},
        {skipTags: ["x"]},
        {onlyTags: ["x"]},
        {pathRoot: "/x"},
        {configJson: {a: 1}},
      ][seed % 6] ?? {},
    ),
  "what the kernel is given": (seed) => withRequest({env: {__CONFIG__: `b${seed}`}}),
  "a variable that code reads": (seed) => ({
    ...fresh(),
    env: {
      ...env,
      [seed % 3 === 0 ? "FEE" : seed % 3 === 1 ? "DESK" : "RECKON_DATA_DIR"]: `${seed}`,
    },
  }),
  "a file that comes first now": (seed) => {
    const path = ["desk/lib/units.ts", "desk/lib/pnl.js", "desk/runs/day/new.csv"][seed % 3] ?? "";
    put(path, "export const bps = 2;\n");
    return fresh();
  },
};

function restore(): void {
  for (const path of ["desk/lib/units.ts", "desk/lib/pnl.js", "desk/runs/day/new.csv"]) {
    rmSync(at(path), {force: true});
  }
  for (const [path, text] of Object.entries(files)) {
    if (readFileSync(at(path), "utf8") !== text) put(path, text);
  }
}

describe("the key of a result", () => {
  it("takes a linked package whose package.json is broken for one without dependencies", () => {
    const whole = files["second/package.json"];
    const before = keyOf();
    try {
      for (const broken of ['{"name": "second", "main', "null", '{"dependencies": "third"}']) {
        put("second/package.json", broken);
        const key = keyOf();
        expect(key).toMatch(/^[0-9a-f]{64}$/);
        expect(key).not.toBe(before);
      }
    } finally {
      put("second/package.json", whole);
    }
    expect(keyOf()).toBe(before);
  });

  it("changes with any single change of what it depends on", () => {
    const kinds = Object.entries(mutations);
    let tried = 0;
    const property = fc.property(fc.nat({max: 10_000}), (seed) => {
      const [what, mutate] = kinds[++tried % kinds.length] as (typeof kinds)[number];
      restore();
      const before = keyOf();
      expect(before).toMatch(/^[0-9a-f]{64}$/);
      expect(keyOf(), "nothing changed").toBe(before);
      expect(keyOf(mutate(seed)), `${what}, ${seed}`).not.toBe(before);
    });
    fc.assert(property, {seed: 11, numRuns: 220, endOnFailure: true});
    restore();
  });

  it("stays with what it does not depend on", () => {
    const before = keyOf();
    const now = new Date(1_700_000_000_000);
    utimesSync(at("desk/lib/pnl.ts"), now, now);
    expect(keyOf()).toBe(before);
    expect(keyOf({...fresh(), env: {...env, HOME: "/other", PWD: "/"}})).toBe(before);
    const ran = fresh();
    const executed = ran.notebook.cells.map((cell) =>
      cell.cell_type === "code" ? {...cell, execution_count: 3} : cell,
    );
    expect(keyOf({...ran, notebook: {...ran.notebook, cells: executed}})).toBe(before);
    const again = parseNotebook(formatNotebook(ran.notebook), "n");
    expect(keyOf({...ran, notebook: again})).toBe(before);
  });

  it.each([
    ["a cell tagged no-cache", {source: "1", tags: ["no-cache"]}, 'a cell is tagged "no-cache"'],
    ["a computed import", "await import(name)", "it uses a computed import"],
    ["a computed require", "require(name)", "it uses a computed require"],
    ["the environment", "console.log(process.env)", "it uses the environment as a whole"],
    ["a part of it", 'process.env["A" + n]', "it uses the environment as a whole"],
    ["its parts taken out", "const {env} = process; env.MYV", "it uses the process as a value"],
    ["a process handed on", "read(process)", "it uses the process as a value"],
    ["a process renamed", "const p = process\np.env.MYV", "it uses the process as a value"],
    ["all that is global", "const {process: p} = globalThis;", "it uses the process as a value"],
    ["names of it", 'import {env as e} from "node:process"', "it uses names of the process"],
    ["it by another name", 'import p from "process"', "it uses names of the process module"],
    ["it required", 'const p = require("process")', "it uses names of the process module"],
    ["it later", 'await import("node:process")', "it uses names of the process module"],
    ["a quoted part", 'process["env"]["MYV"]', "it uses a computed part of the process"],
    ["a global by text", 'globalThis["process"]', "it uses a computed part of the process"],
  ])("there is none with %s", (_what, cell, reason) => {
    expect(keyOf({...fresh(), notebook: notebookOf(cell)})).toContain(reason);
  });

  it.each([
    "process.env.MYV",
    "process.env['MYV']",
    'process.env[ "MYV" ]',
    "process.env\n  .MYV",
    "process?.env?.MYV",
    "globalThis.process.env.MYV",
    'import process from "node:process";\nprocess.env.MYV',
    'import * as process from "process";\nprocess.env.MYV; process.exit; process.argv[2]',
  ])("changes with a variable that is read as %s", (source) => {
    const state = {...fresh(), notebook: notebookOf(source)};
    const before = keyOf(state);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf({...state, env: {...env, MYV: "2"}})).not.toBe(before);
    expect(keyOf({...state, env: {...env, OTHER: "2"}})).toBe(before);
  });
});
