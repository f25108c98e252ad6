import {existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {beforeEach, describe, expect, it} from "vitest";
import {STEP_FLAGS, type StepName} from "../../../src/cli/reconcile/step-flags.js";
import {reckon} from "../../cli/command-line.js";
import {END, START, StepDesk} from "./step-desk.js";

const desk = new StepDesk();
const STEPS = Object.keys(STEP_FLAGS) as StepName[];

/** What stands in the root of the reconciliations. */
function treeOf(): string[] {
  return existsSync(desk.dst) ? readdirSync(desk.dst, {recursive: true, encoding: "utf8"}) : [];
}

/** One message, exit 2, and nothing made. */
async function refused(words: RegExp, name: StepName, ...flags: string[]): Promise<void> {
  const before = treeOf();
  const {exitCode, stdout, stderr} = await desk.step(name, ...flags);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(words)]);
  expect(stdout).toMatch(/^(create folders\n)?$/); // the step that all of them begin with
  expect(stderr).toMatch(/^reckon: [^\n]+\n$/);
  expect(treeOf()).toEqual(before);
}

describe.each(STEPS)("%s refuses, and makes nothing,", (name) => {
  it("a time that is none, and an end before the start", async () => {
    await refused(/--start-timestamp: expected a UTC time/, name, "--start-timestamp", "yesterday");
    const words = /--start-timestamp: expected a time before --end-timestamp/;
    await refused(words, name, "--end-timestamp", START);
  });

  it("a mode that is none", async () => {
    await refused(/schedule mode: expected scheduled or manual, found "x"/, name, "--mode", "x");
  });
});

describe("a folder that is missing is named, with the step that makes it, by", () => {
  it.each<[name: StepName, words: RegExp]>([
    ["all", /none.*system_log_dir: expected a run folder/],
    ["copy-prod-data", /none.*system_log_dir: expected a run folder/],
    [
      "dump-market-data",
      /prod.system_log_dir: expected the copy .*`reckon reconcile copy-prod-data`/,
    ],
    ["run-sim", /prod.system_log_dir: expected the copy .*`reckon reconcile copy-prod-data` first/],
    ["run-notebook", /prod.system_log_dir: expected the copy .*`reckon reconcile copy-prod-data`/],
    ["ls", /expected the folder of a reconciliation, found none.*`reckon reconcile all` first/],
  ])("%s", async (name, words) => {
    const root = STEP_FLAGS[name].includes("prod-data-source-dir")
      ? ["--prod-data-source-dir", join(desk.dir, "none")]
      : [];
    await refused(words, name, ...root);
  });

  it("run-notebook, where the simulation is missing", async () => {
    await desk.done("copy-prod-data");
    await refused(
      /expected the simulation, found none; run `reckon reconcile run-sim`/,
      "run-notebook",
    );
  });

  it.each<[name: StepName]>([["all"], ["dump-market-data"], ["run-sim"]])(
    "%s, where no replay file is in the folder given",
    async (name) => {
      await desk.done("copy-prod-data");
      const place = ["--market-data-source-dir", join(desk.dir, "none")];
      await refused(
        /expected a file test_data\.csv\.gz, found no such folder/,
        name,
        ...place,
        ...again(name),
      );
    },
  );
});

/** What lets the step of all begin in a folder that exists. */
function again(name: StepName): string[] {
  return ["all", "create-dirs"].includes(name) ? ["--no-abort-if-exists"] : [];
}

describe("what is there already is refused by", () => {
  beforeEach(async () => {
    await desk.done("copy-prod-data");
    await desk.done("dump-market-data");
  });

  it.each<[name: StepName, words: RegExp]>([
    ["all", /expected no reconciliation of this run yet, found a folder; use --backup-dir-if-ex/],
    ["create-dirs", /expected no reconciliation of this run yet, found a folder/],
    ["copy-prod-data", /prod.system_log_dir: .*found a read-only result; --incremental keeps it/],
    ["dump-market-data", /test_data.csv.gz: .*found a read-only result; --incremental keeps it/],
  ])("%s", async (name, words) => {
    await refused(words, name);
  });
});

it("all refuses, and makes nothing, where the market is not in the store", async () => {
  const words =
    /--data-dir \S*nowhere: expected the folder of a market store, found no such folder/;
  await refused(words, "all", "--data-dir", join(desk.dir, "nowhere"));
});

describe("a place that cannot be written to is refused by", () => {
  it.each<[name: StepName, side: "prod" | "simulation" | "reconciliation_notebook"]>([
    ["all", "prod"],
    ["all", "simulation"],
    ["all", "reconciliation_notebook"],
    ["create-dirs", "simulation"],
    ["copy-prod-data", "prod"],
    ["dump-market-data", "simulation"],
    ["run-sim", "simulation"],
    ["run-notebook", "reconciliation_notebook"],
  ])("%s, where it is %s", async (name, side) => {
    await desk.done("all", "--no-prevent-overwriting");
    rmSync(desk.at(side), {recursive: true});
    // Nobody can write there, not even the superuser.
    symlinkSync("/proc/self/ns", desk.at(side));
    const words = new RegExp(`${side}: expected a folder that can be written to, found E`);
    await refused(words, name, ...again(name));
  });

  it.each(STEPS)("%s, where the root is a file", async (name) => {
    mkdirSync(dirname(desk.dst), {recursive: true});
    writeFileSync(desk.dst, "a file");
    const {exitCode, stderr} = await desk.step(name);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^reckon: [^\n]+\n$/)]);
  });
});

describe("multiday refuses, and makes nothing,", () => {
  const RUN = ["--model", "C1", "--run-mode", "paper_trading"];
  const PERIOD = ["--start-timestamp", START, "--end-timestamp", END];

  it.each<[what: string, flags: string[], words: RegExp]>([
    ["a root without runs", PERIOD, /expected reconciliations of C1 that start .*found none/],
    ["a time that is none", ["--start-timestamp=now", ...PERIOD.slice(2)], /expected a UTC time/],
    ["an empty period", ["--start-timestamp", END, "--end-timestamp", START], /or later, found/],
    ["a tag that leads elsewhere", [...PERIOD, "--tag", "../x"], /tag: expected letters/],
  ])("%s", async (_what, flags, words) => {
    const {exitCode, stderr} = await reckon(
      ...["reconcile", "multiday", ...RUN, "--dst-root-dir", desk.dst, ...flags],
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(stderr).toMatch(/^reckon: [^\n]+\n$/);
    expect(existsSync(desk.dst)).toBe(false);
  });

  it("a frequency that is none, and a place that cannot be written to", async () => {
    await desk.done("all");
    const before = treeOf();
    const multiday = (...flags: string[]) =>
      reckon("reconcile", "multiday", ...RUN, ...PERIOD, "--dst-root-dir", desk.dst, ...flags);
    expect(await multiday("--pnl-resampling-frequency", "x")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /^reckon: --pnl-resampling-frequency: expected a frequency such as 5T[^\n]+\n$/,
      ),
    });
    expect(treeOf()).toEqual(before);
    symlinkSync("/proc/self/ns", join(desk.dst, "C1", "paper_trading", "multiday"));
    expect(await multiday()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/multiday: expected a folder that can be written to, found E/),
    });
  });
});
