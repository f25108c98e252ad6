import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, beforeEach, describe, expect, it} from "vitest";
import type {StepName} from "../../../src/cli/reconcile/step-flags.js";
import {unlockTree} from "../../../src/flows/reconcile/write-permission.js";
import {reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {reckon} from "../../cli/command-line.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {flagsFor} from "./flags-for.js";

const PATH = join("C1", "paper_trading", "scheduled", "20250901_200000.20250901_210000");
const INTERVAL = ["--start-timestamp", "20250901_200000", "--end-timestamp", "20250901_210000"];

let dir: string;
let dataDir: string;
let prodRoot: string;
let dstRoot: string;
let attempt = 0;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-flow-"));
  dataDir = join(dir, "data");
  prodRoot = join(dir, "prod");
  await placeSimulatedMarket(dataDir);
  const runDir = join(prodRoot, PATH, "system_log_dir");
  await reckon(
    "run",
    "--model",
    "C1",
    "--run-mode",
    "paper_trading",
    ...INTERVAL,
    "--dst-dir",
    runDir,
    "--data-dir",
    dataDir,
  );
}, 120_000);
beforeEach(() => {
  dstRoot = join(dir, `dst-${++attempt}`);
});
afterAll(() => {
  unlockTree(dir);
  rmSync(dir, {recursive: true, force: true});
});

/** A step on the sample run, over the sample market unless another `--data-dir` is given. */
function step(name: StepName, ...more: readonly string[]) {
  const flags = {
    model: "C1",
    "run-mode": "paper_trading",
    "start-timestamp": "20250901_200000",
    "end-timestamp": "20250901_210000",
    "dst-root-dir": dstRoot,
    "prod-data-source-dir": prodRoot,
    ...(more.includes("--data-dir") ? {} : {"data-dir": dataDir}),
  };
  return reckon("reconcile", name, ...flagsFor(name, flags), ...more);
}

/** True when nobody may write to a file or folder. */
function isLocked(path: string): boolean {
  return (statSync(path).mode & 0o222) === 0;
}

describe("reckon reconcile", () => {
  it("all: folders, copy, replay file, simulation, which agrees exactly", async () => {
    const {exitCode, stdout} = await step("all");
    const at = join(dstRoot, PATH);
    const lines = stdout.split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "create folders",
      "copy the recorded run",
      "write the replay file",
      "simulate",
      "compare",
      at,
    ]);
    expect(lines.slice(-2)).toEqual([
      "Paper trading did exactly what its simulation says: 12 bars, largest difference 0.",
      "",
    ]);
    expect(exitCode).toBe(0);
    expect(readdirSync(at).sort()).toEqual([
      "prod",
      "reconciliation.json",
      "reconciliation_notebook",
      "simulation",
    ]);
    const [prod, sim] = ["prod", "simulation"].map(
      (side) => new RunFolder(join(at, side, "system_log_dir")),
    );
    const {layers} = await reconcileRuns(prod as RunFolder, sim as RunFolder, 0);
    expect(layers.map(({status}) => status)).toEqual(new Array(7).fill("identical"));
    expect((sim as RunFolder).runRecord()).toMatchObject({run_mode: "simulation", bars: 12});
  });

  it("each step by itself gives the same as all of them", async () => {
    await step("create-dirs");
    for (const name of ["copy-prod-data", "dump-market-data", "run-sim"] as const) {
      expect(await step(name)).toMatchObject({exitCode: 0, stderr: ""});
    }
    expect(
      new RunFolder(join(dstRoot, PATH, "simulation", "system_log_dir")).runRecord()?.bars,
    ).toBe(12);
  });

  it("locks what it copied and dumped, unless told not to, and opens it on request", async () => {
    const prod = () => join(dstRoot, PATH, "prod", "system_log_dir");
    const dump = () => join(dstRoot, PATH, "simulation", "test_data.csv.gz");
    await step("all");
    expect([isLocked(prod()), isLocked(join(prod(), "run.json")), isLocked(dump())]).toEqual([
      true,
      true,
      true,
    ]);
    expect(isLocked(join(prodRoot, PATH, "system_log_dir"))).toBe(false);
    await step("copy-prod-data", "--no-prevent-overwriting");
    expect(isLocked(prod())).toBe(false);
    dstRoot = join(dir, "opened");
    await step("all", "--allow-update");
    expect([isLocked(prod()), isLocked(dump())]).toEqual([false, false]);
  });

  it("treats an existing folder as the flags say", async () => {
    await step("create-dirs");
    const mine = join(dstRoot, PATH, "mine.txt");
    writeFileSync(mine, "kept");
    const refused = await step("create-dirs");
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no reconciliation of this run yet.*--backup-dir-if-exists/),
    });
    expect(await step("create-dirs", "--no-abort-if-exists")).toMatchObject({exitCode: 0});
    expect(readFileSync(mine, "utf8")).toBe("kept");
    const {stdout} = await step("create-dirs", "--backup-dir-if-exists");
    expect(existsSync(mine)).toBe(false);
    const [, kept] = /kept the older folder as (.*)/.exec(stdout) as RegExpExecArray;
    expect(readFileSync(join(kept as string, "mine.txt"), "utf8")).toBe("kept");
  });

  it("the replay file holds the bars the run saw, and can come from elsewhere", async () => {
    await step("all");
    const given = join(dir, "given");
    mkdirSync(given, {recursive: true});
    const dump = join(dstRoot, PATH, "simulation", "test_data.csv.gz");
    writeFileSync(join(given, "test_data.csv.gz"), readFileSync(dump));
    dstRoot = join(dir, "from-file");
    const {exitCode} = await step(
      "all",
      "--market-data-source-dir",
      given,
      "--data-dir",
      join(dir, "no-store"),
    );
    expect(exitCode).toBe(0);
    expect(readFileSync(join(dstRoot, PATH, "simulation", "test_data.csv.gz"))).toEqual(
      readFileSync(dump),
    );
  });

  it("the simulation takes the overrides of the command line", async () => {
    await step(
      "all",
      "--set-config-values",
      "portfolio_config.broker_config.fee_bps=3;portfolio_config.initial_cash=5000000",
    );
    const sim = new RunFolder(join(dstRoot, PATH, "simulation", "system_log_dir"));
    expect(sim.config().portfolio_config).toMatchObject({
      initial_cash: 5_000_000,
      broker_config: {fee_bps: 3},
    });
  });

  it("says that the runs differ, and ends with 1 under --strict, notebook or not", async () => {
    const other = ["--set-config-values", "portfolio_config.broker_config.fee_bps=3"];
    const told = await step("all", ...other);
    expect(told).toMatchObject({exitCode: 0, stdout: expect.stringMatching(/fee_bps/)});
    const strict = await step("all", ...other, "--strict", "--backup-dir-if-exists");
    expect(strict).toMatchObject({exitCode: 1, stderr: expect.stringMatching(/the runs differ/)});
  });

  it("names the file of a damaged order", async () => {
    await step("all", "--no-prevent-overwriting");
    const orders = join(dstRoot, PATH, "prod", "system_log_dir", "process_forecasts", "orders");
    const file = join(orders, readdirSync(orders)[4] as string);
    writeFileSync(file, readFileSync(file).subarray(0, 120));
    const run = new RunFolder(join(dstRoot, PATH, "prod", "system_log_dir"));
    await expect(run.orders()).rejects.toThrow(`${file}: order line`);
  });

  it("a tag and a schedule mode are part of the path", async () => {
    const {stderr, exitCode} = await step("all", "--tag", "config1", "--mode", "manual");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(join("C1.config1", "paper_trading", "manual"));
  });
});

describe("wrong use of reconcile ends with 2 and makes nothing", () => {
  const cases: [name: string, args: string[], message: RegExp][] = [
    [
      "no such run",
      ["--end-timestamp", "20250901_220000"],
      /expected a run folder with system_config\.output\.json, found no such folder/,
    ],
    [
      "an unknown schedule mode",
      ["--mode", "sometimes"],
      /schedule mode: expected scheduled or manual, found "sometimes"/,
    ],
    ["an override that is none", ["--set-config-values", "x"], /override "x": expected/],
    ["an unknown model", ["--model", "C2"], /unknown model "C2"; known: mock1, C1/],
  ];
  it.each(cases)("%s", async (_name, args, message) => {
    const [flag] = args;
    const base = [["--model", "C1"], INTERVAL.slice(0, 2), INTERVAL.slice(2)].filter(
      ([name]) => name !== flag,
    );
    const {exitCode, stderr} = await reckon(
      "reconcile",
      "all",
      ...base.flat(),
      "--run-mode",
      "paper_trading",
      "--dst-root-dir",
      dstRoot,
      "--prod-data-source-dir",
      prodRoot,
      "--data-dir",
      dataDir,
      ...args,
    );
    expect(stderr).toMatch(message);
    expect({exitCode, isThere: existsSync(dstRoot)}).toEqual({exitCode: 2, isThere: false});
  });

  it("an unknown config key is refused before anything is made", async () => {
    const {exitCode, stderr} = await step("all", "--set-config-values", "portfolio_config.cahs=1");
    expect(stderr).toMatch(/unknown config key "cahs"/);
    expect({exitCode, isThere: existsSync(dstRoot)}).toEqual({exitCode: 2, isThere: false});
  });

  it("a replay file that was cut short is named", async () => {
    await step("create-dirs");
    await step("copy-prod-data");
    await step("dump-market-data", "--no-prevent-overwriting");
    const dump = join(dstRoot, PATH, "simulation", "test_data.csv.gz");
    chmodSync(dump, 0o644);
    writeFileSync(dump, readFileSync(dump).subarray(0, 5_000));
    const {exitCode, stderr} = await step("run-sim");
    expect({exitCode, stderr}).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/test_data\.csv\.gz: expected a readable replay file/),
    });
    expect(existsSync(join(dirname(dump), "system_log_dir"))).toBe(false);
  });
});
