import {
  cpSync,
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
import {gzipSync} from "node:zlib";
import {afterAll, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {localStorage} from "../../../publish/storage/local-storage.js";
import {openStorage} from "../../../publish/storage/open-storage.js";
import {factsOfRunDir} from "../../../src/flows/reconcile/run-dir.js";
import {unlockTree} from "../../../src/flows/reconcile/write-permission.js";
import {runFolderHash} from "../../../src/runlog/folder-hash.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {reckon} from "../../cli/command-line.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";
import {startS3Server} from "../../publish/storage/s3-server.js";
import {treeOf} from "./reconciliation-tree.js";

const INTERVAL = "20250901_200000.20250901_203000";
const [START, END] = INTERVAL.split(".") as [string, string];
const FEE = "portfolio_config.broker_config.fee_bps=0.5";
const PATH = join("C1.desk", "paper_trading", "manual", INTERVAL);

let dir: string;
let dataDir: string;
/** Recorded with a fee, below `{dir}/prod`. */
let runDir: string;
let dst: string;
let count = 0;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-run-dir-"));
  dataDir = join(dir, "data");
  await placeSimulatedMarket(dataDir);
  runDir = join(dir, "prod", PATH, "system_log_dir");
  const what = ["--model", "C1", "--run-mode", "paper_trading", "--set-config-value", FEE];
  const when = ["--start-timestamp", START, "--end-timestamp", END];
  await done("run", ...what, ...when, "--dst-dir", runDir, "--data-dir", dataDir);
}, 120_000);
beforeEach(() => {
  dst = join(dir, `dst-${++count}`);
});
afterAll(() => {
  unlockTree(dir);
  rmSync(dir, {recursive: true, force: true});
});

async function done(...args: readonly string[]): Promise<string> {
  const {exitCode, stdout, stderr} = await reckon(...args);
  expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ""});
  return stdout;
}

const all = (from: string, ...more: readonly string[]) =>
  done(
    "reconcile",
    "all",
    "--run-dir",
    from,
    "--dst-root-dir",
    dst,
    "--data-dir",
    dataDir,
    ...more,
  );

/** The words of a printed command, as a shell reads it. */
function wordsOf(command: string): string[] {
  return Array.from(
    command.matchAll(/'([^']*)'|(\S+)/g),
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
}

describe("reconcile --run-dir", () => {
  it("takes everything from path and run.json, and prints the command it stands for", async () => {
    const stdout = await all(runDir);
    const [command = ""] = stdout.split("\n");
    expect(wordsOf(command)).toEqual([
      ...["reckon", "reconcile", "all", "--model", "C1", "--run-mode", "paper_trading"],
      ...["--mode", "manual", "--tag", "desk"],
      ...["--start-timestamp", START, "--end-timestamp", END],
      ...["--prod-data-source-dir", join(dir, "prod"), "--dst-root-dir", dst],
      ...["--data-dir", dataDir, "--set-config-values", FEE],
    ]);
    expect(stdout).toMatch(/did exactly what its simulation says: 6 bars/);
    const once = treeOf(join(dst, PATH));
    unlockTree(dst);
    rmSync(dst, {recursive: true});
    await done(...wordsOf(command).slice(1));
    expect(treeOf(join(dst, PATH))).toEqual(once);
  });

  it("knows a run by its interval's folder, and in a folder of any name", async () => {
    expect(factsOfRunDir(dirname(runDir))).toEqual(factsOfRunDir(runDir));
    expect(factsOfRunDir(runDir).dstRootDir).toBe(join(dir, "prod_reconciliation"));
    const bare = join(dir, "anywhere");
    cpSync(runDir, bare, {recursive: true});
    const facts = factsOfRunDir(bare);
    expect(facts).toMatchObject({model: "C1", tag: "", overrides: [FEE], runDir: bare});
    const stdout = await all(bare);
    expect(wordsOf(stdout.split("\n")[0] as string)).toContain("--run-dir");
    expect(stdout).toContain("did exactly");
  });

  it("adds the overrides of the command line to the run's own", async () => {
    const stdout = await all(runDir, "--set-config-value", FEE.replace("0.5", "0.75"));
    expect(stdout).toContain(`--set-config-values '${FEE};${FEE.replace("0.5", "0.75")}'`);
    expect(stdout).toContain("fee_bps is 0.5 in prod and 0.75 in sim");
  });

  it.each<[string, () => string, RegExp]>([
    ["a folder without a run", () => dataDir, /--run-dir: expected a run folder, .*holds no run/],
    ["no folder", () => join(dir, "none"), /none, which does not exist/],
    ["a run under another's name", movedRun, /expected the run that its path names: C1 .*says C1/],
  ])("refuses %s", async (_what, place, message) => {
    const {exitCode, stderr} = await reckon("reconcile", "all", "--run-dir", place());
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("names the first flag that is missing without it", async () => {
    const {exitCode, stderr} = await reckon("reconcile", "all", "--model", "C1");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--run-mode: expected a value, or --run-dir/);
  });

  /** The run where one of the next half hour should be. */
  function movedRun(): string {
    const place = join(dir, "moved", PATH.replace("203000", "210000"), "system_log_dir");
    cpSync(runDir, place, {recursive: true});
    return place;
  }
});

describe("a reconciliation that is there already", () => {
  it("is the same when it is made again, whatever killed processes left", async () => {
    await all(runDir);
    const root = join(dst, PATH);
    const once = treeOf(root);
    unlockTree(root);
    for (const side of ["prod", "simulation"]) {
      mkdirSync(join(root, side, "system_log_dir.4999999.tmp", "dag"), {recursive: true});
    }
    writeFileSync(join(root, "simulation", "test_data.csv.gz.4999999.tmp"), "half");
    writeFileSync(join(root, "simulation", ".system_log_dir.4999999.tmp.lock"), "{}");
    rmSync(join(root, "prod", "system_log_dir"), {recursive: true});
    await all(runDir, "--no-abort-if-exists");
    expect(treeOf(root)).toEqual(once);
  });

  it("is finished under --incremental, and what is whole stays as it is", async () => {
    await all(runDir);
    const sim = join(dst, PATH, "simulation", "system_log_dir");
    const modified = () => statSync(join(sim, "run.json")).mtimeMs;
    const before = modified();
    await all(runDir, "--incremental");
    expect(modified()).toBe(before);
    await all(runDir, "--incremental", "--set-config-value", FEE.replace("0.5", "2"));
    expect(modified()).toBeGreaterThan(before);
    expect(readdirSync(dirname(sim)).filter((name) => name.startsWith("system_log_dir."))).toEqual([
      expect.stringMatching(/^system_log_dir\.\d{8}_\d{6}$/), // the older one was another
    ]);
  });

  it("is finished under --incremental where a kill left no locks and no log", async () => {
    const legacy = join(dir, "killed", "C1", "paper_trading", INTERVAL);
    cpSync(runDir, join(legacy, "system_log_dir.manual"), {recursive: true});
    mkdirSync(join(legacy, "logs"));
    writeFileSync(join(legacy, "logs", "log.manual.txt"), "what it printed\n");
    await all(legacy);
    const root = join(dst, "C1", "paper_trading", "manual", INTERVAL);
    const once = treeOf(root);
    unlockTree(root);
    rmSync(join(root, "prod", "log.manual.txt"));
    expect(treeOf(root)).not.toEqual(once);
    await all(legacy, "--incremental");
    expect(treeOf(root)).toEqual(once);
  });

  it("is listed, with sizes, as text and JSON", async () => {
    await all(runDir);
    const ls = ["reconcile", "ls", "--run-dir", runDir, "--dst-root-dir", dst];
    const text = await done(...ls);
    expect(text).toMatch(/ kB +files +changed \(UTC\) +path\n.*\.\/\n.*prod\/\n.*system_log_dir\//);
    const json = await done(...ls, "--json");
    const {entries} = JSON.parse(json) as {entries: {path: string; bytes: number}[]};
    const bytesOf = (path: string) => entries.find((entry) => entry.path === path)?.bytes ?? 0;
    const parts = ["prod/", "simulation/", "reconciliation.json"].map(bytesOf);
    expect(bytesOf("./")).toBe(parts.reduce((sum, bytes) => sum + bytes, 0));
  });
});

describe("the older layout", () => {
  it("is written on request, found again, and read as the recorded run", async () => {
    await all(runDir, "--layout", "legacy");
    const root = join(dst, "C1.desk", "paper_trading", INTERVAL);
    expect(readdirSync(join(root, "prod"))).toEqual(["system_log_dir.manual"]);
    expect(readdirSync(join(root, "simulation"))).toContain("system_log_dir.manual");
    const listed = await done("reconcile", "ls", "--run-dir", runDir, "--dst-root-dir", dst);
    expect(listed).toContain(join("paper_trading", INTERVAL));
    const legacy = join(dir, "legacy", "C1", "paper_trading", INTERVAL);
    cpSync(runDir, join(legacy, "system_log_dir.manual"), {recursive: true});
    mkdirSync(join(legacy, "logs"));
    writeFileSync(join(legacy, "logs", "log.manual.txt"), "what it printed\n");
    dst = join(dst, "again");
    expect(await all(legacy)).toContain("did exactly");
    const prod = join(dst, "C1", "paper_trading", "manual", INTERVAL, "prod");
    expect(readFileSync(join(prod, "log.manual.txt"), "utf8")).toBe("what it printed\n");
  });
});

describe("a recorded run in a bucket", () => {
  it("is fetched for the time of the reconciliation", async () => {
    const server = await startS3Server("desk-runs");
    try {
      const bucket = openStorage("s3://desk-runs/paper");
      const from = localStorage(join(dir, "prod"));
      for (const {key} of await from.list("")) {
        await bucket.put(key, (await from.get(key)) as Buffer);
      }
      bucket.close();
      const flags = ["--model", "C1", "--run-mode", "paper_trading", "--tag", "desk"];
      const when = ["--mode", "manual", "--start-timestamp", START, "--end-timestamp", END];
      const places = ["--prod-data-source-dir", "s3://desk-runs/paper", "--dst-root-dir", dst];
      await done("reconcile", "create-dirs", ...flags, ...when, ...places.slice(2));
      await done("reconcile", "copy-prod-data", ...flags, ...when, ...places);
      const copy = join(dst, PATH, "prod", "system_log_dir");
      expect(runFolderHash(copy)).toBe(runFolderHash(runDir));
      const none = await reckon("reconcile", "all", ...flags.slice(0, 4), ...when, ...places);
      expect(none.exitCode).toBe(2);
      expect(none.stderr).toMatch(
        /s3:\/\/desk-runs\/paper: expected a run below C1\/paper_trading/,
      );
    } finally {
      await server.close();
    }
  }, 120_000);
});

describe.skipIf(!HAS_SHARED)(`a run of the reference system${NEEDS_SHARED}`, () => {
  const system = join(SHARED_DIR, "oracles/system");
  const place = () =>
    join(dir, "theirs", "mock1", "paper_trading", "20000101_143000.20000101_150500");

  it("is reconciled with our simulation of it, from a given replay file", async () => {
    cpSync(join(system, "10_mock1_system_log_dir"), join(place(), "system_log_dir.scheduled"), {
      recursive: true,
    });
    const market = join(dir, "their-market");
    mkdirSync(market);
    const bars = readFileSync(join(system, "10_mock1_market_df1.csv"));
    writeFileSync(join(market, "test_data.csv.gz"), gzipSync(bars));
    const stdout = await all(place(), "--market-data-source-dir", market);
    expect(stdout).toContain("--model mock1 --run-mode paper_trading --mode scheduled");
    expect(stdout).toMatch(/did what its simulation says, .*7 bars/);
    const root = join(
      dst,
      "mock1",
      "paper_trading",
      "scheduled",
      "20000101_143000.20000101_150500",
    );
    const [prod, sim] = ["prod", "simulation"].map(
      (side) => new RunFolder(join(root, side, "system_log_dir")),
    ) as [RunFolder, RunFolder];
    expect(prod.layout).toBe("reference");
    const [theirs, ours] = [await prod.portfolio(), await sim.portfolio()];
    expect(ours.pnl.index).toEqual(theirs.pnl.index);
    expect(ours.pnl.data[0]?.at(-1)).toBeCloseTo(theirs.pnl.data[0]?.at(-1) as number, 6);
  });

  it("needs the bars that it saw", async () => {
    const {exitCode, stderr} = await reckon("reconcile", "all", "--run-dir", place());
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/expected the bars that this run.* saw, .*--market-data-source-dir DIR/);
    expect(existsSync(join(dir, "theirs", "prod_reconciliation"))).toBe(false);
  });
});

describe("the tolerance", () => {
  it("is one of the config, and decides nothing of what a run does", async () => {
    const wide = "reconciliation_config.tolerance=0.01";
    const stdout = await all(runDir, "--set-config-value", wide);
    expect(stdout).toContain("did exactly what its simulation says: 6 bars");
    const found = JSON.parse(readFileSync(join(dst, PATH, "reconciliation.json"), "utf8"));
    expect(found).toMatchObject({status: "identical", tolerance: {relative: 0.01, percent: 1}});
    expect(stdout).not.toContain("never used");
  });
});
