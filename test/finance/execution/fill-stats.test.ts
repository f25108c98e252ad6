import {describe, expect, it} from "vitest";
import {fillStats} from "../../../src/finance/execution/fill-stats.js";
import {type Frame, makeFrame} from "../../../src/table/frame.js";

const frame = (...values: readonly number[]): Frame =>
  makeFrame(
    Float64Array.from(values, (_, t) => t),
    ["A"],
    [Float64Array.from(values)],
  );
const cellsOf = ({data}: Frame): number[] => Array.from(data[0] as Float64Array);

describe("fill statistics", () => {
  // Wanted +10, then −8, then nothing, then +4; had +6, −8, 0.
  const stats = fillStats({
    holdings_shares: frame(0, 6, -2, -2),
    target_trades_shares: frame(10, -8, 0, 4),
    target_holdings_shares: frame(10, -2, -2, 2),
    price: frame(100, 103, 101, 106),
  });

  it("are the share of what was wanted one bar before that was had", () => {
    expect(cellsOf(stats.executed_trades_shares)).toEqual([Number.NaN, 6, -8, 0]);
    expect(cellsOf(stats.fill_rate)).toEqual([Number.NaN, 0.6, 1, Number.NaN]);
    expect(cellsOf(stats.underfill_share_count)).toEqual([Number.NaN, 4, 0, 0]);
    expect(cellsOf(stats.underfill_notional)).toEqual([Number.NaN, 400, 0, 0]);
  });

  it("cost what the shares that were not had went on to earn", () => {
    // 4 shares short of a buy at bar 1, which fell from 103 to 101: −8, a gain.
    expect(cellsOf(stats.underfill_opportunity_cost_notional)).toEqual([
      Number.NaN,
      -8,
      -0,
      Number.NaN,
    ]);
    expect(cellsOf(stats.underfill_opportunity_cost_realized_notional)).toEqual([
      Number.NaN,
      Number.NaN,
      -8,
      -0,
    ]);
  });

  it("are whole where only the rounding of the holdings is short", () => {
    const held = [1_000.1, 1_000.4]; // their difference is 0.2999999999999545
    const {fill_rate, underfill_share_count, underfill_opportunity_cost_notional} = fillStats({
      holdings_shares: frame(...held, 1_000.4),
      target_trades_shares: frame(0.3, 0, 0),
      target_holdings_shares: frame(1_000.4, 1_000.4, 1_000.4),
      price: frame(100, 103, 101),
    });
    expect(cellsOf(fill_rate)[1]).toBe(1);
    expect(cellsOf(underfill_share_count)[1]).toBe(0);
    expect(cellsOf(underfill_opportunity_cost_notional)[1]).toBeCloseTo(0, 15);
  });

  it("track the holding that was wanted", () => {
    expect(cellsOf(stats.tracking_error_shares)).toEqual([Number.NaN, -4, 0, 0]);
    expect(cellsOf(stats.tracking_error_bps)).toEqual([Number.NaN, -4_000, 0, 0]);
  });
});
