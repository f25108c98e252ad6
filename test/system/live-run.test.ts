import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {emptyBars} from "../../src/market/bars.js";
import {readFeed} from "../../src/market/live/read-feed.js";
import {reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {acquireRunLock} from "../../src/runlog/run-lock.js";
import {runSystem} from "../../src/system/run/run-system.js";
import type {Clock} from "../../src/time/clock.js";
import {HOUR_MS, MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {MemoryFeed} from "../market/live/memory-feed.js";
import {
  LIVE_BARS,
  LIVE_END,
  LIVE_INSTRUMENTS,
  LIVE_START,
  LIVE_SYMBOLS,
  liveRequest,
  liveRows,
  runLive,
} from "./live-sample.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-live-run-"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** The simulation of the sample's rows, all of them there from the start. */
async function replay(dir: string) {
  const clock = new SimulatedClock(LIVE_END + HOUR_MS);
  const feed = new MemoryFeed(liveRows(), {symbols: LIVE_SYMBOLS, barMs: MINUTE_MS, clock});
  const {bars} = await readFeed(feed, {from: LIVE_START - 3 * HOUR_MS, to: LIVE_END});
  await runSystem({
    ...liveRequest(dir),
    runMode: "simulation",
    market: async () => ({
      exchange: "simulated",
      timeframe: "1m",
      title: "simulated 1m",
      bars: {
        ...bars,
        bySymbol: new Map(LIVE_SYMBOLS.map((id) => [id, bars.bySymbol.get(id) ?? emptyBars()])),
      },
      instruments: LIVE_INSTRUMENTS,
    }),
  });
}

/** Every layer of a live run is that of the sample's simulation, to the last bit. */
async function expectExact(dir: string): Promise<void> {
  const sim = join(root, "simulation");
  if (!existsSync(sim)) {
    await replay(sim);
  }
  const {layers, first, prodBars} = await reconcileRuns(new RunFolder(dir), new RunFolder(sim), 0);
  expect(first).toBeUndefined();
  expect(layers.map(({status}) => status)).toEqual(layers.map(() => "identical"));
  expect(prodBars).toBe(LIVE_BARS);
}

const textsOf = (dir: string): string => readFileSync(join(dir, "log.txt"), "utf8");

describe("a live run", () => {
  it("is what its simulation says, with rows that are late, missing and corrected", async () => {
    const dir = join(root, "day");
    const {record} = await runLive({dir});
    expect(record).toMatchObject({
      exit_state: "done",
      bars: LIVE_BARS,
      not_traded: {},
      market_counts: {late_rows: 0, missing: 2, corrections: 1, store_failures: 0},
    });
    expect((await new RunFolder(dir).orders()).length).toBeGreaterThan(LIVE_BARS);
    await expectExact(dir);
  });

  it("goes on when the store is gone for a minute, and doubles nothing", async () => {
    const dir = join(root, "store-gone");
    // Away while the bar of 12:30 should be decided, back before its deadline.
    const from = LIVE_START + 30 * MINUTE_MS - 15 * SECOND_MS;
    const {record} = await runLive({dir, away: [[from, from + MINUTE_MS]]});
    expect(record).toMatchObject({exit_state: "done", bars: LIVE_BARS, not_traded: {}});
    expect(record.market_counts.store_failures).toBeGreaterThan(0);
    expect(textsOf(dir)).toMatch(/does not answer: connection refused/);
    expect(textsOf(dir)).toMatch(/the market store answers again after/);
    await expectExact(dir);
  });

  it("marks the bar that the store missed altogether, and trades on after it", async () => {
    const dir = join(root, "store-gone-long");
    const from = LIVE_START + 30 * MINUTE_MS - 15 * SECOND_MS;
    const {record} = await runLive({dir, away: [[from, from + 3 * MINUTE_MS]]});
    expect(record).toMatchObject({bars: LIVE_BARS, not_traded: {"no-data": 1}});
    expect(record.market_counts.late_rows).toBeGreaterThan(0);
  });

  it("waits where the machine's clock is set back", async () => {
    const dir = join(root, "set-back");
    const base = new SimulatedClock(LIVE_START - 5 * SECOND_MS);
    let backMs = 0;
    const clock: Clock = {
      now: () => base.now() - backMs,
      sleepUntil: async (time, signal) => {
        await base.sleepUntil(time + backMs, signal);
        backMs ||= time > LIVE_START + 22 * MINUTE_MS ? 7 * MINUTE_MS : 0;
      },
    };
    const {record} = await runLive({dir, clock});
    expect(record).toMatchObject({exit_state: "done", bars: LIVE_BARS});
    // Read last at 12:20:14.1, and then at 12:18.
    expect(textsOf(dir)).toMatch(/the clock was set back by 134.1 s: waiting/);
    await expectExact(dir);
  });
});

describe("the end of a live run", () => {
  it("comes at a bar border when it is asked to stop, with all before recorded", async () => {
    const dir = join(root, "stopped");
    const ending = new AbortController();
    let bars = 0;
    const onBar = (): void => {
      bars += 1;
      if (bars === 4) {
        ending.abort(new Error("SIGTERM"));
      }
    };
    const run = runLive({dir}, {options: {signal: ending.signal, onBar}});
    await expect(run).rejects.toMatchObject({code: "interrupted"});
    const folder = new RunFolder(dir);
    expect(folder.runRecord()).toMatchObject({exit_state: "interrupted", bars: 4});
    expect((await folder.portfolio()).statistics.index).toEqual(
      Float64Array.from([5, 10, 15, 20], (minutes) => LIVE_START + minutes * MINUTE_MS),
    );
    expect(new Set((await folder.orders()).map(({barEnd}) => barEnd)).size).toBe(4);
  });

  it("is told as it is written: as the run begins, and as it ends", async () => {
    const told: string[] = [];
    const onRecord = async ({exit_state, bars}: {exit_state: string; bars: number}) => {
      told.push(`${exit_state} ${bars}`);
    };
    await runLive({dir: join(root, "told")}, {onRecord, end: LIVE_START + 10 * MINUTE_MS});
    expect(told).toEqual(["running 0", "done 2"]);
  });
});

describe("the start of a live run", () => {
  const short = {end: LIVE_START + 5 * MINUTE_MS};

  it("keeps an older folder under another name", async () => {
    const dir = join(root, "again");
    await runLive({dir}, short);
    const {preserved} = await runLive({dir}, short);
    expect(preserved).toMatch(/again\.\d{8}_\d{6}/);
    expect(existsSync(join(preserved as string, "run.json"))).toBe(true);
  });

  it("is refused in a folder that another run has", async () => {
    const dir = join(root, "locked");
    const lock = acquireRunLock(dir, LIVE_START);
    await expect(runLive({dir}, short)).rejects.toMatchObject({code: "misuse"});
    lock.release();
    expect((await runLive({dir}, short)).record.exit_state).toBe("done");
  });

  it("is refused for the trade date of another day", async () => {
    const dir = join(root, "other-day");
    const changes = {...short, overrideTexts: ['cf_config.trade_date="20250831"']};
    await expect(runLive({dir}, changes)).rejects.toThrow(
      /--trade-date: expected the day of the run, 20250901, found 20250831/,
    );
    expect(existsSync(dir)).toBe(false);
    const today = {...short, overrideTexts: ['cf_config.trade_date="20250901"']};
    expect((await runLive({dir}, today)).record.exit_state).toBe("done");
  });

  it("is refused in the past", async () => {
    const dir = join(root, "past");
    const clock = new SimulatedClock(LIVE_START + 2 * MINUTE_MS);
    await expect(runLive({dir, clock})).rejects.toThrow(/--start-timestamp: expected a time/);
    expect(existsSync(dir)).toBe(false);
  });
});
