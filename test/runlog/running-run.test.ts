import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {runFolderHash, VOLATILE_IN_RUN_FOLDER} from "../../src/runlog/folder-hash.js";
import {
  FILLS_DIR,
  NODE_DATA_DIR,
  NODE_PROFILE_DIR,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  TARGETS_DIR,
} from "../../src/runlog/layout.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {writeWholeFile} from "../../src/runlog/whole-file.js";
import {formatStamp} from "../../src/time/epoch.js";
import {runSample, SAMPLE_END} from "../system/sample-run.js";

const BAR_MS = 300_000;

let root: string;
let whole: string;
let copy: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-running-"));
  whole = join(root, "whole");
  copy = join(root, "copy");
  await runSample(whole, {start: SAMPLE_END - 4 * BAR_MS, files: "per-bar"});
});
afterEach(() => {
  rmSync(copy, {recursive: true, force: true});
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** The run as it was before the last bar's records of these folders were written. */
function before(...dirs: string[]): RunFolder {
  cpSync(whole, copy, {recursive: true});
  const record = JSON.parse(readFileSync(join(copy, "run.json"), "utf8"));
  writeWholeFile(join(copy, "run.json"), JSON.stringify({...record, exit_state: "running"}));
  for (const dir of dirs) {
    for (const name of readdirSync(join(copy, dir))) {
      if (name.startsWith(formatStamp(SAMPLE_END))) {
        rmSync(join(copy, dir, name));
      }
    }
  }
  return new RunFolder(copy);
}

/** How many bars each reader gives. */
async function barCounts(run: RunFolder) {
  const {statistics, holdings_shares, pnl, wallClock} = await run.portfolio();
  const {price} = await run.targets();
  const orders = new Set((await run.orders()).map(({barEnd}) => barEnd));
  const rows = [statistics, holdings_shares, pnl].map(({index}) => index.length);
  return [...rows, wallClock.length, price?.index.length, orders.size];
}

describe("a run that goes on", () => {
  const streams = PORTFOLIO_STREAMS.map((name) => join(PORTFOLIO_DIR, name));

  it("shows a bar when all of its portfolio is there", async () => {
    expect(await barCounts(before())).toEqual([4, 4, 4, 4, 4, 4]);
    for (const dir of streams) {
      rmSync(copy, {recursive: true, force: true});
      expect(await barCounts(before(dir)), dir).toEqual([3, 3, 3, 3, 3, 3]);
    }
  });

  it("shows no order before its bar, and a bar without orders that are still to come", async () => {
    const missing = before(TARGETS_DIR, ORDERS_DIR, FILLS_DIR);
    expect(await barCounts(missing)).toEqual([4, 4, 4, 4, 3, 3]);
  });

  it("answers when it has only just begun", async () => {
    const run = before();
    rmSync(join(copy, "process_forecasts"), {recursive: true});
    rmSync(join(copy, "dag"), {recursive: true});
    rmSync(join(copy, "system_config.output.json"));
    const young = new RunFolder(copy);
    expect(await barCounts(young)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(young.config()).toEqual(run.config("input"));
    expect(young.nodes()).toEqual([]);
    expect(await young.nodeOutput()).toBeUndefined();
    expect(await young.timings()).toEqual([]);
    expect(await young.fills()).toEqual([]);
  });

  it("does not see files that are still being written", async () => {
    before();
    const name = `${formatStamp(SAMPLE_END + BAR_MS)}.${formatStamp(SAMPLE_END + BAR_MS)}.csv`;
    for (const dir of [...streams, TARGETS_DIR, ORDERS_DIR]) {
      writeWholeFile(join(copy, dir, `${name}.12345.tmp`), "half a");
    }
    expect(await barCounts(new RunFolder(copy))).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it("of ours is damaged by a half file, of the reference has it still to come", async () => {
    const ours = before();
    const dir = join(copy, PORTFOLIO_DIR, "statistics");
    const last = readdirSync(dir).sort().at(-1) as string;
    truncateSync(join(dir, last), 40);
    await expect(ours.portfolio()).rejects.toThrow(/found a truncated file/);
    const config = ["system_config.output.json", "run.json"];
    for (const name of config) {
      rmSync(join(copy, name));
    }
    writeWholeFile(join(copy, "config_version.txt"), "v3");
    const reference = new RunFolder(copy);
    expect(reference.layout).toBe("reference");
    expect((await reference.portfolio()).statistics.index).toHaveLength(3);
  });
});

describe("runFolderHash", () => {
  it("leaves out what differs between equal runs, and nothing else", () => {
    cpSync(whole, copy, {recursive: true});
    const hash = runFolderHash(whole);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(VOLATILE_IN_RUN_FOLDER.runRecordKeys).toEqual(["volatile"]);
    const record = new RunFolder(copy).runRecord();
    const write = (value: unknown) => writeWholeFile(join(copy, "run.json"), JSON.stringify(value));
    write({...record, volatile: {host: "elsewhere"}});
    rmSync(join(copy, NODE_PROFILE_DIR), {recursive: true});
    expect(runFolderHash(copy)).toBe(hash);
    write({...record, bars: 5});
    expect(runFolderHash(copy)).not.toBe(hash);
    write(record);
    expect(runFolderHash(copy)).toBe(hash);
    const [node] = readdirSync(join(copy, NODE_DATA_DIR)) as [string];
    rmSync(join(copy, NODE_DATA_DIR, node));
    expect(runFolderHash(copy)).not.toBe(hash);
  });

  it("is one for two runs that were given the same", async () => {
    const again = join(root, "again");
    await runSample(again, {start: SAMPLE_END - 4 * BAR_MS, files: "per-bar"});
    expect(runFolderHash(again)).toBe(runFolderHash(whole));
  });
});
