import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {researchPortfolio} from "../../src/backtest/research-portfolio.js";
import {columnOf, type Frame} from "../../src/table/frame.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import type {TargetPositions} from "../../src/trading/targets/targets.js";
import {sampleOutcomes, sumOf} from "./sample-outcomes.js";
import {runSample, SAMPLE_START, sampleBars} from "./sample-run.js";

const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";
const BAR = 5 * MINUTE_MS;
const NAME = "DELTAUSDT";

let dir: string;
let count = 0;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-may-trade-"));
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

const outcomes = (changes: Parameters<typeof runSample>[1] = {}) =>
  sampleOutcomes(join(dir, String(++count)), changes);

describe("contracts and their money", () => {
  it("inverse contracts held long gain with the price, as research says", async () => {
    const settled = {settlementCurrency: "BTC", multiplier: 10, lotSize: 1e-4};
    const [plain, inverse] = [
      await outcomes({instrument: () => settled}),
      await outcomes({instrument: () => ({...settled, kind: "inverse"})}),
    ];
    const j = sampleBars().symbols.indexOf(NAME);
    const [a, b] = [plain, inverse].map(({bars}) => bars[10]?.targets) as TargetPositions[];
    const price = a?.price[j] as number;
    const shares = b?.target_holdings_shares[j] as number;
    expect(Math.sign(shares)).toBe(Math.sign(a?.target_holdings_shares[j] as number));
    // Exposure q·m/p of the same money, valued at −q·m/p.
    expect((shares * 10) / price).toBeCloseTo(a?.target_holdings_notional[j] as number, 0);
    expect(b?.target_holdings_notional[j]).toBeCloseTo((-shares * 10) / price, 6);
    const {holdings_shares, pnl, statistics} = await inverse.run.portfolio();
    const prices = inverse.bars.map(({portfolio}) => portfolio.price[j] as number);
    const held = columnOf(holdings_shares, NAME);
    const gains = columnOf(pnl, NAME);
    const t = 12;
    const move = 10 * (1 / (prices[t - 1] as number) - 1 / (prices[t] as number));
    const signs = Array.from(gains).slice(2);
    expect(Number.isFinite(move) && signs.some((x) => x > 0)).toBe(true);
    // Trades of the bar are filled at its mean price, which is its only close.
    expect(gains[t]).toBeCloseTo((held[t - 1] as number) * move, 6);
    const research = await researchPortfolio(inverse.run);
    const ideal = columnOf(research?.statistics as Frame, "pnl").slice(-20);
    columnOf(statistics, "pnl")
      .slice(-20)
      .forEach((value, k) => {
        expect(value).toBeCloseTo(ideal[k] as number, 6);
      });
    expect(sumOf(ideal)).toBeGreaterThan(100);
  });

  it("instruments settled in different money are refused before anything is written", async () => {
    const at = join(dir, "money");
    const instrument = (id: string) => (id === NAME ? {settlementCurrency: "BTC"} : {});
    await expect(runSample(at, {instrument})).rejects.toThrow(
      /settled in one currency .*found .* in dollars, DELTAUSDT in BTC/,
    );
    expect(existsSync(at)).toBe(false);
    const stable = (id: string) => (id === NAME ? {settlementCurrency: "USDC"} : {});
    const end = SAMPLE_START + 2 * BAR;
    expect((await outcomes({instrument: stable, end})).bars).toHaveLength(2);
  });
});

describe("what the config refuses to trade", () => {
  const restriction = {
    asset_id: NAME,
    is_restricted: false,
    is_buy_restricted: false,
    is_buy_cover_restricted: false,
    is_sell_short_restricted: true,
    is_sell_long_restricted: false,
  };
  const restrict = (one: object) => `${FORECASTS}.restrictions=${JSON.stringify([one])}`;

  it("a name that may not be sold short is never short", async () => {
    const free = await outcomes();
    const {bars} = await outcomes({overrideTexts: [restrict(restriction)]});
    const j = sampleBars().symbols.indexOf(NAME);
    const shares = (seen: readonly BarOutcome[]) =>
      seen.map(({portfolio}) => portfolio.holdingsShares[j] as number);
    expect(Math.min(...shares(free.bars))).toBeLessThan(0);
    expect(Math.min(...shares(bars))).toBe(0);
    expect(Math.max(...shares(bars))).toBe(Math.max(...shares(free.bars)));
  });

  it("restrictions of a name that is not there, and optimizers to come, are refused", async () => {
    const at = join(dir, "refused");
    const unknown = [restrict({...restriction, asset_id: "NOPE"})];
    await expect(runSample(at, {overrideTexts: unknown})).rejects.toThrow(
      /restrictions: expected one entry at most .*found NOPE/,
    );
    const backend = [`${FORECASTS}.optimizer_config.backend="batch_optimizer"`];
    await expect(runSample(at, {overrideTexts: backend})).rejects.toThrow(
      /backend: expected "pomo".*found "batch_optimizer"/,
    );
    const calendar = () => ({sessionCalendar: "XETR"});
    await expect(runSample(at, {instrument: calendar})).rejects.toThrow(/one of 24\/7, XNYS/);
    expect(existsSync(at)).toBe(false);
  });

  it("limits of the exchange zero what is too small and record what was wanted", async () => {
    const limits = () => ({minNotional: 20_000, minAmount: 1e-3});
    const overrideTexts = [`${FORECASTS}.optimizer_config.apply_cc_limits=true`];
    const {bars} = await outcomes({instrument: limits, overrideTexts});
    const traded = bars.flatMap(({targets}) =>
      Array.from(targets?.target_trades_notional ?? [], Math.abs),
    );
    const before = bars.flatMap(({targets}) =>
      Array.from(targets?.["target_trades_notional.before_apply_cc_limits"] ?? [], Math.abs),
    );
    expect(before).toHaveLength(traded.length);
    expect(before.some((worth) => worth > 0 && worth <= 20_000)).toBe(true);
    expect(traded.every((worth) => worth === 0 || worth > 20_000)).toBe(true);
    expect(traded.filter((worth) => worth > 0)).toEqual(before.filter((worth) => worth > 20_000));
  });

  it("a target GMV in steps holds from each step's time on, in research too", async () => {
    const steps = [
      {from: "20250901_223000", value: 1_000_000},
      {from: "20250901_230000", value: 400_000},
      {from: "20250901_233000", value: 0},
    ];
    const kwargs = `${FORECASTS}.optimizer_config.params.kwargs.target_gmv`;
    const {bars, run} = await outcomes({overrideTexts: [`${kwargs}=${JSON.stringify(steps)}`]});
    const gmv = bars.map(({targets}) => sumOf(targets?.target_holdings_notional));
    expect([0, 5, 10, 11, 16, 17, 23].map((k) => Math.round((gmv[k] as number) / 1e3))).toEqual([
      1000, 1000, 1000, 400, 400, 0, 0,
    ]);
    const research = await researchPortfolio(run);
    const ideal = columnOf(research?.statistics as Frame, "gmv").slice(-20);
    columnOf((await run.portfolio()).statistics, "gmv")
      .slice(-20)
      .forEach((value, t) => {
        expect(value).toBeCloseTo(ideal[t] as number, 4);
      });
    const turned = [`${kwargs}=${JSON.stringify([...steps].reverse())}`];
    await expect(runSample(join(dir, "turned"), {overrideTexts: turned})).rejects.toThrow(
      /target_gmv: expected steps in time order/,
    );
  });

  it("a market that is closed is not traded: New York after 16:00", async () => {
    const calendar = (id: string) => (id === NAME ? {sessionCalendar: "XNYS"} : {});
    const {bars} = await outcomes({instrument: calendar, end: SAMPLE_START + 4 * BAR});
    expect(bars.every(({kind}) => kind === "traded")).toBe(true);
    expect(new Set(bars.map(({untraded}) => JSON.stringify(untraded)))).toEqual(
      new Set([JSON.stringify([{instrument: NAME, reason: "outside-session"}])]),
    );
    expect(bars.flatMap(({orders}) => orders.map((order) => order.instrumentId))).not.toContain(
      NAME,
    );
  });
});
