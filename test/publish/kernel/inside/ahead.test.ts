import {AsyncLocalStorage} from "node:async_hooks";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {preloadScript} from "../../../../publish/kernel/package-root.js";
import {turns} from "../pool/fake-kernels.js";

interface Cell {
  readonly name: string;
  readonly source: string;
}
interface Converted {
  readonly output: string;
  readonly declOutput?: string;
  readonly diagnostics: readonly unknown[];
  readonly sideOutputs?: readonly unknown[];
}
interface Converter {
  convert(previous: string, source: string): Converted;
}
interface Ahead {
  getReady(foreseen: {modules: readonly string[]; cells: readonly Cell[]}): void;
  overheard(ts: unknown): {createWatchCompilerHost(): {createProgram(): unknown}};
  translateAhead(converter: Converter, cells: AsyncLocalStorage<Cell>): void;
}

const script = join(dirname(preloadScript), "ahead.cjs");
const require = createRequire(import.meta.url);
const cells = new AsyncLocalStorage<Cell>();
const [a, b, c] = ["a", "b", "c"].map((source, i) => ({name: `cell ${i + 1}`, source})) as [
  Cell,
  Cell,
  Cell,
];

let folder: string;
let ahead: Ahead;
/** What was translated, in which cell. */
let translated: string[];
let converter: Converter;
const run = (cell: Cell, previous: string) =>
  cells.run(cell, () => converter.convert(previous, cell.source));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ahead-"));
  delete require.cache[script];
  ahead = require(script) as Ahead;
  translated = [];
  converter = {
    convert: (previous, source) => {
      translated.push(`${cells.getStore()?.name}: ${previous}${source}`);
      const isWrong = source === "wrong";
      const sideOutputs = source === "b" && translated.length === 2 ? [{sideOutputs: "b"}] : [];
      return {
        output: source.toUpperCase(),
        declOutput: previous + source,
        diagnostics: isWrong ? ["wrong"] : [],
        ...(sideOutputs.length > 0 && {sideOutputs}),
      };
    },
  };
  ahead.translateAhead(converter, cells);
});
afterEach(() => {
  rmSync(folder, {recursive: true, force: true});
});

it("translates foreseen cells once, each behind what the ones before it declare", async () => {
  ahead.getReady({modules: [], cells: [a, b, c]});
  await turns(6);
  expect(translated).toEqual(["cell 1: a", "cell 2: ab", "cell 3: abc"]);
  expect(run(a, "").output).toBe("A");
  expect(run(b, "a").output).toBe("B");
  expect(run({...c, source: "other"}, "ab").output).toBe("OTHER");
  expect(run(c, "abother").output).toBe("C");
  expect(run({...b, name: "cell 9"}, "a").output).toBe("B");
  expect(translated.slice(3)).toEqual(["cell 3: abother", "cell 3: abotherc", "cell 9: ab"]);
});

it("hands on translations of imported files with the first cell that is asked for", async () => {
  ahead.getReady({modules: [], cells: [a, b]});
  await turns(6);
  expect(run(a, "").sideOutputs).toEqual([{sideOutputs: "b"}]);
  expect(run(b, "a").sideOutputs).toBeUndefined();
});

it("ends where a cell does not compile, and as soon as a cell is asked for", async () => {
  ahead.getReady({modules: [], cells: [{name: "cell 1", source: "wrong"}, b]});
  await turns(6);
  expect(translated).toEqual(["cell 1: wrong"]);
  expect(run({name: "cell 1", source: "wrong"}, "").diagnostics).toEqual(["wrong"]);
  translated.length = 0;
  ahead.getReady({modules: [], cells: [a, b, c]});
  run(c, "");
  await turns(6);
  expect(translated).toEqual(["cell 3: c"]);
});

it("loads the packages, and goes on where one cannot be loaded", async () => {
  const loaded = join(folder, "loaded.cjs");
  writeFileSync(loaded, "globalThis.loadedAhead = true;");
  ahead.getReady({modules: ["no-such-package", loaded], cells: [a]});
  await turns(6);
  expect((globalThis as {loadedAhead?: boolean}).loadedAhead).toBe(true);
  expect(translated).toEqual(["cell 1: a"]);
});

/** A compiler that has read a file; gives what it is told of changes. */
function compilerOf(file: string): unknown[] {
  const told: unknown[] = [];
  const program = {getProgram: () => ({getSourceFiles: () => [{fileName: file}]})};
  const sys = {watchFile: () => ({close: () => {}})} as {watchFile(...args: unknown[]): unknown};
  const host = ahead
    .overheard({
      sys,
      FileWatcherEventKind: {Changed: 1},
      createWatchCompilerHost: () => ({createProgram: () => program}),
    })
    .createWatchCompilerHost();
  expect(host.createProgram()).toBe(program);
  sys.watchFile(file, (...args: unknown[]) => told.push(args));
  return told;
}

it("translates again, and tells the compiler, where a file has changed since", async () => {
  const file = join(folder, "types.d.ts");
  writeFileSync(file, "export type A = 1;");
  const told = compilerOf(file);
  ahead.getReady({modules: [], cells: [a, b]});
  await turns(6);
  writeFileSync(file, "export type A = 1 | 2;");
  run(a, "");
  run(b, "a");
  expect(told).toEqual([[file, 1]]);
  expect(translated.slice(2)).toEqual(["cell 1: a", "cell 2: ab"]);
});

it("translates what a cell imports again where the cell before has written it", async () => {
  const file = join(folder, "helper.ts");
  writeFileSync(file, "export const a = 1;");
  const told = compilerOf(file);
  ahead.getReady({modules: [], cells: [a, b, c]});
  await turns(6);
  run(a, "");
  expect(translated).toHaveLength(3);
  writeFileSync(file, "export const a = 22;");
  run(b, "a");
  run(c, "ab");
  expect(told).toEqual([[file, 1]]);
  expect(translated.slice(3)).toEqual(["cell 2: ab", "cell 3: abc"]);
});
