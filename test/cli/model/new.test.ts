import {execFile, execFileSync} from "node:child_process";
import {existsSync, readFileSync, realpathSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {afterEach, beforeAll, describe, expect, it, vi} from "vitest";
import {deskFolder} from "../../config/desk-folder.js";
import {reckon} from "../command-line.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DOC = join(ROOT, "docs", "how-to-add-a-model.md");

beforeAll(() => {
  const setUp = join(ROOT, "src", "cli", "set-up.mjs");
  execFileSync(process.execPath, [setUp, "build"], {stdio: "pipe"});
}, 120_000);
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A new desk with the model R1. */
async function newDesk(): Promise<string> {
  const dir = join(deskFolder({}), "desk");
  const {exitCode, stdout, stderr} = await reckon("model", "new", "R1", "--dst-dir", dir);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout.replaceAll(dir, "DESK").replaceAll(ROOT.replace(/\/$/, ""), "ROOT")).toBe(
    `wrote DESK/models/R1.js
wrote DESK/reckon.config.yaml
wrote DESK/package.json
linked DESK/node_modules/reckon to ROOT
next:
export RECKON_CONFIG_DIR=DESK
reckon model check R1
`,
  );
  vi.stubEnv("RECKON_CONFIG_DIR", dir);
  return dir;
}

describe("reckon model new", () => {
  it("makes a desk whose model is listed and passes the tests that the guide shows", async () => {
    const dir = await newDesk();
    expect(realpathSync(join(dir, "node_modules", "reckon"))).toBe(realpathSync(ROOT));
    expect((await reckon("model", "list")).stdout).toMatch(/^R1 +\.\/models\/R1\.js/m);
    const [, code = ""] = /```js\n(.*?)```/s.exec(readFileSync(DOC, "utf8")) ?? [];
    writeFileSync(join(dir, "R1.test.js"), code);
    const some = ["--test-name-pattern", "^(fit-predict|look-ahead|paper-replay):"];
    const args = ["--test", "--test-reporter=tap", ...some, join(dir, "R1.test.js")];
    const env = {...process.env, NODE_OPTIONS: ""};
    const {stdout} = await promisify(execFile)(process.execPath, args, {env});
    expect(stdout).toMatch(/^# pass 3$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it("leaves what is there as it is, and says what to add", async () => {
    const own = "models:\n  - ./models/A1.js # ours\n";
    const dir = deskFolder({
      "reckon.config.yaml": own,
      "package.json": "{}",
      "models/A1.js": "",
      "node_modules/reckon/package.json": '{"main": "in.js"}',
      "node_modules/reckon/in.js": "",
    });
    const {exitCode, stdout} = await reckon("model", "new", "R1", "--dst-dir", dir);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^wrote \S+R1\.js\nadd to \S+, below `models:`\n {2}- \.\/models\/R1\.js\n/,
    );
    expect(readFileSync(join(dir, "reckon.config.yaml"), "utf8")).toBe(own);
    expect(readFileSync(join(dir, "package.json"), "utf8")).toBe("{}");
    expect(existsSync(join(dir, "node_modules", "reckon", "dist"))).toBe(false);
  });

  const refused: [what: string, id: string, files: Record<string, string>, message: RegExp][] = [
    ["an id of ours", "C1", {}, /model C1: expected an id that no other .* C1, which is built in/],
    ["an alias of ours", "Mock1", {}, /found mock1, which is built in/],
    ["an id that is none", "1R", {}, /the model's id: expected letters, digits .* found "1R"/],
    ["a path", "../R1", {}, /the model's id: expected letters/],
    ["a model that is there", "R1", {"models/R1.js": ""}, /R1\.js: expected no file there yet/],
    ["a file in the way", "R1", {models: ""}, /models/],
    ["a desk's file that is wrong", "R1", {"reckon.config.yaml": "model: []\n"}, /mean "models"/],
    [
      "another thing named reckon",
      "R1",
      {"node_modules/reckon/README.md": ""},
      /expected a place for a link .* found something that does not lead to reckon; remove it/,
    ],
  ];
  it.each(refused)("refuses %s", async (_what, id, files, message) => {
    const dir = deskFolder(files);
    const {exitCode, stdout, stderr} = await reckon("model", "new", id, "--dst-dir", dir);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});

/** What stands in the new model, what somebody writes instead, and what they are told. */
const MISTAKES: [what: string, wanted: string, put: string, message: RegExp][] = [
  [
    "a slip of the pen",
    "return createDag([",
    "return createDag([;",
    /reckon\.config\.yaml:3 models: .*R1\.js .* in line 46: Unexpected token ';'; mend that line/,
  ],
  ["no export", "export const model", "const model", /R1\.js: .*found exports: none/],
  ["an id that is taken", 'id: "R1"', 'id: "C1"', /model C1: expected one model .*rename the one/],
  [
    "a name that reckon does not export",
    "  zscoreRows,",
    "  zscoresRows,",
    /does not provide an export named 'zscoresRows'; mend that file/,
  ],
  [
    "a misspelt key of the config",
    "history_lookback",
    "history_lookbak",
    /unknown config key "history_lookbak"; did you mean "history_lookback"\?/,
  ],
];

describe("a mistake in a new model", () => {
  it.each(MISTAKES)("%s: one clear message", async (_what, wanted, put, message) => {
    const dir = await newDesk();
    const path = join(dir, "models", "R1.js");
    const text = readFileSync(path, "utf8");
    expect(text).toContain(wanted);
    writeFileSync(path, text.replace(wanted, put));
    const {exitCode, stdout, stderr} = await reckon("model", "check", "R1", "--hours", "1");
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it("or in the desk's file: likewise, with its line", async () => {
    const dir = await newDesk();
    writeFileSync(join(dir, "reckon.config.yaml"), "model:\n  - ./models/*.js\n");
    const {exitCode, stderr} = await reckon("model", "check", "R1");
    expect(stderr).toMatch(
      /reckon\.config\.yaml:1: .*unknown key "model"; did you mean "models"\?/,
    );
    expect(exitCode).toBe(2);
  });
});
