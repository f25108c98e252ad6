import {describe, expect, it} from "vitest";
import {type Slippage, slippage} from "../../../src/finance/execution/slippage.js";
import {type Frame, frameFromRows} from "../../../src/table/frame.js";
import {expectSameFrame, frameOf, hasOracles, ORACLES, readOracle, type Table} from "../oracle.js";

const NONE = Number.NaN;
const column = (...cells: number[]): Frame =>
  frameFromRows(
    cells.map((_, t) => t),
    ["a"],
    cells.map((cell) => [cell]),
  );

/** Bought 2 at 101 after a mark of 100, kept them, sold both at 103 after a mark of 105. */
const portfolio = {
  holdings_shares: column(0, 2, 2, 0),
  holdings_notional: column(0, 204, 210, 0),
  executed_trades_shares: column(0, 2, 0, -2),
  executed_trades_notional: column(NONE, 202, 0, -206),
};

describe("slippage", () => {
  it("costs what was paid above, or received below, the price one bar earlier", () => {
    const found = slippage(portfolio, column(100, 102, 105, 104));
    const wanted: Partial<Record<keyof Slippage, Frame>> = {
      holdings_price_per_share: column(NONE, 100, 102, 105),
      trade_price_per_share: column(NONE, 101, NONE, 103),
      slippage_notional_per_share: column(NONE, 1, NONE, 2),
      slippage_notional: column(NONE, 2, NONE, 4),
      slippage_in_bps: column(NONE, 100, NONE, (1e4 * 2) / 105),
      benchmark_return_notional: column(NONE, 2, 0, NONE),
      benchmark_return_in_bps: column(NONE, 200, 0, NONE),
      is_buy: column(0, 1, 0, 0),
      is_sell: column(0, 0, 0, 1),
      is_benchmark_profitable: column(NONE, 1, 0, NONE),
    };
    for (const [name, frame] of Object.entries(wanted)) {
      expectSameFrame(found[name as keyof Slippage], frame);
    }
  });

  it("knows the benchmark of the marks only while something is held", () => {
    const {holdings_price_per_share, slippage_notional} = slippage(portfolio);
    expectSameFrame(holdings_price_per_share, column(NONE, NONE, 102, 105));
    expectSameFrame(slippage_notional, column(NONE, NONE, NONE, 4));
  });

  it("refuses prices of other bars", () => {
    expect(() => slippage(portfolio, column(1, 2))).toThrow("rows");
  });
});

interface Oracle {
  readonly portfolio: Record<keyof typeof portfolio, Table>;
  readonly price: Table;
  readonly expected_with_price: Record<keyof Slippage, Table>;
  readonly expected_without_price: Record<keyof Slippage, Table>;
}

/** Yes and no as 1 and 0. */
const asNumbers = (table: Table): Frame =>
  frameOf({...table, data: table.data.map((row) => row.map((x) => (x === null ? x : Number(x))))});

describe.runIf(hasOracles)(`slippage: ${ORACLES}`, () => {
  it.each(["expected_with_price", "expected_without_price"] as const)("%s", (which) => {
    const oracle = readOracle<Oracle>("07_slippage.json");
    const frames = Object.fromEntries(
      Object.entries(oracle.portfolio).map(([name, table]) => [name, frameOf(table)]),
    ) as unknown as typeof portfolio;
    const found = slippage(
      frames,
      which === "expected_with_price" ? frameOf(oracle.price) : undefined,
    );
    expect(Object.keys(found).sort()).toEqual(Object.keys(oracle[which]).sort());
    for (const [name, table] of Object.entries(oracle[which])) {
      expectSameFrame(found[name as keyof Slippage], asNumbers(table));
    }
  });
});
