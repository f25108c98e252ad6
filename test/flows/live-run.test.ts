import {mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {dumpMarket} from "../../src/flows/market/dump-market.js";
import {fileMarket} from "../../src/flows/market/file-market.js";
import {sqlMarket} from "../../src/flows/market/sql-market.js";
import {runNotes} from "../../src/flows/note-run.js";
import {openSharedStore} from "../../src/flows/shared-store.js";
import {saveInstruments} from "../../src/market/instruments/instrument-book.js";
import {currencyPair} from "../../src/market/live/sql-bar-feed.js";
import {findModel} from "../../src/models/registry.js";
import {reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import type {Store} from "../../src/store/open/open-store.js";
import {listRuns} from "../../src/store/runs.js";
import {appendOhlcv, type OhlcvRow} from "../../src/store/streams/ohlcv.js";
import {runSystem} from "../../src/system/run/run-system.js";
import type {Clock} from "../../src/time/clock.js";
import {HOUR_MS, MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import type {TimedRow} from "../market/live/memory-feed.js";
import {placeEmptyStore} from "../store/pglite-template.js";
import {
  LIVE_BARS,
  LIVE_END,
  LIVE_INSTRUMENTS,
  LIVE_START,
  LIVE_SYMBOLS,
  liveRequest,
  liveRows,
} from "../system/live-sample.js";

const TABLE = "ccxt_ohlcv_futures";
const EXCHANGE = "simulated";

let dataDir: string;
let store: Store;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "reckon-live-flow-"));
  await placeEmptyStore(dataDir);
  await saveInstruments({dataDir, exchange: EXCHANGE}, {given: LIVE_INSTRUMENTS});
  store = await openSharedStore(dataDir);
}, 180_000);
afterAll(async () => {
  await store?.close();
  rmSync(dataDir, {recursive: true, force: true});
});

const pairOf = new Map(LIVE_INSTRUMENTS.map((one) => [one.id, currencyPair(one)]));

function stored({symbol, id: _id, readableFrom: _from, ...row}: TimedRow): OhlcvRow {
  return {...row, exchangeId: EXCHANGE, currencyPair: pairOf.get(symbol) as string};
}

/** Simulated time in which a collector writes each row when it can first be read. */
class CollectingClock implements Clock {
  readonly #waiting: TimedRow[];
  #now = LIVE_START - 5 * SECOND_MS;

  constructor(rows: readonly TimedRow[]) {
    this.#waiting = [...rows].sort((a, b) => a.readableFrom - b.readableFrom);
  }

  now(): number {
    return this.#now;
  }

  async sleepUntil(time: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.collect(time);
    this.#now = Math.max(this.#now, time);
  }

  /** Writes what can be read by `time`. */
  async collect(time: number): Promise<void> {
    const count = this.#waiting.filter(({readableFrom}) => readableFrom <= time).length;
    const rows = this.#waiting.splice(0, count);
    if (rows.length > 0) {
      await appendOhlcv(store, rows.map(stored), {table: TABLE, barMs: MINUTE_MS});
    }
  }
}

const interval = {start: LIVE_START, end: LIVE_END};

async function liveRun(dir: string) {
  const clock = new CollectingClock(liveRows());
  await clock.collect(clock.now());
  const choice = {dataDir, exchange: EXCHANGE, timeframe: "1m", table: TABLE, isLive: true};
  const market = await sqlMarket({...choice, symbols: LIVE_SYMBOLS}, findModel("C1"), interval);
  const request = {...liveRequest(dir), ...market, clock};
  const noting = {
    openStore: () => openSharedStore(dataDir),
    clock,
    scheduleMode: "manual",
    tag: "",
  };
  const problems: string[] = [];
  const onProblem = (text: string) => problems.push(text);
  const result = await runSystem({...request, onRecord: runNotes(request, {...noting, onProblem})});
  return {...result, problems};
}

async function replay(dir: string) {
  const path = join(dataDir, "replay", "test_data.csv.gz");
  mkdirSync(join(dataDir, "replay"), {recursive: true});
  const series = {dataDir, exchange: EXCHANGE, timeframe: "1m", table: TABLE};
  const dump = await dumpMarket({...series, ...interval, path, historyMs: 3 * HOUR_MS});
  const market = await fileMarket({path, dataDir});
  return {dump, ...(await runSystem({...liveRequest(dir), ...market, runMode: "simulation"}))};
}

describe("a live run on the SQL store", () => {
  it("is replayed exactly from what the store holds, and noted there", async () => {
    const [live, sim] = [join(dataDir, "live"), join(dataDir, "sim")];
    const {record, problems} = await liveRun(live);
    expect(record).toMatchObject({
      exit_state: "done",
      bars: LIVE_BARS,
      feed: {kind: "sql", table: TABLE, exchange: EXCHANGE},
      market_counts: {late_rows: 0, missing: 2, corrections: 1},
    });
    await replay(sim);
    const [a, b] = [new RunFolder(live), new RunFolder(sim)];
    const {layers, first} = await reconcileRuns(a, b, 0);
    expect(first).toBeUndefined();
    expect(layers.map(({status}) => status)).toEqual(layers.map(() => "identical"));
    expect((await a.portfolio()).pnl).toEqual((await b.portfolio()).pnl);
    expect((await a.orders()).length).toBeGreaterThan(LIVE_BARS);
    expect(problems).toEqual([]);
    expect(await listRuns(store)).toMatchObject([
      {model: "C1", runMode: "paper_trading", dir: live, exitState: "done", ...interval},
    ]);
  });
});

describe("noting a run", () => {
  const facts = {
    model: "C1",
    run_mode: "paper_trading",
    config_hash: "ab",
    volatile: {reckon: "0.1.0", node: "v20", git_commit: null},
  };
  const recordOf = (exit_state: string) => ({...facts, exit_state}) as never;
  const request = {...interval, dir: "/runs/away"};
  const clock = {now: () => LIVE_START, sleepUntil: async () => {}};

  it("never fails, and at the end makes up for a start that could not be noted", async () => {
    const problems: string[] = [];
    let isAway = true;
    const openStore = async () => {
      if (isAway) {
        throw new Error("connection refused");
      }
      return await openSharedStore(dataDir);
    };
    const onProblem = (text: string) => problems.push(text);
    const noting = {openStore, clock, scheduleMode: "manual", tag: "away", onProblem};
    const tell = runNotes(request, noting);
    await tell(recordOf("running"));
    expect(problems).toEqual(["the run could not be noted in the store: connection refused"]);
    isAway = false;
    await tell(recordOf("interrupted"));
    expect(await listRuns(store, {tag: "away"})).toMatchObject([
      {dir: "/runs/away", exitState: "interrupted", startedAt: LIVE_START, endedAt: LIVE_START},
    ]);
  });
});
