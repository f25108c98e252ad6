import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, describe, expect, it} from "vitest";

const script = fileURLToPath(new URL("../.ci/count.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "reckon-ci-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** A report with one test file per argument. */
const report = (...files: {status: string; tests: string[]}[]) =>
  JSON.stringify({
    testResults: files.map(({status, tests}) => ({
      status,
      assertionResults: tests.map((test) => ({status: test})),
    })),
  });

const good = {status: "passed", tests: ["passed", "passed", "pending", "todo"]};
const bad = {status: "failed", tests: ["passed", "failed"]};
const unloaded = {status: "failed", tests: []};

const cases: [name: string, report: string, codes: [number, number], wanted: string][] = [
  ["all pass", report(good), [0, 0], "3 passed, 0 failed, 2 skipped"],
  ["nothing skipped", report({status: "passed", tests: ["passed"]}), [0, 0], "2 passed, 0 failed"],
  ["a test fails", report(good, bad), [0, 1], "4 passed, 1 failed, 2 skipped"],
  ["a check fails", report(good), [1, 0], "2 passed, 1 failed, 2 skipped"],
  ["a file does not load", report(good, unloaded), [0, 1], "3 passed, 1 failed, 2 skipped"],
  ["an error outside the tests", report(good), [0, 1], "3 passed, 1 failed, 2 skipped"],
  ["no report", "", [0, 1], "1 passed, 1 failed"],
  ["no report, good exit code", "", [0, 0], "1 passed, 1 failed"],
  ["no tests at all", report(), [0, 0], "1 passed, 1 failed"],
  ["all fails", report(bad), [1, 1], "1 passed, 2 failed"],
];

const countRun = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], {encoding: "utf8"});

describe("the last line of a CI run", () => {
  it.each(cases)("%s", (name, text, codes, wanted) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, text);
    const {stdout, status} = countRun(String(codes[0]), path, String(codes[1]));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(wanted);
    expect(status).toBe(wanted.includes(" 0 failed") ? 0 : 1);
  });

  it("adds up several suites", () => {
    const [first, second] = ["first.json", "second.json"].map((name) => join(folder, name));
    writeFileSync(first as string, report(good));
    writeFileSync(second as string, report(bad));
    const {stdout, status} = countRun("0", first as string, "0", second as string, "1");
    expect(stdout).toBe("4 passed, 1 failed, 2 skipped\n");
    expect(status).toBe(1);
  });
});
