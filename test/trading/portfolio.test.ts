import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import type {Broker} from "../../src/trading/broker.js";
import type {Fill} from "../../src/trading/fill.js";
import {holdingsOf} from "../../src/trading/initial-holdings.js";
import {Portfolio, type PortfolioOptions} from "../../src/trading/portfolio.js";
import {minuteBars, newYork, spotValue} from "./sample-orders.js";

const IDS = ["101", "202"];
const PRICE = 1000.3119254917082;

/** Fills that are given at the next mark. */
function givenFills(): {readonly broker: Broker; readonly give: (fills: Partial<Fill>[]) => void} {
  let waiting: Fill[] = [];
  let fillId = 0;
  return {
    broker: {
      submitOrders: async () => {},
      takeFills: async () => waiting.splice(0),
    },
    give(fills) {
      const base = {orderId: 0, instrumentId: "101", time: 0, shares: 1, price: PRICE, fee: 0};
      waiting = fills.map((fill) => ({...base, fillId: fillId++, ...fill}));
    },
  };
}

function portfolioOf(broker: Broker, changes: Partial<PortfolioOptions> = {}): Portfolio {
  const clock = new SimulatedClock(newYork("09:35:00"));
  const bars = minuteBars(newYork("09:35:00"), {close: [PRICE]});
  const one = bars.bySymbol.get("101");
  const both = {...bars, symbols: IDS, bySymbol: new Map(IDS.map((id) => [id, one as never]))};
  return new Portfolio({
    instrumentIds: IDS,
    initialCash: 10_000,
    clock,
    market: new RecordedMarket({bars: {...both, barMs: MINUTE_MS}, clock, delayMs: 0}),
    broker,
    markColumn: "close",
    pricing: {kind: "last"},
    value: spotValue,
    roundShares: (_id, shares) => shares,
    ...changes,
  });
}

describe("a portfolio", () => {
  it("begins with cash alone", async () => {
    const {statistics, pnl} = await portfolioOf(givenFills().broker).markToMarket();
    expect(statistics).toMatchObject({gmv: 0, cash: 10_000, net_wealth: 10_000, leverage: 0});
    expect(Array.from(pnl)).toEqual([Number.NaN, Number.NaN]);
  });

  it("begins with a dictionary of holdings, cash among them: the reference's numbers", async () => {
    const dictionary = new Map([
      ["101", 727.5],
      ["202", 1040.3],
      ["-1", 10_000],
    ]);
    const portfolio = portfolioOf(givenFills().broker, {initialCash: 1});
    portfolio.begin(holdingsOf(IDS, dictionary, 1));
    const {statistics} = await portfolio.markToMarket();
    expect(statistics.gmv).toBeCloseTo(1_768_351.42, 2);
    expect(statistics.nmv).toBe(statistics.gmv);
    expect(statistics.net_wealth).toBeCloseTo(1_778_351.42, 2);
    expect(statistics.leverage).toBeCloseTo(0.9943768, 7);
    expect(statistics.cash).toBe(10_000);
  });

  it("tells the fills it took, each once", async () => {
    const {broker, give} = givenFills();
    const portfolio = portfolioOf(broker);
    give([{shares: 2}, {instrumentId: "202", shares: -1, fee: 3}]);
    const {fills, statistics} = await portfolio.markToMarket();
    expect(fills.map(({fillId, shares}) => [fillId, shares])).toEqual([
      [0, 2],
      [1, -1],
    ]);
    expect(statistics).toMatchObject({cash: 10_000 - 2 * PRICE - (-PRICE + 3), fees: 3});
    expect((await portfolio.markToMarket()).fills).toEqual([]);
  });

  it("goes on from its own state as if it had never stopped, to the last bit", async () => {
    const number = (min: number, max: number) => fc.double({min, max, noNaN: true});
    const fill = fc.record({
      instrumentId: fc.constantFrom(...IDS),
      shares: number(-9, 9),
      price: number(1, 2_000),
      fee: number(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fill), fc.array(fill), async (first, second) => {
        const {broker, give} = givenFills();
        const whole = portfolioOf(broker);
        give(first);
        const middle = await whole.markToMarket();
        const resumed = portfolioOf(broker, {initialCash: 5});
        resumed.begin({cash: middle.statistics.cash, shares: middle.holdingsShares});
        give(second);
        const wanted = await whole.markToMarket();
        give(second);
        const actual = await resumed.markToMarket();
        expect(actual.holdingsShares).toEqual(wanted.holdingsShares);
        expect(actual.statistics.cash).toBe(wanted.statistics.cash);
      }),
      {seed: 11, numRuns: 50},
    );
  });

  it("cannot begin anew once it was marked", async () => {
    const portfolio = portfolioOf(givenFills().broker);
    await portfolio.markToMarket();
    expect(() => portfolio.begin({cash: 1, shares: new Float64Array(2)})).toThrow(/first mark/);
  });
});

describe("holdingsOf", () => {
  it("is 0 of what is not named, and takes the given cash where none is", () => {
    expect(holdingsOf(IDS, new Map([["202", -3]]), 7)).toEqual({
      cash: 7,
      shares: Float64Array.of(0, -3),
    });
  });

  it("refuses a holding of something else, but not of none of it", () => {
    expect(holdingsOf(IDS, new Map([["303", 0]]), 7).cash).toBe(7);
    expect(() => holdingsOf(IDS, new Map([["303", 2]]), 7)).toThrow(
      /initial holdings: expected instruments of the run \(101, 202\), found 2 of 303/,
    );
  });
});
