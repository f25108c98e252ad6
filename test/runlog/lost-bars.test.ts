import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {
  FILLS_DIR,
  ORDERS_DIR,
  PORTFOLIO_DIR,
  PORTFOLIO_STREAMS,
  TARGETS_DIR,
} from "../../src/runlog/layout.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {wholeBars} from "../../src/runlog/reading/whole-bars.js";
import {writeWholeFile} from "../../src/runlog/whole-file.js";
import {formatParquet, parseParquet} from "../../src/table/parquet.js";
import {formatStamp} from "../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../oracles/shared.js";
import {runSample, SAMPLE_END} from "../system/sample-run.js";

const BAR_MS = 300_000;
const BARS = [3, 2, 1, 0].map((back) => SAMPLE_END - back * BAR_MS);
const STREAMS = PORTFOLIO_STREAMS.map((name) => join(PORTFOLIO_DIR, name));

let root: string;
let copy: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-lost-"));
  copy = join(root, "copy");
  const start = SAMPLE_END - BARS.length * BAR_MS;
  await runSample(join(root, "per-bar"), {start, files: "per-bar"});
  await runSample(join(root, "per-stream"), {start, files: "per-stream"});
});
afterEach(() => {
  rmSync(copy, {recursive: true, force: true});
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** The per-bar run without the records of these bars in these folders. */
function without(bars: readonly number[], dirs: readonly string[]): RunFolder {
  cpSync(join(root, "per-bar"), copy, {recursive: true});
  for (const dir of dirs) {
    for (const name of readdirSync(join(copy, dir))) {
      if (bars.some((barEnd) => name.startsWith(formatStamp(barEnd)))) {
        rmSync(join(copy, dir, name));
      }
    }
  }
  return new RunFolder(copy);
}

const lostFrom = (dir: string, barEnd: number) => ({
  code: "bad-data",
  message: expect.stringContaining(
    `${join(copy, dir)}: expected a record of the bar ${formatStamp(barEnd)} UTC`,
  ),
});

describe("a bar that one stream lost, while later bars were recorded", () => {
  it.each(STREAMS)("is told by the name of the stream: %s", async (dir) => {
    const [first, second] = BARS as [number, number];
    for (const lost of [first, second]) {
      const wanted = lostFrom(dir, lost);
      await expect(without([lost], [dir]).portfolio()).rejects.toMatchObject(wanted);
      await expect(new RunFolder(copy).orders()).rejects.toMatchObject(wanted);
      rmSync(copy, {recursive: true});
    }
  });

  it("is told when a stream lost all of its bars", async () => {
    const [dir] = STREAMS as [string];
    const run = without(BARS, [dir]);
    await expect(run.portfolio()).rejects.toMatchObject(lostFrom(dir, BARS[0] as number));
  });

  it("is told when the whole portfolio lost it, and only orders and targets have it", async () => {
    const lost = BARS[1] as number;
    const run = without([lost], STREAMS);
    const wanted = lostFrom(PORTFOLIO_DIR, lost);
    await expect(run.targets()).rejects.toMatchObject(wanted);
    await expect(run.orders()).rejects.toMatchObject(wanted);
    await expect(run.fills()).rejects.toMatchObject(wanted);
  });

  it.each([TARGETS_DIR, ORDERS_DIR])("is told when it is missing in %s alone", async (dir) => {
    const lost = BARS[1] as number;
    const run = without([lost], [dir]);
    await expect(run.orders()).rejects.toMatchObject(lostFrom(dir, lost));
    await expect(run.targets()).rejects.toMatchObject(lostFrom(dir, lost));
    await expect(run.orderTimes()).rejects.toMatchObject(lostFrom(dir, lost));
  });

  it.each([...STREAMS, TARGETS_DIR, ORDERS_DIR])("is told at the end of a run: %s", async (dir) => {
    const last = BARS.at(-1) as number;
    const run = without([last], [dir]);
    await expect(run.orders()).rejects.toMatchObject(lostFrom(dir, last));
    await expect(run.orders()).rejects.toThrow(/found none, though the run has ended/);
    rmSync(copy, {recursive: true});
    await expect(without(BARS.slice(-2), [dir]).targets()).rejects.toMatchObject(
      lostFrom(dir, BARS[2] as number),
    );
  });

  it("is told in a run that wrote one file per stream", async () => {
    cpSync(join(root, "per-stream"), copy, {recursive: true});
    const name = join(PORTFOLIO_DIR, "statistics", "statistics.parquet");
    const columns = await parseParquet(readFileSync(join(copy, name)), name);
    const rest = columns.map((column) =>
      column.kind === "text"
        ? {...column, data: column.data.filter((_, t) => t !== 1)}
        : {...column, data: column.data.filter((_, t) => t !== 1)},
    );
    writeWholeFile(join(copy, name), formatParquet(rest));
    const wanted = lostFrom(join(PORTFOLIO_DIR, "statistics"), BARS[1] as number);
    await expect(new RunFolder(copy).portfolio()).rejects.toMatchObject(wanted);
  });

  it("is no loss at the newest bar while a run goes on, nor at an untraded bar", async () => {
    const going = without(BARS.slice(-1), [STREAMS[2] as string]);
    const record = {...going.runRecord(), exit_state: "running"};
    writeWholeFile(join(copy, "run.json"), JSON.stringify(record));
    expect((await new RunFolder(copy).portfolio()).pnl.index).toHaveLength(3);
    rmSync(copy, {recursive: true});
    const untraded = without(BARS.slice(1, 2), [TARGETS_DIR, ORDERS_DIR, FILLS_DIR]);
    expect((await untraded.portfolio()).pnl.index).toHaveLength(4);
    expect((await untraded.targets()).price?.index).toHaveLength(3);
  });
});

describe.skipIf(!HAS_SHARED)(`the reference's run folder${NEEDS_SHARED}`, () => {
  it("with a bar that one stream lost is refused too", async () => {
    const theirs = join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir");
    const dir = join(PORTFOLIO_DIR, "holdings_notional");
    cpSync(theirs, copy, {recursive: true});
    const [, second] = readdirSync(join(copy, dir)).sort() as [string, string];
    rmSync(join(copy, dir, second));
    await expect(new RunFolder(copy).portfolio()).rejects.toMatchObject({
      code: "bad-data",
      message: expect.stringContaining(join(copy, dir)),
    });
  });
});

describe("wholeBars", () => {
  const stream = (dir: string, ...bars: number[]) => ({
    dir,
    times: bars.map((barEnd) => ({barEnd})),
  });

  it("gives the bars that all have, and leaves out newer ones", () => {
    const bars = wholeBars("run", [stream("a", 1, 2, 3, 4), stream("b", 1, 2)]);
    expect([...bars]).toEqual([1, 2]);
    expect([...wholeBars("run", [stream("a", 1), stream("b")])]).toEqual([]);
    expect([...wholeBars("run", [stream("a"), stream("b")])]).toEqual([]);
  });

  it("names the stream that lacks a bar", () => {
    expect(() => wholeBars("run", [stream("a", 1, 3), stream("b", 1, 2, 3)])).toThrow(
      /^run\/a: expected a record of the bar 19700101_000000 UTC, as in b, found none, though/,
    );
    expect(() => wholeBars("run", [stream("a", 1, 2), stream("b")])).toThrow(/^run\/b: /);
  });
});
