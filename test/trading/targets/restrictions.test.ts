import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Restriction} from "../../../src/config/system-config.js";
import {restrictTrade} from "../../../src/trading/targets/restrictions.js";

const NONE: Restriction = {
  asset_id: "A",
  is_restricted: false,
  is_buy_restricted: false,
  is_buy_cover_restricted: false,
  is_sell_short_restricted: false,
  is_sell_long_restricted: false,
};
type Flag = Exclude<keyof Restriction, "asset_id">;

describe("restrictTrade", () => {
  const cases: [trade: number, held: number, flag: Flag, wanted: number][] = [
    [-30, 20, "is_sell_short_restricted", -20],
    [-30, 20, "is_sell_long_restricted", 0],
    [-20, 20, "is_sell_long_restricted", 0],
    [-20, 20, "is_sell_short_restricted", -20],
    [-10, 0, "is_sell_short_restricted", 0],
    [-10, -5, "is_sell_short_restricted", 0],
    [-10, -5, "is_sell_long_restricted", -10],
    [30, -20, "is_buy_restricted", 20],
    [30, -20, "is_buy_cover_restricted", 0],
    [10, -20, "is_buy_restricted", 10],
    [10, 0, "is_buy_restricted", 0],
    [10, 5, "is_buy_restricted", 0],
    [10, 5, "is_buy_cover_restricted", 10],
    [10, -20, "is_sell_short_restricted", 10],
    [-30, 20, "is_buy_restricted", -30],
    [30, -20, "is_restricted", 0],
    [0, 20, "is_sell_long_restricted", 0],
  ];
  it.each(cases)("trade %d of %d with %s: %d", (trade, held, flag, wanted) => {
    expect(restrictTrade(trade, held, {...NONE, [flag]: true})).toBe(wanted);
  });

  const shares = fc.integer({min: -50, max: 50});
  const restriction = fc.record({
    asset_id: fc.constant("A"),
    is_restricted: fc.boolean(),
    is_buy_restricted: fc.boolean(),
    is_buy_cover_restricted: fc.boolean(),
    is_sell_short_restricted: fc.boolean(),
    is_sell_long_restricted: fc.boolean(),
  });

  it("never turns, never enlarges, never does what is forbidden, and is done in one go", () => {
    fc.assert(
      fc.property(shares, shares, restriction, (trade, held, rule) => {
        const left = restrictTrade(trade, held, rule);
        expect(left * trade).toBeGreaterThanOrEqual(0);
        expect(Math.abs(left)).toBeLessThanOrEqual(Math.abs(trade));
        expect(restrictTrade(left, held, rule)).toBe(left);
        const after = held + left;
        expect(rule.is_restricted && left !== 0).toBe(false);
        expect(rule.is_buy_restricted && left > 0 && after > Math.max(0, held)).toBe(false);
        expect(rule.is_buy_cover_restricted && left > 0 && held < 0).toBe(false);
        expect(rule.is_sell_short_restricted && left < 0 && after < Math.min(0, held)).toBe(false);
        expect(rule.is_sell_long_restricted && left < 0 && held > 0).toBe(false);
      }),
      {seed: 11, numRuns: 500},
    );
  });

  it("without a restriction, or with none set, every trade is allowed", () => {
    fc.assert(
      fc.property(shares, shares, (trade, held) => {
        expect(restrictTrade(trade, held, undefined)).toBe(trade);
        expect(restrictTrade(trade, held, NONE)).toBe(trade);
      }),
      {seed: 12},
    );
  });
});
