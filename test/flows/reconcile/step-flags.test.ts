import {cpSync, existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {STEP_FLAGS, type StepName} from "../../../src/cli/reconcile/step-flags.js";
import {reckon} from "../../cli/command-line.js";
import {END, START, StepDesk} from "./step-desk.js";

const desk = new StepDesk();

describe("a step takes its own flags alone", () => {
  const names = [...new Set(Object.values(STEP_FLAGS).flat())];
  it.each(Object.keys(STEP_FLAGS) as StepName[])("%s", async (name) => {
    for (const flag of names.filter((one) => !STEP_FLAGS[name].includes(one))) {
      const {exitCode, stderr} = await reckon("reconcile", name, `--${flag}`);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`--${flag}: expected a flag that ${name} has a use for`);
    }
  });

  it.each<[name: StepName]>([["create-dirs"], ["run-notebook"], ["ls"], ["run-sim"]])(
    "%s needs no root of the recorded runs",
    async (name) => {
      const {stderr} = await desk.step(name);
      expect(stderr).not.toContain("--prod-data-source-dir");
    },
  );

  it("refuses what is only about a page where there is none", async () => {
    for (const flags of [["--mark-as-last-24-hour-run"], ["--notebook-run-mode", "fast"]]) {
      const {exitCode, stderr} = await desk.step("all", ...flags);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/--run-notebook beside it/)]);
    }
    expect(existsSync(desk.dst)).toBe(false);
  });

  it("refuses overrides of the slow notebook, which would change nothing", async () => {
    const flags = ["--notebook-run-mode", "slow", "--set-config-values", "trading_period=5T"];
    const {exitCode, stderr} = await desk.step("run-notebook", ...flags);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/none for the slow notebook/)]);
  });
});

describe("--stage", () => {
  it("finds the run below a root that does not name it", async () => {
    const root = ["--prod-data-source-dir", join(desk.dir, "desk")];
    const flags = ["--model", "C1", "--run-mode", "paper_trading", "--dst-root-dir", desk.dst];
    const when = ["--start-timestamp", START, "--end-timestamp", END];
    const copy = (...more: readonly string[]) =>
      reckon("reconcile", "copy-prod-data", ...flags, ...when, ...root, ...more);
    expect(await copy()).toMatchObject({exitCode: 2});
    expect(await copy("--stage", "prod")).toMatchObject({exitCode: 0});
  });

  it.each<[name: StepName, flag: string]>([
    ["all", "--stage"],
    ["copy-prod-data", "--stage"],
    ["dump-market-data", "--db-stage"],
    ["run-sim", "--stage"],
  ])("of %s must be the run's own", async (name, flag) => {
    if (name !== "all" && name !== "copy-prod-data") {
      await desk.done("copy-prod-data");
    }
    const before = existsSync(desk.dst) ? readdirSync(desk.dst, {recursive: true}) : [];
    const {exitCode, stderr} = await desk.step(name, flag, "preprod");
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/--stage: expected prod, the stage that .* found "preprod"/),
    ]);
    expect(existsSync(desk.dst) ? readdirSync(desk.dst, {recursive: true}) : []).toEqual(before);
    expect(await desk.step(name, flag, "prod")).toMatchObject({exitCode: 0});
  });
});

describe("a read-only result", () => {
  it.each<[name: StepName, result: readonly string[]]>([
    ["copy-prod-data", ["prod", "system_log_dir", "run.json"]],
    ["dump-market-data", ["simulation", "test_data.csv.gz"]],
  ])("of %s is replaced on demand alone", async (name, result) => {
    await desk.done("copy-prod-data");
    await desk.done("dump-market-data");
    const before = readFileSync(desk.at(...result));
    const {exitCode, stderr} = await desk.step(name);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/found a read-only result/)]);
    expect(readFileSync(desk.at(...result))).toEqual(before);
    await desk.done(name, "--incremental");
    await desk.done(name, "--no-prevent-overwriting");
    await desk.done(name); // it is writable now
  });
});

describe("--check-dag-output-self-consistency", () => {
  const stage = ["--stage", "prod"];

  it("is answered without the slow notebook too", async () => {
    expect(await desk.done("all", ...stage)).not.toContain("stood by what it had said");
    const flags = [...stage, "--incremental", "--strict", "--check-dag-output-self-consistency"];
    expect(await desk.done("all", ...flags)).toMatch(
      /Every node stood by what it had said: \d+ nodes/,
    );
  });

  it("fails where a node revised its past, and --no- says that it may", async () => {
    await desk.done("all", ...stage, "--no-prevent-overwriting");
    const other = join(desk.dir, "other-past");
    const file = ["--market-data-file", join(await desk.raisedReplayFile(), "test_data.csv.gz")];
    const when = ["--start-timestamp", START, "--end-timestamp", END, "--files", "per-bar"];
    await reckon("run", "--model", "C1", ...when, ...file, "--dst-dir", other);
    const data = ["dag", "node_io", "node_io.data"];
    const name = readdirSync(join(other, ...data)).find((one) => one.includes("read_data")) ?? "";
    cpSync(join(other, ...data, name), desk.at("prod", "system_log_dir", ...data, name));
    const check = "check-dag-output-self-consistency";
    const both = await desk.step("all", ...stage, "--incremental", "--strict", `--${check}`);
    expect(both.stdout).toContain("read_data revised its past");
    expect([both.exitCode, both.stderr]).toEqual([
      1,
      "reckon: the runs differ; a node revised its past, and --strict was asked for\n",
    ]);
    const slow = ["--notebook-run-mode", "slow", "--strict"];
    const one = await desk.step("run-notebook", ...slow, `--no-${check}`);
    expect(one.stdout).toContain("read_data revised its past");
    expect(one.stderr).toBe("reckon: the runs differ, and --strict was asked for\n");
  }, 60_000);
});
