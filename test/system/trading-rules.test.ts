import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {researchPortfolio} from "../../src/backtest/research-portfolio.js";
import {parseOverride} from "../../src/config/override.js";
import {createDag} from "../../src/dag/dag.js";
import {defineNode} from "../../src/dag/node.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {c1} from "../../src/models/c1.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {RunLog} from "../../src/runlog/writing/run-log.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {buildSystem} from "../../src/system/system.js";
import {columnOf, type Frame, rowOf} from "../../src/table/frame.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import {sampleOutcomes, sumOf} from "./sample-outcomes.js";
import {
  mapBars,
  type runSample,
  SAMPLE_END,
  SAMPLE_START,
  sampleBars,
  withHole,
} from "./sample-run.js";

const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";
const BAR = 5 * MINUTE_MS;
const NAME = "DELTAUSDT";

let dir: string;
let count = 0;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-rules-"));
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

const outcomes = (changes: Parameters<typeof runSample>[1] = {}) =>
  sampleOutcomes(join(dir, String(++count)), changes);

/** Every cell of a frame. */
const cellsOf = ({data}: Frame): number[] => data.flatMap((column) => Array.from(column));

describe("a bar without forecasts", () => {
  it("is marked, not traded: at the start of the data no look-back is full", async () => {
    const known = SAMPLE_START - 60 * MINUTE_MS;
    const short = mapBars(sampleBars(), (cells, _name, own) =>
      cells.map((x, row) => ((own.barEnd[row] as number) > known ? x : Number.NaN)),
    );
    const {bars, run} = await outcomes({bars: short});
    expect(bars.map(({kind}) => kind)).toEqual(new Array(24).fill("no-forecast"));
    expect(bars.flatMap(({orders}) => orders)).toEqual([]);
    expect(run.runRecord()?.not_traded).toEqual({"no-forecast": 24});
  });

  it("a stale name is left as it is, and the others share the whole GMV", async () => {
    const from = SAMPLE_START + 6 * BAR;
    const hole = (end: number) => end > from && end <= from + 8 * BAR;
    const {bars, at} = await outcomes({bars: withHole(sampleBars(), NAME, hole)});
    const j = sampleBars().symbols.indexOf(NAME);
    const reasonAt = (k: number) => bars[k]?.untraded?.map(({reason}) => reason).join();
    expect([5, 8, 9, 13, 14].map(reasonAt)).toEqual(["", "", "stale", "stale", ""]);
    for (const k of [9, 10, 11, 12, 13]) {
      const {targets, portfolio, orders} = bars[k] as BarOutcome;
      const wanted = targets?.target_holdings_notional as Float64Array;
      expect(targets?.target_holdings_shares[j]).toBe(portfolio.holdingsShares[j]);
      expect(orders.map(({instrumentId}) => instrumentId)).not.toContain(NAME);
      expect(sumOf(wanted) - Math.abs(wanted[j] as number)).toBeCloseTo(1_000_000, -3);
    }
    const log = readFileSync(join(at, "log.txt"), "utf8");
    expect(log.match(/data is stale: its holding is kept/g)).toHaveLength(1);
    expect(log).toMatch(
      new RegExp(`data is fresh again","bar":"2025-09-01T23:15:00.000Z","instrument":"${NAME}"`),
    );
    expect(log).toMatch(new RegExp(`order expired unfilled.*"instrument":"${NAME}"`));
    expect(log).toMatch(/"15 orders of the last bar end after the run: not filled","orders":15}/);
    const held = bars.slice(7, 14).map(({portfolio}) => portfolio.holdingsShares[j]);
    expect(new Set(held).size).toBe(1); // nothing fills where there is no price
  });

  it("a name that never has data is left out of everything", async () => {
    const {bars} = await outcomes({bars: withHole(sampleBars(), NAME, () => true)});
    const j = sampleBars().symbols.indexOf(NAME);
    expect(bars.every(({targets}) => targets?.target_trades_shares[j] === 0)).toBe(true);
    expect(sumOf(bars[5]?.targets?.target_holdings_notional)).toBeCloseTo(1_000_000, -3);
    expect(bars.every(({portfolio}) => Number.isFinite(portfolio.statistics.net_wealth))).toBe(
      true,
    );
  });
});

describe("instruments rule sizing", () => {
  it("nothing is traded below the minimum notional", async () => {
    const {bars} = await outcomes({instrument: () => ({minNotional: 1e6})});
    expect(bars.flatMap(({orders}) => orders)).toEqual([]);
  });

  it("a multiplier of 10 holds a tenth of the contracts, in research too", async () => {
    const [one, ten] = [
      await outcomes(),
      await outcomes({instrument: () => ({multiplier: 10, lotSize: 1e-7})}),
    ];
    const [a, b] = [await one.run.portfolio(), await ten.run.portfolio()];
    cellsOf(a.holdings_shares).forEach((shares, i) => {
      expect(cellsOf(b.holdings_shares)[i]).toBeCloseTo(shares / 10, 5);
    });
    const research = await researchPortfolio(ten.run);
    const [pnl, ideal] = [b.statistics, research?.statistics as Frame].map((frame) =>
      columnOf(frame, "pnl").slice(-20),
    ) as [Float64Array, Float64Array];
    expect(sumOf(pnl)).toBeGreaterThan(100);
    pnl.forEach((value, t) => {
      expect(value).toBeCloseTo(ideal[t] as number, 6);
    });
  });

  it.each([0.25, 5])("holdings are whole lots of %f", async (lotSize) => {
    const {run} = await outcomes({instrument: () => ({lotSize})});
    const shares = cellsOf((await run.portfolio()).holdings_shares);
    expect(shares.some((held) => held !== 0)).toBe(true);
    expect(shares.every((held) => Number.isInteger(held / lotSize))).toBe(true);
  });
});

describe("hours and lateness", () => {
  // The sample runs from 22:00 to 24:00 UTC; the last bar's time of day is 00:00.
  const hours = (changes: Record<string, string | boolean>) =>
    Object.entries({
      ath_start_time: "00:00:00",
      trading_start_time: "22:20:00",
      trading_end_time: "23:02:00",
      ath_end_time: "23:59:59",
      ...changes,
    }).map(([key, value]) => `${FORECASTS}.${key}=${JSON.stringify(value)}`);

  it("trades from start to end, bounds included, and keeps what it has after", async () => {
    const {bars} = await outcomes({overrideTexts: hours({})});
    const traded = bars.filter(({kind}) => kind === "traded").map(({barEnd}) => barEnd);
    expect(traded[0]).toBe(SAMPLE_START + 20 * MINUTE_MS);
    expect(traded.at(-1)).toBe(SAMPLE_START + 60 * MINUTE_MS);
    expect(bars.at(-1)?.portfolio.statistics.gmv).toBeGreaterThan(900_000);
  });

  it("liquidates from the trading end on, off the grid too, until it is flat", async () => {
    const {bars} = await outcomes({overrideTexts: hours({liquidate_at_trading_end_time: true})});
    const gmv = bars.map(({portfolio}) => portfolio.statistics.gmv);
    expect(gmv[11]).toBeGreaterThan(900_000); // 23:00
    expect(gmv[12]).toBeGreaterThan(900_000); // 23:05: liquidation is ordered
    expect(gmv.slice(13).every((value) => value === 0)).toBe(true);
  });

  it("does not trade on data that came after its orders would have ended", async () => {
    const lateBy = 6 * MINUTE_MS;
    const bars = sampleBars();
    const late = {
      ...bars,
      bySymbol: new Map(
        Array.from(bars.bySymbol, ([symbol, own]) => [
          symbol,
          {...own, knowledgeTime: own.barEnd.map((end) => end + lateBy)},
        ]),
      ),
    };
    const overrideTexts = ["market_data_config.time_out_in_secs=600"];
    const {bars: seen} = await outcomes({bars: late, overrideTexts});
    expect(new Set(seen.map(({kind}) => kind))).toEqual(new Set(["too-late"]));
  });

  it("marks a bar whose data does not come by the deadline, and goes on", async () => {
    const gone = SAMPLE_START + 10 * BAR;
    const holed = sampleBars().symbols.reduce(
      (bars, symbol) => withHole(bars, symbol, (end) => end === gone),
      sampleBars(),
    );
    const {bars} = await outcomes({bars: holed});
    expect(bars.map(({kind}) => kind).indexOf("no-data")).toBe(9);
    expect(bars.filter(({kind}) => kind === "traded")).toHaveLength(23);
  });

  it("skips bars that the clock has passed", async () => {
    const at = join(dir, "passed");
    const symbols = sampleBars().symbols;
    const choices = {runMode: "simulation", exchange: "simulated", instrumentIds: symbols} as const;
    const clock = new SimulatedClock(SAMPLE_START + 11 * MINUTE_MS);
    const log = new RunLog({
      dir: at,
      files: "per-bar",
      instrumentIds: symbols,
      nodeRows: 0,
      isProfiled: false,
    });
    log.open();
    const instruments = await instrumentsOf();
    const market = new RecordedMarket({bars: sampleBars(), clock});
    const config = systemConfigOf(c1, choices);
    const seen: number[] = [];
    const skipped: number[] = [];
    await buildSystem({model: c1, config, instruments, market, clock, log}).run(
      SAMPLE_START,
      SAMPLE_START + 6 * BAR,
      {
        onBar: ({barEnd}) => seen.push((barEnd - SAMPLE_START) / BAR),
        onSkipped: (barEnd) => skipped.push((barEnd - SAMPLE_START) / BAR),
      },
    );
    expect([skipped, seen]).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
    expect(readFileSync(join(at, "log.txt"), "utf8").match(/bar skipped/g)).toHaveLength(2);
  });
});

/** The instruments a sample run recorded. */
async function instrumentsOf() {
  const {at} = await outcomes({end: SAMPLE_START + BAR});
  return JSON.parse(readFileSync(join(at, "instruments.json"), "utf8"));
}

describe("marks and fits", () => {
  it("a mean over the last bar falls back on the last price where the bar is missing", async () => {
    const gone = SAMPLE_START + 8 * BAR;
    const bars = withHole(sampleBars(), NAME, (end) => end === gone);
    const {bars: seen} = await outcomes({
      bars,
      overrideTexts: ['portfolio_config.pricing_method="twap.5T"'],
    });
    const j = sampleBars().symbols.indexOf(NAME);
    const price = (k: number) => seen[k]?.portfolio.price[j];
    expect(price(7)).toBe(price(6));
    expect(price(8)).not.toBe(price(6));
  });

  it("fits at the beginning when asked to, and records it under the method's name", async () => {
    const {run} = await outcomes({
      overrideTexts: ["dag_runner_config.fit_at_beginning=true"],
      end: SAMPLE_END,
    });
    expect(run.nodes().map(({method, id}) => `${method} ${id}`)).toContain("fit volatility");
    expect(run.nodes().filter(({method}) => method === "predict")).toHaveLength(5);
  });

  it("checks a model whose nodes must be fitted before they can predict", async () => {
    const symbols = sampleBars().symbols;
    const choices = {runMode: "simulation", exchange: "simulated", instrumentIds: symbols} as const;
    const config = systemConfigOf(c1, choices, [
      parseOverride("dag_runner_config.fit_at_beginning=true"),
    ]);
    const learner = defineNode({
      id: "learner",
      inputs: {forecasts: "predict"},
      fit: () => ({scale: 2}),
      predict: ({forecasts}, state) => {
        expect(state).toEqual({scale: 2});
        return forecasts;
      },
    });
    const model = {
      ...c1,
      dag: (...args: Parameters<typeof c1.dag>) => createDag([...c1.dag(...args).nodes, learner]),
    };
    const clock = new SimulatedClock(SAMPLE_START);
    const market = new RecordedMarket({bars: sampleBars(), clock});
    const instruments = await instrumentsOf();
    const log = new RunLog({
      dir: join(dir, "never"),
      files: "per-stream",
      instrumentIds: symbols,
      nodeRows: 0,
      isProfiled: false,
    });
    buildSystem({model, config, instruments, market, clock, log}).check(SAMPLE_START);
    expect(existsSync(join(dir, "never"))).toBe(false);
  });

  it("what is held at a bar is what was wanted at the one before", async () => {
    const {bars} = await outcomes();
    const {targets, portfolio} = bars[4] as BarOutcome;
    expect(sumOf(targets?.target_holdings_notional)).toBeCloseTo(1_000_000, -2);
    expect(portfolio.holdingsShares).toEqual(bars[3]?.targets?.target_holdings_shares);
    const {holdings_notional} = await new RunFolder(join(dir, String(count))).portfolio();
    expect(rowOf(holdings_notional, 4)).toEqual(portfolio.holdingsNotional);
  });
});
