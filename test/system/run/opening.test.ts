import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {isDeepStrictEqual} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Restriction} from "../../../src/config/system-config.js";
import {OPENING_FILE, readOpeningState} from "../../../src/runlog/opening-state.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {readPositions} from "../../../src/store/oms/oms-account.js";
import {formatStamp, HOUR_MS, toIso} from "../../../src/time/epoch.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import {describeEachStore} from "../../store/on-each-store.js";
import {runSample, SAMPLE_START} from "../sample-run.js";
import {
  BARS,
  DATABASE,
  IDENTICAL,
  layersOf,
  MIDDLE,
  openStoreOf,
  RESUME,
  SECOND,
  SLOW,
} from "../stored-sample.js";

const DEFAULT_STRATEGY = "SAU1";
const TRADE_DATE = toIso(SAMPLE_START).slice(0, 10);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-opening-"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** What an account held and how much cash it had when a run recorded its last bar. */
async function lastOf(dir: string) {
  const {holdings_shares: held, statistics} = await new RunFolder(dir).portfolio();
  const shares = held.columns.map((id, i) => [id, held.data[i]?.at(-1)] as const);
  const cash = statistics.data[statistics.columns.indexOf("cash")]?.at(-1);
  return {cash, holdings: Object.fromEntries(shares.filter(([, count]) => count !== 0))};
}

const logOf = (dir: string): string => readFileSync(join(dir, "log.txt"), "utf8");

describeEachStore("a run that goes on from the database", (store) => {
  it("is replayed from what it began with: every layer, each broker", async () => {
    const dir = join(root, `${store().kind}.resumed`);
    const openStore = openStoreOf(store());
    const overrideTexts = [DATABASE, SLOW, RESUME, `cf_config.account=${store().kind}.resumed`];
    const paper = {openStore, overrideTexts, runMode: "paper_trading"} as const;
    await runSample(`${dir}.0`, {bars: BARS, end: MIDDLE, ...paper});
    expect(logOf(`${dir}.0`)).toMatch(
      /no positions in the database: begins with initial_cash.*"trade_date":/,
    );
    expect(readOpeningState(`${dir}.0`)).toMatchObject({holdings: {}, source: "config"});
    await runSample(dir, {...SECOND, ...paper});
    const before = await lastOf(`${dir}.0`);
    expect(readOpeningState(dir)).toEqual({...before, source: "database", restrictions: []});
    expect(Object.keys(before.holdings).length).toBeGreaterThan(1);
    expect(logOf(dir)).not.toContain("no positions");
    const replay = {...SECOND, overrideTexts, openStore, openingFrom: dir};
    await runSample(`${dir}.again`, replay);
    expect(await layersOf(dir, `${dir}.again`)).toEqual(IDENTICAL);
    expect(readOpeningState(`${dir}.again`)).toEqual({
      ...before,
      source: "run folder",
      restrictions: [],
    });
    await runSample(`${dir}.memory`, {...SECOND, openingFrom: dir});
    expect(await layersOf(dir, `${dir}.memory`)).toEqual(IDENTICAL);
    await runSample(`${dir}.fills`, {
      ...replay,
      runMode: "simulation_with_replayed_fills",
      replayFillsFrom: dir,
    });
    expect(await layersOf(dir, `${dir}.fills`)).toEqual(IDENTICAL);
  });

  it("keeps in the tables what its frames say, at every bar", async () => {
    const account = `${store().kind}.tables`;
    const overrideTexts = [DATABASE, SLOW, `cf_config.account=${account}`];
    const owner = {strategy: DEFAULT_STRATEGY, account};
    const wanted: unknown[] = [];
    const reads: ReturnType<typeof readPositions>[] = [];
    const onBar = ({portfolio}: BarOutcome): void => {
      const held = BARS.symbols.map((id, i) => [id, portfolio.holdingsShares[i]] as const);
      const holdings = Object.fromEntries(held.filter(([, count]) => count !== 0));
      wanted.push({cash: portfolio.statistics.cash, holdings});
      reads.push(readPositions(store(), owner, TRADE_DATE));
    };
    const openStore = openStoreOf(store());
    const paper = {overrideTexts, openStore, runMode: "paper_trading"} as const;
    const dir = join(root, account);
    await runSample(dir, {...SECOND, ...paper, options: {onBar}});
    const found = (await Promise.all(reads)).map((positions) => ({
      cash: positions?.cash,
      holdings: Object.fromEntries(positions?.shares ?? []),
    }));
    expect(found).toHaveLength(4);
    // A server may answer on another connection when the next bar is booked; never half of a bar.
    const answered = found.map((one, i) =>
      wanted.findIndex((bar, t) => t >= i && isDeepStrictEqual(bar, one)),
    );
    expect(answered, JSON.stringify({found, wanted})).not.toContain(-1);
    expect(found.at(-1)).toEqual(await lastOf(dir));
    expect(Object.keys(found.at(-1)?.holdings ?? {}).length).toBeGreaterThan(1);
  });
});

describe("the opening state of a run", () => {
  const first = () => join(root, "first");
  const goOn = (dir: string, openingFrom: string) => runSample(dir, {...SECOND, openingFrom});
  beforeAll(async () => {
    await runSample(first(), {bars: BARS, end: MIDDLE});
  });
  /** A folder of a run, as the first one was, that began with something else. */
  async function begun(name: string, state: unknown): Promise<string> {
    const dir = join(root, name);
    await runSample(dir, {bars: BARS, end: SAMPLE_START + HOUR_MS / 12});
    writeFileSync(join(dir, OPENING_FILE), JSON.stringify(state));
    return dir;
  }

  it("is recorded: the config's cash and nothing held", () => {
    const restrictions: Restriction[] = [];
    const state = {cash: 1_000_000, holdings: {}, source: "config", restrictions};
    expect(readOpeningState(first())).toEqual(state);
  });

  it("can be that of another run", async () => {
    const [id] = BARS.symbols as [string];
    const from = await begun("other", {cash: 123.5, holdings: {[id]: 2}, source: "database"});
    const dir = join(root, "like-other");
    await goOn(dir, from);
    const {holdings_shares, statistics} = await new RunFolder(dir).portfolio();
    expect(holdings_shares.data.map((column) => column[0])).toEqual([2, 0, 0]);
    expect(statistics.data[statistics.columns.indexOf("cash")]?.[0]).toBe(123.5);
    expect(readOpeningState(dir)).toMatchObject({cash: 123.5, source: "run folder"});
  });

  it("that holds what is not in the run is refused, with nothing written", async () => {
    const state = {cash: 1, holdings: {STRANGE: -3, [BARS.symbols[0] as string]: 1}};
    const from = await begun("strange", {...state, source: "database"});
    const dir = join(root, "refused");
    await expect(goOn(dir, from)).rejects.toMatchObject({
      code: "bad-data",
      message: expect.stringMatching(/expected instruments of the run .*found -3 of STRANGE/),
    });
    expect(existsSync(dir)).toBe(false);
  });

  it("that is damaged or was not recorded is refused", async () => {
    const damaged = await begun("damaged", {cash: null, holdings: {}, source: "config"});
    const dir = join(root, "refused");
    await expect(goOn(dir, damaged)).rejects.toThrow(/opening_holdings\.json: .*found cash: /);
    rmSync(join(damaged, OPENING_FILE));
    await expect(goOn(dir, damaged)).rejects.toThrow(/recorded what it began with.*no such file/);
    await expect(goOn(dir, join(root, "nowhere"))).rejects.toThrow(/expected a run folder/);
    expect(existsSync(dir)).toBe(false);
  });
});

describe("the log of a run", () => {
  it("says what began and how it ended", async () => {
    const dir = join(root, "logged");
    const end = SAMPLE_START + HOUR_MS / 6;
    await runSample(dir, {bars: BARS, end});
    const lines = logOf(dir).trim().split("\n");
    expect(JSON.parse(lines.at(0) as string)).toEqual({
      time: expect.stringContaining("+00:00"),
      message: "run started",
      model: "C1",
      run_mode: "simulation",
      start_timestamp: formatStamp(SAMPLE_START),
      end_timestamp: formatStamp(end),
      market: "simulated market 5m",
    });
    expect(JSON.parse(lines.at(-1) as string)).toEqual({
      time: expect.stringContaining("+00:00"),
      message: "run ended",
      state: "done",
      bars: 2,
    });
  });
});
