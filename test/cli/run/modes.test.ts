import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {readInstruments} from "../../../src/market/instruments/instrument-book.js";
import {universesFile} from "../../../src/market/instruments/universe.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {acquireRunLock} from "../../../src/runlog/run-lock.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {reckon} from "../command-line.js";

let dir: string;
let dataDir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-modes-"));
  dataDir = join(dir, "data");
  await placeSimulatedMarket(dataDir);
}, 120_000);
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

/** A run of C1 over four bars. */
async function run(...flags: string[]) {
  const interval = ["--start_time", "20250901_200000", "--run_duration", "1200"];
  return await reckon("run", "--model", "C1", "--data-dir", dataDir, ...interval, ...flags);
}

describe("the reference's own command line", () => {
  const LINE = [
    "--dag_builder_ctor_as_str",
    "desk.models.C1_DagBuilder_tmp",
    "--run_mode",
    "paper_trading",
    "--strategy",
    "SAU1",
    "--liveness",
    "CANDIDATE",
    "--instance_type",
    "PROD",
    "--trade_date",
    "20250901",
    "--exchange",
    "simulated",
    "--stage",
    "preprod",
    "--account_type",
    "trading",
    "--secret_id",
    "3",
    "--start_time",
    "20250901_200000",
    "--run_duration",
    "1200",
    "-v",
    "INFO",
  ];

  it("runs unchanged, and its facts stand in the config", async () => {
    const at = join(dir, "reference");
    const log = join(dir, "reference.log");
    writeFileSync(log, "an older run\n");
    const flags = ["--dst_dir", at, "--log_file_name", log, "--data-dir", dataDir];
    const {exitCode, stdout} = await reckon("run", ...LINE, ...flags);
    expect(exitCode).toBe(0);
    const folder = new RunFolder(at);
    expect(folder.config()).toMatchObject({
      cf_config: {strategy: "SAU1", instance_type: "PROD", trade_date: "20250901"},
      secret_identifier_config: "simulated.preprod.trading.3",
    });
    expect(folder.runRecord()).toMatchObject({exit_state: "done", bars: 4});
    expect(readFileSync(log, "utf8").match(/ UTC {2}traded/g)).toHaveLength(4);
    const kept = readdirSync(dir).filter((name) => /^reference\.log\.\d{8}_\d{6}$/.test(name));
    expect(kept).toHaveLength(1);
    expect(stdout).toContain("set, but never used: cf_config.liveness");
  });

  it("prints the config and runs nothing", async () => {
    const at = join(dir, "printed");
    const {exitCode, stdout} = await reckon(
      "run",
      ...LINE,
      "--dst_dir",
      at,
      "--print_config",
      "--data-dir",
      dataDir,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^dag_builder_class: C1\n/);
    expect(existsSync(at)).toBe(false);
  });

  it("refuses to trade on another day than it was meant for", async () => {
    const flags = ["--dst_dir", join(dir, "other-day"), "--data-dir", dataDir];
    const yesterday = LINE.map((flag) => (flag === "20250901" ? "20250831" : flag));
    const {exitCode, stderr} = await reckon("run", ...yesterday, ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--trade-date: expected the day of the run, 20250901, found 20250831");
    expect(existsSync(join(dir, "other-day"))).toBe(false);
  });
});

describe("--root-dir", () => {
  it("composes the run folder, and keeps what the run printed beside it", async () => {
    const root = join(dir, "desk");
    const place = ["--root-dir", root, "--stage", "preprod", "--tag", "config1"];
    const {exitCode} = await run(...place, "--mode", "scheduled", "--json");
    expect(exitCode).toBe(0);
    const at = join(root, "preprod/system_reconciliation/C1.config1/simulation/scheduled");
    const interval = "20250901_200000.20250901_202000";
    expect(readdirSync(at)).toEqual([interval]);
    expect(readdirSync(join(at, interval)).sort()).toEqual(["logs", "system_log_dir"]);
    expect(readFileSync(join(at, interval, "logs/log.scheduled.txt"), "utf8")).toContain("UTC");
  });
});

describe("--universe", () => {
  it("names the instruments, and is written down with its version", async () => {
    const place = {dataDir, exchange: "simulated"};
    const ids = [...(await readInstruments(place)).keys()].slice(0, 3);
    const universes = [{name: "three", version: "v1", asset_ids: ids}];
    writeFileSync(universesFile(place), JSON.stringify(universes));
    const at = join(dir, "universe");
    const done = await run("--dst-dir", at, "--universe", "three");
    expect([done.exitCode, done.stdout]).toEqual([0, expect.not.stringContaining("never used")]);
    expect(new RunFolder(at).config()).toMatchObject({
      market_data_config: {asset_ids: ids, universe_version: "three.v1"},
    });
    const {exitCode, stderr} = await run("--dst-dir", join(dir, "none"), "--universe", "four");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("three.v1");
  });
});

describe("one folder, one run", () => {
  it("refuses a folder that another run writes to, and leaves it as it is", async () => {
    const at = join(dir, "taken");
    expect((await run("--dst-dir", at)).exitCode).toBe(0);
    const lock = acquireRunLock(at, 0);
    try {
      const {exitCode, stderr} = await run("--dst-dir", at);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(at);
      expect(readdirSync(dir).filter((name) => name.startsWith("taken"))).toEqual(["taken"]);
    } finally {
      lock.release();
    }
    const {exitCode, stdout} = await run("--dst-dir", at);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("kept the older folder as");
  });
});

describe("a replay file", () => {
  it("is dumped and replayed in place of the market store", async () => {
    const [whole, replayed] = [join(dir, "whole"), join(dir, "replayed")];
    expect((await run("--dst-dir", whole)).exitCode).toBe(0);
    const range = ["--start-timestamp", "20250901_200000", "--end-timestamp", "20250901_202000"];
    const dump = await reckon("market", "dump", ...range, "--data-dir", dataDir, "--dst-dir", dir);
    expect(dump.exitCode).toBe(0);
    const file = join(dir, "test_data.csv.gz");
    expect((await run("--dst-dir", replayed, "--market-data-file", file)).exitCode).toBe(0);
    const [a, b] = await Promise.all([whole, replayed].map((at) => new RunFolder(at).portfolio()));
    expect(b?.statistics.data).toEqual(a?.statistics.data);
  });
});

describe("replayed fills", () => {
  it("earn what the recorded run earned, whatever the broker's fee is now", async () => {
    const recorded = join(dir, "recorded");
    const fee = (bps: number) => `portfolio_config.broker_config.fee_bps=${bps}`;
    expect((await run("--dst-dir", recorded, "--set-config-value", fee(3))).exitCode).toBe(0);
    const at = join(dir, "replayed-fills");
    const mode = ["--run-mode", "simulation_with_replayed_fills", "--replay-fills", recorded];
    expect((await run("--dst-dir", at, ...mode, "--set-config-value", fee(0))).exitCode).toBe(0);
    const [a, b] = await Promise.all([recorded, at].map((one) => new RunFolder(one).portfolio()));
    expect(b?.statistics.data).toEqual(a?.statistics.data);
  });

  it("are refused where nothing would read them, and missing ones by their flag", async () => {
    const at = join(dir, "refused-fills");
    const ignored = await run("--dst-dir", at, "--replay-fills", join(dir, "recorded"));
    expect(ignored).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /--replay-fills: expected --run-mode simulation_with_replayed_fills, found simulation;/,
      ),
    });
    const missing = await run("--dst-dir", at, "--run-mode", "simulation_with_replayed_fills");
    expect(missing).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("give --replay-fills RUN_FOLDER"),
    });
    expect(existsSync(at)).toBe(false);
  });
});

describe("a flag given twice", () => {
  const cases: [flags: string[], wanted: string][] = [
    [["--run-mode", "simulation", "--run_mode=paper_trading"], "--run-mode: expected one value"],
    [["--run-duration", "600"], "--run-duration: expected one value, found it given twice: 1200"],
    [["--start-timestamp", "20250901_200000"], "20250901_200000, 20250901_200000; leave in"],
    [["-v", "INFO", "-v", "DEBUG", "-v", "INFO"], "-v: expected one value, found it given 3 times"],
  ];
  it.each(cases)("is refused in one message: %j", async (flags, wanted) => {
    const at = join(dir, "twice");
    const {exitCode, stderr} = await run("--dst-dir", at, ...flags);
    expect({exitCode, stderr}).toEqual({exitCode: 2, stderr: expect.stringContaining(wanted)});
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(at)).toBe(false);
  });

  it("may be a list", async () => {
    const fee = (bps: number) => `portfolio_config.broker_config.fee_bps=${bps}`;
    const values = [fee(1), fee(2)].flatMap((text) => ["--set_config_value", text]);
    const at = join(dir, "repeated");
    expect((await run("--dst-dir", at, ...values)).exitCode).toBe(0);
    expect(new RunFolder(at).config()).toMatchObject({
      portfolio_config: {broker_config: {fee_bps: 2}},
    });
  });
});
