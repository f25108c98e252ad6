import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {parseOverride} from "../../src/config/override.js";
import {inferInstrument} from "../../src/market/instruments/instrument.js";
import {RunFolder, type RunPortfolio} from "../../src/runlog/reading/run-folder.js";
import {type RunRequest, runSystem} from "../../src/system/run/run-system.js";
import {HOUR_MS, MINUTE_MS} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {
  HAS_SHARED,
  NEEDS_SHARED,
  type OracleTable,
  readOracle,
  readOracleBars,
  toFrame,
} from "../oracles/shared.js";
import {describeEachStore} from "../store/on-each-store.js";
import {runSample, SAMPLE_START, sampleBars} from "./sample-run.js";
import {DATABASE, openStoreOf, RESUME, SLOW} from "./stored-sample.js";

const STREAMS = [
  "holdings_shares",
  "holdings_notional",
  "executed_trades_shares",
  "executed_trades_notional",
  "pnl",
  "statistics",
] as const;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-database-run-"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** What the order processor of a run says of itself. */
function signatureOf(dir: string): string[] {
  return JSON.parse(readFileSync(join(dir, "order_processor.json"), "utf8")) as string[];
}

function expectSamePortfolio(actual: RunPortfolio, wanted: RunPortfolio): void {
  expect(actual.wallClock).toEqual(wanted.wallClock);
  for (const stream of STREAMS) {
    expect(actual[stream].columns, stream).toEqual(wanted[stream].columns);
    expect(actual[stream].data, stream).toEqual(wanted[stream].data);
  }
}

interface Mock1Oracle {
  readonly runs: Record<
    string,
    {readonly market_data: string; readonly expected: Record<string, OracleTable>}
  >;
}

async function runMock1(dir: string, end: string, changes: Partial<RunRequest> = {}) {
  const facts = {id: "101", venue: "mock", priceDecimals: 2, volumeDecimals: 9} as const;
  const title = "mock 1m";
  await runSystem({
    model: "mock1",
    runMode: "simulation",
    start: parseUtc("2000-01-01 09:30:00-05:00"),
    end: parseUtc(end),
    dir,
    choices: {exchange: "mock", timeframe: "1m", instrumentIds: ["101"]},
    market: async () => ({
      exchange: "mock",
      timeframe: "1m",
      title,
      instruments: [inferInstrument({...facts, kind: "spot"})],
      bars: readOracleBars("10_mock1_market_df1.csv", MINUTE_MS),
    }),
    ...changes,
  });
  return await new RunFolder(dir).portfolio();
}

/** Each row the run has is as the reference's, within 1e-9. */
function expectOracle(actual: RunPortfolio, expected: Record<string, OracleTable>, rows: number) {
  for (const stream of STREAMS) {
    const wanted = toFrame(expected[stream] as OracleTable);
    for (const [j, column] of wanted.columns.entries()) {
      const cells = actual[stream].data[actual[stream].columns.indexOf(column)] as Float64Array;
      for (const [i, time] of wanted.index.entries()) {
        const t = actual.wallClock.indexOf(time);
        if (t < 0) {
          continue;
        }
        const value = (wanted.data[j] as Float64Array)[i] as number;
        const tolerance = 1e-9 * Math.max(1, Math.abs(value));
        const isSame = Object.is(cells[t], value) || Math.abs(Number(cells[t]) - value) < tolerance;
        expect(isSame, `${stream} ${column} row ${i}: ${cells[t]} for ${value}`).toBe(true);
      }
    }
  }
  expect(actual.wallClock).toHaveLength(rows);
}

describeEachStore("a run through the OMS tables", (store) => {
  describe.skipIf(!HAS_SHARED)(`of mock1, as the reference ran it${NEEDS_SHARED}`, () => {
    const {expected} = HAS_SHARED
      ? (readOracle<Mock1Oracle>("10_mock1_system_portfolio.json").runs.df1 ?? {expected: {}})
      : {expected: {}};

    it("ends with 5 fills at 10:00 when 09:55 is the last bar that trades", async () => {
      const dir = join(root, `${store().kind}.five`);
      const dict = "process_forecasts_node_dict.process_forecasts_dict";
      const overrides = [DATABASE, SLOW, `${dict}.trading_end_time="09:55:00"`].map(parseOverride);
      const openStore = openStoreOf(store());
      const end = "2000-01-01 10:00:00-05:00";
      const portfolio = await runMock1(dir, end, {overrides, openStore});
      expectOracle(portfolio, expected, 6);
      const signature = signatureOf(dir);
      expect(signature).toContain("num_filled_orders=5");
      const received = signature.filter((line) => line.includes("received"));
      expect(received).toHaveLength(5);
      expect(received.at(-1)).toMatch(
        /^2000-01-01 15:00:00\+00:00: received 1 fill \(price 100\)$/,
      );
    });

    it("has the frames of the run in memory, and of the reference", async () => {
      const dir = join(root, `${store().kind}.mock1`);
      const end = "2000-01-01 10:05:00-05:00";
      const overrides = [DATABASE, SLOW].map(parseOverride);
      const inDatabase = await runMock1(dir, end, {overrides, openStore: openStoreOf(store())});
      expectOracle(inDatabase, expected, 7);
      expectSamePortfolio(inDatabase, await runMock1(`${dir}.memory`, end));
    });
  });

  it("has the frames of the run in memory, with more names and fees", async () => {
    const dir = join(root, `${store().kind}.c1`);
    const choice = {
      bars: sampleBars(sampleBars().symbols.slice(0, 3)),
      end: SAMPLE_START + HOUR_MS / 2,
    };
    const common = ["portfolio_config.broker_config.fee_bps=2"];
    await runSample(`${dir}.memory`, {...choice, overrideTexts: common});
    await runSample(dir, {
      ...choice,
      overrideTexts: [...common, DATABASE, SLOW],
      openStore: openStoreOf(store()),
    });
    const [inDatabase, inMemory] = [new RunFolder(dir), new RunFolder(`${dir}.memory`)];
    expectSamePortfolio(await inDatabase.portfolio(), await inMemory.portfolio());
    expect((await inDatabase.fills()).length).toBeGreaterThan(3);
    expect(await inDatabase.fills()).toEqual(await inMemory.fills());
    const own = {strategy: "SAU1", account: "candidate.simulation", parentOrderId: null};
    expect((await inMemory.fills())[0]).toMatchObject(own);
    expect((await inDatabase.orders())[0]).toMatchObject(own);
  });

  it("leaves holdings and cash from which the next run goes on, exactly", async () => {
    const dir = join(root, `${store().kind}.restart`);
    const bars = sampleBars(sampleBars().symbols.slice(0, 3));
    const middle = SAMPLE_START + HOUR_MS / 3;
    const openStore = openStoreOf(store());
    const account = "cf_config.account=restarted";
    const overrideTexts = [DATABASE, account, SLOW];
    await runSample(`${dir}.1`, {bars, end: middle, overrideTexts, openStore});
    const end = middle + HOUR_MS / 6;
    const resumed = [...overrideTexts, RESUME];
    await runSample(`${dir}.2`, {bars, start: middle, end, overrideTexts: resumed, openStore});
    const before = await new RunFolder(`${dir}.1`).portfolio();
    const after = await new RunFolder(`${dir}.2`).portfolio();
    const last = before.holdings_shares.data.map((column) => column.at(-1));
    expect(last.some((shares) => shares !== 0)).toBe(true);
    expect(after.holdings_shares.data.map((column) => column[0])).toEqual(last);
    const cash = ({statistics}: RunPortfolio) =>
      statistics.data[statistics.columns.indexOf("cash")] as Float64Array;
    expect(cash(after)[0]).toBe(cash(before).at(-1));
    const paper = {bars, start: end, end: end + HOUR_MS / 12, openStore};
    await runSample(`${dir}.3`, {...paper, overrideTexts: [account, RESUME]});
    const {statistics} = await new RunFolder(`${dir}.3`).portfolio();
    expect(cash({statistics} as RunPortfolio)[0]).toBe(cash(after).at(-1));
  });

  it("fails with the order processor, at the next border of a bar", async () => {
    const dir = join(root, `${store().kind}.timeout`);
    const wait = "order_processor_config.max_wait_for_order_in_secs=60";
    const overrideTexts = [DATABASE, "cf_config.account=timeout", wait];
    const openStore = openStoreOf(store());
    await expect(runSample(dir, {overrideTexts, openStore})).rejects.toThrow(
      /the order processor: expected new orders within 60 s/,
    );
    expect(new RunFolder(dir).runRecord()).toMatchObject({exit_state: "failed", bars: 0});
    expect(signatureOf(dir)).toContain("num_accepted_orders=0");
  });

  it("ends both loops when it is interrupted", async () => {
    const dir = join(root, `${store().kind}.interrupted`);
    const overrideTexts = [DATABASE, "cf_config.account=interrupted", SLOW];
    const stop = new AbortController();
    let bars = 0;
    const onBar = (): void => {
      bars += 1;
      if (bars === 2) {
        stop.abort();
      }
    };
    const options = {onBar, signal: stop.signal};
    const run = runSample(dir, {overrideTexts, options, openStore: openStoreOf(store())});
    await expect(run).rejects.toMatchObject({code: "interrupted"});
    expect(new RunFolder(dir).runRecord()).toMatchObject({exit_state: "interrupted", bars: 2});
    expect(signatureOf(dir).at(-2)).toMatch(/: stopped: 16 orders accepted and not filled$/);
  });
});

describe("what a run through the OMS tables needs", () => {
  it("is a store", async () => {
    const dir = join(root, "no-store");
    await expect(runSample(dir, {overrideTexts: [DATABASE]})).rejects.toThrow(
      /expected an open SQL store, found none was given/,
    );
  });

  it("is a store for holdings too", async () => {
    const dir = join(root, "no-holdings");
    await expect(runSample(dir, {overrideTexts: [RESUME]})).rejects.toThrow(
      /retrieve_initial_holdings_from_db: expected an open SQL store/,
    );
  });
});
