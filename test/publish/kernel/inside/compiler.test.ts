import {spawnSync} from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {preloadScript} from "../../../../publish/kernel/package-root.js";

const compiler = createRequire(createRequire(import.meta.url).resolve("tslab")).resolve(
  "@tslab/typescript-for-tslab",
);
const script = `
  const {keepCompiled, quickenCompiler} = require(process.argv[1]);
  quickenCompiler({keepDocs: false});
  const ts = require(process.argv[2]);
  const text = "/** @deprecated */ export const a: number;";
  const docs = (name) => ts.createSourceFile(name, text, 99).statements[0].jsDoc?.length ?? 0;
  const js = ts.transpile("const a: number = 1;");
  console.log(JSON.stringify([js.trim(), docs("a.d.ts"), docs("a.ts")]));
  keepCompiled();`;

let cache: string;
const folder = () => join(cache, "reckon", "kernel");
const files = () => readdirSync(folder()).map((name) => join(folder(), name));

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "compiler-"));
});
afterEach(() => {
  rmSync(cache, {recursive: true, force: true});
});

/** Loads the compiler in a process of its own and expects that it works as it should. */
function load(): void {
  const args = ["-e", script, join(dirname(preloadScript), "compiler.cjs"), compiler];
  const env = {...process.env, XDG_CACHE_HOME: cache};
  const {stderr, stdout} = spawnSync(process.execPath, args, {encoding: "utf8", env});
  expect([stderr, stdout.trim()]).toEqual(["", '["var a = 1;",0,1]']);
}

it("keeps the compiler's bytecode for the user alone, and mends a damaged file", () => {
  load();
  const [file = "", ...others] = files();
  expect(others).toEqual([]);
  expect([statSync(folder()).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  const bytes = readFileSync(file);
  load();
  expect([files(), readFileSync(file).equals(bytes)]).toEqual([[file], true]);
  for (const bad of [bytes.subarray(0, 1000), Buffer.alloc(0), Buffer.from(bytes).fill(7, 9, 99)]) {
    writeFileSync(file, bad);
    load();
    expect(files()).toEqual([file]);
    expect(readFileSync(file).length).toBeGreaterThan(1e6);
  }
});

it("neither reads nor writes where others may write", () => {
  mkdirSync(folder(), {recursive: true});
  chmodSync(folder(), 0o777);
  load();
  expect(files()).toEqual([]);
});

it("knows the text of the installed converter", () => {
  const require = createRequire(import.meta.url);
  const {withOneProgram} = require(join(dirname(preloadScript), "converter-text.cjs")) as {
    withOneProgram(text: string): string;
  };
  const text = readFileSync(require.resolve("tslab/dist/converter.js"), "utf8");
  expect(withOneProgram(text)).toContain("ts.bindSourceFile(bound");
  expect(withOneProgram(`${text}\n${text}`)).toBe(`${text}\n${text}`);
});
