import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import type {Broker} from "../../src/trading/brokers/broker.js";
import {holdingsOf} from "../../src/trading/initial-holdings.js";
import type {Fill} from "../../src/trading/orders/fill.js";
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
      const own = {strategy: "SAU1", account: "candidate", parentOrderId: null};
      const base = {
        ...own,
        orderId: 0,
        instrumentId: "101",
        time: 0,
        shares: 1,
        price: PRICE,
        fee: 0,
      };
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

  it("says whose it is, and which order moved each holding last", async () => {
    const {broker, give} = givenFills();
    const owner = {strategy: "SAU1", account: "candidate"};
    const portfolio = portfolioOf(broker, {owner});
    expect(await portfolio.markToMarket()).toMatchObject({
      ...owner,
      lastFills: [undefined, undefined],
    });
    give([{orderId: 4}, {orderId: 5, parentOrderId: 3}]);
    const {lastFills} = await portfolio.markToMarket();
    give([{orderId: 6, instrumentId: "202"}]);
    const later = await portfolio.markToMarket();
    expect(lastFills).toEqual([
      expect.objectContaining({...owner, instrumentId: "101", orderId: 5, parentOrderId: 3}),
      undefined,
    ]);
    expect(later.lastFills.map((fill) => fill?.orderId)).toEqual([5, 6]);
    expect(portfolioOf(broker).owner).toEqual({strategy: "", account: ""});
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

/** A portfolio of two names whose marks are given bar by bar; it begins with shares of 101. */
function markedPortfolio(marks: readonly (readonly number[])[], held: number) {
  const given = givenFills();
  let bar = -1;
  const lastValue = (_column: string, id: string) => marks[bar]?.[IDS.indexOf(id)] ?? Number.NaN;
  const market = {hasColumn: () => true, lastValue, valuesWithin: () => new Float64Array()};
  const portfolio = portfolioOf(given.broker, {market: market as never});
  portfolio.begin({cash: 10_000, shares: Float64Array.of(held, 0)});
  return {
    mark: (fills: Partial<Fill>[] = []) => {
      bar += 1;
      given.give(fills);
      return portfolio.markToMarket();
    },
  };
}

describe("a holding without a price", () => {
  const NONE = Number.NaN;
  const cases: [name: string, marks: number[], pnl: number[], wealth: number[]][] = [
    ["for a bar", [101, NONE, 103], [NONE, 0, 20], [11_010, 11_010, 11_030]],
    ["for two", [101, NONE, NONE, 99], [NONE, 0, 0, -20], [11_010, 11_010, 11_010, 10_990]],
    [
      "from the beginning",
      [NONE, NONE, 100, 101],
      [NONE, NONE, NONE, 10],
      [NONE, NONE, 11e3, 11_010],
    ],
  ];
  it.each(cases)("%s", async (_name, marks, pnl, wealth) => {
    const portfolio = markedPortfolio(
      marks.map((mark) => [mark, 1]),
      10,
    );
    for (const [t, wanted] of pnl.entries()) {
      const state = await portfolio.mark();
      expect([state.pnl[0], state.statistics.pnl]).toEqual([wanted, wanted]);
      expect(state.statistics.net_wealth).toBe(wealth[t]);
      expect(state.price[0]).toBe(marks[t]);
    }
  });

  it("that was bought is worth what was paid for it until it has a mark", async () => {
    const portfolio = markedPortfolio([[1], [1], [1, 8]], 0);
    await portfolio.mark();
    const bought = await portfolio.mark([{instrumentId: "202", shares: 5, price: 7, fee: 1}]);
    expect([bought.pnl[1], bought.holdingsNotional[1]]).toEqual([0, 35]);
    expect(bought.statistics.net_wealth).toBe(9_999);
    expect((await portfolio.mark()).pnl[1]).toBe(5);
  });

  it("Σ net PnL is Δ net wealth, whatever marks are missing between known ones", async () => {
    const mark = fc.double({min: 1, max: 2_000, noNaN: true});
    const maybe = fc.option(mark, {nil: Number.NaN});
    const trade = fc.record({
      instrumentId: fc.constantFrom(...IDS),
      shares: fc.integer({min: -9, max: 9}),
      price: mark,
      fee: fc.double({min: 0, max: 3, noNaN: true}),
    });
    const bar = fc.record({marks: fc.tuple(maybe, maybe), fills: fc.array(trade, {maxLength: 3})});
    const ends = fc.tuple(mark, mark);
    await fc.assert(
      fc.asyncProperty(ends, fc.array(bar), ends, async (first, bars, last) => {
        const marks = [first, ...bars.map((one) => one.marks), last];
        const portfolio = markedPortfolio(marks, 10);
        let {net_wealth: wealth} = (await portfolio.mark()).statistics;
        const begun = wealth;
        let net = 0;
        for (const {fills} of [...bars, {fills: []}]) {
          const {statistics} = await portfolio.mark(fills);
          net += statistics.pnl - statistics.fees;
          wealth = statistics.net_wealth;
        }
        expect(Math.abs(net - (wealth - begun))).toBeLessThan(1e-6);
      }),
      {seed: 17, numRuns: 100},
    );
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
