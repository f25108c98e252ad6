import {describe, expect, it} from "vitest";
import {parseUtc} from "../../src/time/utc-text.js";
import type {BarOutcome, Forecasts} from "../../src/trading/targets/process-forecasts.js";
import {BAR, forecastsOf, type ToyOptions, toyProcessor} from "./toy-processor.js";

const START = parseUtc("2025-03-07 15:45:00+00:00");
const HOURS = {
  ath_start_time: "09:00:00",
  trading_start_time: "09:00:00",
  trading_end_time: "15:50:00",
  ath_end_time: "16:30:00",
  liquidate_at_trading_end_time: true,
  timezone: "UTC",
};
const NONE = Number.NaN;

/** Buys at 15:45, then handles the forecasts given for the bars from 15:50 on. */
async function liquidate(
  later: readonly ((barEnd: number) => Forecasts | undefined)[],
  options: Partial<ToyOptions> = {},
): Promise<BarOutcome[]> {
  const prices = {A: new Array(9).fill(10), B: new Array(9).fill(20)};
  const {processor} = toyProcessor({start: START, prices, config: HOURS, ...options});
  const outcomes = [await processor.process(START, forecastsOf(START, [1, -1]))];
  for (const [k, of] of later.entries()) {
    const barEnd = START + (k + 1) * BAR;
    outcomes.push(await processor.process(barEnd, of(barEnd)));
  }
  return outcomes;
}

const ordersOf = (outcome: BarOutcome | undefined) =>
  outcome?.orders.map(({instrumentId, diffShares}) => [instrumentId, diffShares]);
const notesOf = (outcome: BarOutcome | undefined) =>
  outcome?.notes?.map(({instrument, text}) => `${instrument}: ${text}`);
const missing = (): undefined => undefined;

describe("liquidation at the trading end", () => {
  const cases: [name: string, forecasts: (barEnd: number) => Forecasts | undefined][] = [
    ["forecasts of the bar", (barEnd) => forecastsOf(barEnd, [5, 5])],
    ["no forecast of any name", (barEnd) => forecastsOf(barEnd, [NONE, NONE])],
    ["no data", missing],
    ["forecasts of the bar before", (barEnd) => forecastsOf(barEnd - BAR, [5, 5])],
  ];
  it.each(cases)("closes every holding with %s", async (_name, forecasts) => {
    const [bought, closed, flat] = await liquidate([forecasts, missing]);
    expect(ordersOf(bought)).toEqual([
      ["A", 10],
      ["B", -5],
    ]);
    expect(closed?.kind).toBe("traded");
    expect(ordersOf(closed)).toEqual([
      ["A", -10],
      ["B", 5],
    ]);
    expect(notesOf(closed)).toEqual([]);
    expect(Array.from(flat?.portfolio.holdingsShares ?? [])).toEqual([0, 0]);
    expect(ordersOf(flat)).toEqual([]);
  });

  it("does not wait for recent data, nor for a halt to end", async () => {
    const processor = {isFresh: () => false, staleAfterBars: 0};
    const {1: closed} = await liquidate([missing], {processor: {staleAfterBars: 0}});
    expect(ordersOf(closed)).toHaveLength(2);
    const outcomes = await liquidate([missing], {processor});
    expect(outcomes[0]?.untraded).toHaveLength(2);
    expect(outcomes[1]?.untraded).toEqual([]);
  });

  it("names what has no price above 0, and what is held and has none", async () => {
    const prices = {A: new Array(9).fill(10), B: [20, 20, -1, -1, 20, 20]};
    const outcomes = await liquidate(new Array(4).fill(missing), {
      prices,
      config: {...HOURS, trading_end_time: "15:55:00"},
    });
    expect(outcomes.map(({kind}) => kind)).toEqual(
      "traded no-data traded traded traded".split(" "),
    );
    expect(ordersOf(outcomes[2])).toEqual([["A", -10]]);
    expect(notesOf(outcomes[2])).toEqual([
      "B: no price above 0: its holding is kept",
      "B: not liquidated: it has no price above 0",
    ]);
    expect(notesOf(outcomes[3])).toEqual([]);
    expect(ordersOf(outcomes[4])).toEqual([["B", 5]]);
    expect(notesOf(outcomes[4])).toEqual(["B: priced again"]);
  });

  it("names a rest that is below the exchange's minimum", async () => {
    const rules = {minNotional: (i: number) => (i === 0 ? 100 : 0)};
    const prices = {A: [10, 10, 4, 4], B: [20, 20, 20, 20]};
    const late = {...HOURS, trading_end_time: "15:55:00"};
    const outcomes = await liquidate(new Array(3).fill(missing), {prices, rules, config: late});
    expect(ordersOf(outcomes[2])).toEqual([["B", 5]]);
    expect(outcomes.slice(2).map(notesOf)).toEqual([
      ["A: not liquidated: the rest is below the exchange's minimum"],
      [],
    ]);
  });
});

describe("trades that the exchange's limits change", () => {
  const limits = () => ({minAmount: 3, minCost: 0, maxAmount: 8, maxCost: 1e9, lotSize: 1});
  const rules = {exchange: {stage: "prod", limits}} as const;

  it("are told when it begins, again after a whole one, and not of a name at rest", async () => {
    const wants = [
      [0, 0.2],
      [0, 0],
      [0, 1],
      [0, 1.01],
      [9, 1],
    ];
    const outcomes = await liquidate(
      wants.map((row) => (barEnd) => forecastsOf(barEnd, row)),
      {rules, config: {}},
    );
    // B: short 5, long 1, then 0 wanted (1 is below 3), 5, 5.05 (likewise), 5.
    expect(outcomes.map(ordersOf)).toEqual([
      [
        ["A", 8],
        ["B", -5],
      ],
      [
        ["A", -8],
        ["B", 6],
      ],
      [],
      [["B", 4]],
      [],
      [["A", 8]],
    ]);
    expect(outcomes.map(notesOf)).toEqual([
      ["A: cut to the exchange's maximum"],
      [],
      ["B: below the exchange's minimum: not traded"],
      [],
      ["B: below the exchange's minimum: not traded"],
      ["A: cut to the exchange's maximum"],
    ]);
  });
});

describe("one note of a name at a bar", () => {
  it("what is kept for want of a price is not said to be brought to 0", async () => {
    const prices = {A: [10, 10, 10, 10], B: [20, 20, -1, 20]};
    const outcomes = await liquidate(
      [
        [1, -1],
        [1, NONE],
        [1, NONE],
      ].map((row) => (barEnd) => forecastsOf(barEnd, row)),
      {prices, config: {}},
    );
    expect(outcomes.slice(1).map(notesOf)).toEqual([
      [],
      ["B: no price above 0: its holding is kept"],
      ["B: no forecast: not ranked, target 0", "B: priced again"],
    ]);
  });
});
