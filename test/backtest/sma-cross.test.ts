import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {type EventBacktestRequest, runEventBacktest} from "../../src/backtest/event-engine.js";
import {smaCross} from "../../src/backtest/sma-cross.js";
import {type BarTable, barsOf} from "../../src/market/bars.js";
import {columnOf} from "../../src/table/frame.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED, readJson, SHARED_DIR} from "../oracles/shared.js";

const tableOf = (rows: readonly (readonly number[])[]): BarTable => {
  const column = (j: number) => Float64Array.from(rows, (row) => row[j] as number);
  const end = column(0).map((start) => start + MINUTE_MS);
  const bars = barsOf(end, end, [1, 2, 3, 4, 5].map(column));
  return {barMs: MINUTE_MS, symbols: ["BTCUSD"], bySymbol: new Map([["BTCUSD", bars]])};
};

const strategy = (fast: number, slow: number) =>
  smaCross({instrumentId: "BTCUSD", fast, slow, size: 1});

describe("smaCross", () => {
  it("trades at crossings, and not at the first side or at equal means", () => {
    const closes = [5, 4, 3, 3, 3, 6, 7, 1, 1, 1];
    const bars = tableOf(closes.map((close, t) => [t * MINUTE_MS, close, close, close, close, 1]));
    const request = {bars, initialCash: 100, hasJournal: true, fillAt: "same-close"} as const;
    const {journal} = runEventBacktest({...request, strategy: strategy(1, 2)});
    const traded = journal!.fills.map(({time, shares}) => [time / MINUTE_MS - 1, shares]);
    // Below from bar 1, equal at 3 and 4, above at 5 and 6, below at 7, equal after.
    expect(traded).toEqual([
      [5, 1],
      [7, -2],
    ]);
  });
});

interface Variant {
  readonly n_fills: number;
  readonly final_value: number;
  readonly fills: readonly (readonly [bar: number, size: number, price: number, fee: number])[];
  readonly total_fees?: number;
  readonly max_drawdown?: number;
  readonly value_at?: Readonly<Record<string, number>>;
}

const near = (found: number, wanted: number): void => {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
};

describe.runIf(HAS_SHARED)(`backtrader and vectorbt on real minutes${NEEDS_SHARED}`, () => {
  const variants: [name: string, fillAt: NonNullable<EventBacktestRequest["fillAt"]>][] = [
    ["backtrader_next_open", "next-open"],
    ["vectorbt_next_open", "next-open"],
    ["vectorbt_same_close", "same-close"],
  ];

  it.each(variants)("%s", (name, fillAt) => {
    const folder = "oracles/benchmarks/";
    const text = readFileSync(`${SHARED_DIR}${folder}btc_1m_2019-06_regular.csv`, "utf8");
    const rows = text.trimEnd().split("\n").slice(1);
    const bars = tableOf(rows.map((line) => line.split(",").map(Number)));
    const wanted = readJson<Record<string, Variant>>(`${folder}smacross_fills.json`)[name]!;
    const request = {bars, initialCash: 100_000, feeBps: 10, fillAt, hasJournal: true};
    const {journal, ...found} = runEventBacktest({...request, strategy: strategy(20, 100)});
    const {index, netWealth} = found;
    expect([index.length, found.fillCount, wanted.fills.length]).toEqual([43_200, 623, 623]);
    near(netWealth.at(-1)!, wanted.final_value);
    const first = index[0]!;
    wanted.fills.forEach(([bar, size, price, fee], i) => {
      const fill = journal!.fills[i]!;
      const at = (fill.time - first) / MINUTE_MS + (fillAt === "next-open" ? 1 : 0);
      expect([at, fill.shares]).toEqual([bar, size]);
      near(fill.price, price);
      near(fill.fee, fee);
    });
    for (const [bar, value] of Object.entries(wanted.value_at ?? {})) {
      near(netWealth[Number(bar)]!, value);
    }
    near(found.fees, wanted.total_fees ?? found.fees);
    near(deepest(netWealth), wanted.max_drawdown ?? deepest(netWealth));
    near(columnOf(journal!.metrics, "net_wealth").at(-1)!, wanted.final_value);
  });
});

/** The largest relative fall below the highest value so far, negative. */
function deepest(wealth: Float64Array): number {
  let [highest, lowest] = [Number.NEGATIVE_INFINITY, 0];
  for (const value of wealth) {
    highest = Math.max(highest, value);
    lowest = Math.min(lowest, value / highest - 1);
  }
  return lowest;
}
