import {execFile, execFileSync, spawnSync} from "node:child_process";
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {hostname, tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {barTableRows} from "../../src/market/replay-file/bar-table-rows.js";
import {writeReplayFile} from "../../src/market/replay-file/write-replay-file.js";
import {runFolderHash} from "../../src/runlog/folder-hash.js";
import {runLockPath} from "../../src/runlog/run-lock.js";
import {formatStamp, HOUR_MS} from "../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED} from "../oracles/shared.js";
import {c1Day, mock1Run, outcomesOf, type WholeRun} from "./whole-runs.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-determinism-"));
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

const twoHours = (run: WholeRun): WholeRun => ({...run, start: run.end - 2 * HOUR_MS});

const MODELS: [name: string, isThere: boolean, make: () => WholeRun][] = [
  ["C1, on the simulated market", true, () => twoHours(c1Day())],
  [`mock1, on the reference's market${NEEDS_SHARED}`, HAS_SHARED, mock1Run],
];

describe("the same run twice leaves the same bytes", () => {
  for (const [name, isThere, make] of MODELS) {
    it.skipIf(!isThere)(name, async () => {
      const places = ["once", "twice"].map((at) => join(dir, `${make().model}.${at}`));
      for (const at of places) {
        await outcomesOf(make(), {dir: at});
      }
      const [once, twice] = places.map(runFolderHash);
      expect(twice).toBe(once);
    });
  }

  it("a file for each bar", async () => {
    const places = ["bars.once", "bars.twice"].map((at) => join(dir, at));
    for (const at of places) {
      await outcomesOf(twoHours(c1Day()), {dir: at, files: "per-bar", runMode: "paper_trading"});
    }
    const [once, twice] = places.map(runFolderHash);
    expect(twice).toBe(once);
  });

  it("also where it takes the folder of a run that was killed", async () => {
    const [once, after] = ["alone", "after"].map((at) => join(dir, at)) as [string, string];
    await outcomesOf(twoHours(c1Day()), {dir: once});
    const {pid} = spawnSync(process.execPath, ["--version"]);
    const holder = {pid, host: hostname(), process_start: null, start: "2025-08-31T00:00:00.000Z"};
    writeFileSync(runLockPath(after), JSON.stringify(holder));
    await outcomesOf(twoHours(c1Day()), {dir: after});
    expect(runFolderHash(after)).toBe(runFolderHash(once));
    const record = JSON.parse(readFileSync(join(after, "run.json"), "utf8"));
    expect(record.volatile.taken_over_from_pid).toBe(pid);
  });

  it("and every byte counts, save those that are of the machine", async () => {
    const at = join(dir, "changed");
    await outcomesOf(twoHours(c1Day()), {dir: at});
    const hash = runFolderHash(at);
    const record = JSON.parse(readFileSync(join(at, "run.json"), "utf8")) as {volatile: object};
    const elsewhere = {...record, volatile: {...record.volatile, host: "elsewhere"}};
    writeFileSync(join(at, "run.json"), JSON.stringify(elsewhere));
    expect(runFolderHash(at)).toBe(hash);
    appendFileSync(join(at, "log.txt"), "\n");
    expect(runFolderHash(at)).not.toBe(hash);
  });
});

/** Where a machine may stand, and what it may speak. */
const PLACES = [
  {TZ: "UTC", LC_ALL: "C"},
  {TZ: "Asia/Kolkata", LC_ALL: "de_DE.UTF-8"},
  {TZ: "America/New_York", LC_ALL: "ar_EG.UTF-8"},
] as const;

describe("the command line", () => {
  const symbols = ["ALFAUSDT", "BRAVOUSDT", "CHARLIEUSDT", "DELTAUSDT"];
  const file = () => join(dir, "test_data.csv.gz");
  beforeAll(async () => {
    const setUp = join(ROOT, "src", "cli", "set-up.mjs");
    execFileSync(process.execPath, [setUp, "build"], {stdio: "pipe"});
    const {bars} = c1Day().market;
    const few = {...bars, symbols};
    await writeReplayFile(file(), barTableRows(few), {barMs: bars.barMs, names: new Map()});
  }, 120_000);

  it("leaves the same bytes in every time zone and language", async () => {
    const {start, end} = twoHours(c1Day());
    const runs = PLACES.map(async (env, i) => {
      const at = join(dir, `place.${i}`);
      const args = [
        ...["run", "--model", "C1", "--market-data-file", file(), "--exchange", "simulated"],
        ...["--start-timestamp", formatStamp(start), "--end-timestamp", formatStamp(end)],
        ...["--dst-dir", at],
      ];
      const main = join(ROOT, "dist", "src", "cli", "main.js");
      const options = {cwd: dir, env: {...process.env, ...env}};
      const {stdout} = await promisify(execFile)(process.execPath, [main, ...args], options);
      return {hash: runFolderHash(at), told: stdout.replaceAll(at, "")};
    });
    const [first, ...others] = await Promise.all(runs);
    expect(first?.told).toMatch(/24 bars/);
    for (const other of others) {
      expect(other).toEqual(first);
    }
  });
});
