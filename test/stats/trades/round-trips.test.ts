import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  mergeConsecutive,
  roundTrips,
  type Transaction,
} from "../../../src/stats/trades/round-trips.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";

const trade = (day: number, amount: number, price: number): Transaction => ({
  time: day * DAY_MS,
  amount,
  price,
  symbol: "A",
});
const ofB = (one: Transaction): Transaction => ({...one, symbol: "B"});

describe("roundTrips", () => {
  it("closes the oldest lot first, in parts that need not be whole", () => {
    const trips = roundTrips([trade(0, 1.5, 10), trade(1, 1, 20), trade(2, -2, 30)]);
    // 1.5 · 20 + 0.5 · 10 = 35 on 1.5 · 10 + 0.5 · 20 = 25.
    expect(trips).toEqual([
      {symbol: "A", open: 0, close: 2 * DAY_MS, isLong: true, pnl: 35, returns: 1.4},
    ]);
  });

  it("keeps symbols apart, and tells of none while all is open", () => {
    expect(roundTrips([trade(0, 1, 10), ofB(trade(1, -1, 12))])).toEqual([]);
    const trips = roundTrips([trade(0, -1, 10), ofB(trade(1, 1, 5)), trade(2, 1, 8)]);
    expect(trips.map(({symbol, isLong, pnl}) => [symbol, isLong, pnl])).toEqual([["A", false, 2]]);
  });

  it("merges trades of a side that follow within hours only", () => {
    const near = {...trade(0, 3, 20), time: 8 * HOUR_MS};
    expect(mergeConsecutive([trade(0, 1, 10), near])).toEqual([trade(0, 4, 17.5)]);
    expect(mergeConsecutive([trade(0, 1, 10), {...near, time: near.time + 1}]).length).toBe(2);
  });

  it("earns what cash and holdings earned once all is closed", () => {
    const trades = fc.array(
      fc.record({
        amount: fc.integer({min: 1, max: 9}),
        price: fc.integer({min: 1, max: 99}),
        buys: fc.boolean(),
      }),
      {minLength: 1, maxLength: 20},
    );
    fc.assert(
      fc.property(trades, (list) => {
        const made = list.map(({amount, price, buys}, t) =>
          trade(t, buys ? amount : -amount, price),
        );
        const held = made.reduce((sum, {amount}) => sum + amount, 0);
        const all = held === 0 ? made : [...made, trade(list.length, -held, 50)];
        const cash = all.reduce((sum, {amount, price}) => sum - amount * price, 0);
        const pnl = roundTrips(all).reduce((sum, trip) => sum + trip.pnl, 0);
        expect(pnl).toBeCloseTo(cash, 8);
      }),
      {seed: 5, numRuns: 200},
    );
  });
});
