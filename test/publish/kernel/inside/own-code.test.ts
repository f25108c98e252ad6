import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {pathToFileURL} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {packageRoot, preloadScript} from "../../../../publish/kernel/package-root.js";
import {runCells} from "../../notebook/code-notebook.js";

const {isOwnCode} = createRequire(preloadScript)("./own-code.cjs") as {
  isOwnCode: (location: string) => boolean;
};
const inKit = (path: string) => join(packageRoot, path);

it.each([
  ["cell [2]:1:9", true],
  [inKit("notebooks/own.ts:1:9"), true],
  [inKit("dist/src/index.js:1:9"), false],
  [pathToFileURL(inKit("dist/src/index.js")).href.concat(":1:9"), false],
  [inKit("node_modules/zod/index.cjs:1:9"), false],
  ["/desk/node_modules/deep/index.js:1:9", false],
  ["node:internal/timers:1:9", false],
])("%s is the user's own: %s", (location, isOwn) => {
  expect(isOwnCode(location)).toBe(isOwn);
});

/** Calls back from deeper inside than Node tells by default. */
const deep = `exports.deep = function deep(n, call) {
  return n === 0 ? call() : deep(n - 1, call);
};
`;
const kit = 'require("reckon/publish/kernel/inside/source-excerpt.cjs").excerpt(null, {line: 1});';

const cells = [
  `function ask() {\n  return ${kit}\n}\n\nask();`,
  'const {deep} = require("deep");\nconst fail = () => {\n  throw new Error("own");\n};',
  "function outer() {\n  return deep(20, fail);\n}\nouter();",
  'require("deep").deep(20, () => require("a shared").share());',
];

let desk: string;

beforeAll(() => {
  desk = realpathSync(mkdtempSync(join(tmpdir(), "desk-")));
  for (const [path, text] of Object.entries({
    "project/node_modules/deep/index.js": deep,
    "a shared/index.js": 'exports.share = () => {\n  throw new Error("shared");\n};\n',
  })) {
    mkdirSync(dirname(join(desk, path)), {recursive: true});
    writeFileSync(join(desk, path), text);
  }
  symlinkSync(packageRoot, join(desk, "project/node_modules/reckon"));
  symlinkSync(join(desk, "a shared"), join(desk, "project/node_modules/a shared"));
});

afterAll(() => rmSync(desk, {recursive: true, force: true}));

it.each([
  ["a linked package by its real path", "", ["    at exports.share (../a shared/index.js:2:9)"]],
  ["a linked package by the path of the link", "--preserve-symlinks", []],
])("frames are the user's own; %s", async (_name, options, shared) => {
  const {cells: ended} = await runCells(cells, {
    cwd: join(desk, "project"),
    env: {NODE_OPTIONS: options},
    keepGoing: true,
  });
  const framesOf = (i: number) =>
    ended[i]?.error?.traceback.filter((line) => line.startsWith("    at "));
  expect(framesOf(0)).toEqual([
    "    at ask (cell 1, line 2, column 69)",
    "    at cell 1, line 5, column 1",
  ]);
  expect(framesOf(2)).toEqual([
    "    at fail (cell 2, line 3, column 9)",
    "    at outer (cell 3, line 2, column 10)",
    "    at cell 3, line 4, column 1",
  ]);
  expect(framesOf(3)?.filter((line) => !/cell/.test(line))).toEqual(shared);
});
