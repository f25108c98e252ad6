import {describe, expect, it} from "vitest";
import {
  executionTimeFigure,
  executionTimes,
  outputSizes,
  peakMemory,
} from "../../src/report/nodes/timing.js";
import {orderNotionalFigure, ordersSummary} from "../../src/report/reconciliation/orders-table.js";
import {targetGaps, targetShortfalls} from "../../src/report/reconciliation/targets-table.js";
import {factsRow} from "../../src/report/run-facts.js";
import {frameFromRows} from "../../src/table/frame.js";
import {rowsOf} from "./rows-of.js";
import {barEnd, orderOf, recordedRun} from "./sample-recorded-run.js";

describe("facts of a run", () => {
  it("says model, market, capital, fee and interval with their units", () => {
    const {text} = factsRow(recordedRun(2).facts, 2);
    expect(text.split("\n")).toEqual([
      "Model: C1",
      "Run mode: paper trading",
      "Market: simulated market 5m (2 instruments)",
      "Bars recorded: 2 (2025-09-01 00:00 to 2025-09-01 00:10 UTC)",
      "Capital: $1,000 (cash at the start)",
      "Target GMV: $200 (gross market value)",
      "Fee: 1.0 bps (of the value traded)",
      "Order type: price@twap",
    ]);
  });

  it("says what the folder does not", () => {
    const {facts} = recordedRun(0);
    const {text} = factsRow({...facts, start: undefined, targetGmv: Number.NaN}, 0);
    expect(text).toContain("interval not recorded");
    expect(text).toContain("Target GMV: none (sized by risk per name)");
  });
});

describe("targets against holdings", () => {
  it("finds no gap where each target was reached", () => {
    expect(targetShortfalls(recordedRun(5).targets)).toMatchObject({
      text: "Every target was reached by the next bar: 2 instruments, 4 bars, no underfill.",
    });
  });

  it("measures a gap in shares and in $ at the price of the bar", () => {
    const {targets} = recordedRun(4);
    const held = frameFromRows(
      [1, 2, 3, 4].map(barEnd),
      ["A", "B"],
      [
        [0, 0],
        [10, -4],
        [7, -4],
        [10, -4],
      ],
    );
    const gaps = targetGaps({...targets, holdings_shares: held});
    expect(Array.from(gaps.data[0] as Float64Array)).toEqual([Number.NaN, 0, -3, 0]);
    expect(rowsOf(targetShortfalls({...targets, holdings_shares: held}))).toEqual([
      {
        Instrument: "A",
        "Bars off target": 1,
        "Largest gap (shares)": 3,
        "Largest gap ($)": "33.00",
      },
    ]);
  });

  it.each([0, 1])("says that %i bars are too few", (bars) => {
    expect(targetShortfalls(recordedRun(bars).targets)).toHaveProperty("text");
  });
});

describe("orders", () => {
  const orders = [
    orderOf(1, "A", 10),
    orderOf(1, "B", -4),
    orderOf(2, "A", 5),
    orderOf(3, "A", -2),
    orderOf(4, "B", 1),
  ];
  const trades = frameFromRows(
    [1, 2, 3, 4].map(barEnd),
    ["A", "B"],
    [
      [0, 0],
      [10, -4],
      [0, 0],
      [-1, 0],
    ],
  );
  const run = recordedRun(4);
  const portfolio = {...run.portfolio, executed_trades_shares: trades};

  it("counts them, their value and their fate", () => {
    const [prod, sim] = rowsOf(ordersSummary({prod: {...run, orders, portfolio}, sim: run}));
    expect(prod).toEqual({
      Run: "prod",
      Orders: 5,
      Buys: 3,
      Sells: 2,
      "Bought ($)": 10 * 10 + 5 * 10 + 25,
      "Sold ($)": 4 * 25 + 2 * 11,
      Filled: 2,
      "Partly filled": 1,
      Unfilled: 1,
      "Open at the end": 1,
    });
    expect(sim).toMatchObject({Run: "sim", Orders: 0, Filled: 0});
  });

  it("draws buys upward and sells downward", () => {
    const figure = orderNotionalFigure({...run, orders, portfolio});
    const {data} = figure as {data: readonly Record<string, unknown>[]};
    expect(data.map(({name, y}) => [name, y])).toEqual([
      ["buys", [100, 50, 0, 25]],
      ["sells", [-100, 0, -22, 0]],
    ]);
    expect(orderNotionalFigure(run)).toHaveProperty("text", "No order was sent.");
  });
});

describe("timing and memory", () => {
  const timings = [
    {barEnd: barEnd(1), id: "a", seconds: 0.001, rssBytes: 100 * 2 ** 20},
    {barEnd: barEnd(1), id: "b", seconds: 0.004, rssBytes: 120 * 2 ** 20},
    {barEnd: barEnd(2), id: "a", seconds: 0.003, rssBytes: 110 * 2 ** 20},
    {barEnd: barEnd(2), id: "b", seconds: 0.004, rssBytes: 130 * 2 ** 20},
  ];

  it("adds up milliseconds per node and bar", () => {
    const rows = rowsOf(executionTimes({timings}));
    expect(rows.map(({Node}) => Node)).toEqual(["a", "b", "all nodes"]);
    expect(rows[0]).toEqual({
      Node: "a",
      Bars: 2,
      "Mean (ms)": "2.00",
      "Longest (ms)": "3.00",
      "Total (ms)": "4.00",
    });
    expect(rows[2]?.["Total (ms)"]).toBe("12.00");
  });

  it("draws each node, in milliseconds", () => {
    const {data} = executionTimeFigure({timings}) as {data: readonly Record<string, unknown>[]};
    expect(data.map(({name, y}) => [name, y])).toEqual([
      ["a", [1, 3]],
      ["b", [4, 4]],
    ]);
  });

  it("says so where nothing was recorded", () => {
    expect(executionTimes({timings: []})).toHaveProperty("text");
    expect(executionTimeFigure({timings: []})).toHaveProperty("text");
    expect(outputSizes({outputs: []})).toHaveProperty("text");
    const {facts} = recordedRun(1);
    expect(peakMemory({facts: {...facts, peakRssBytes: Number.NaN}}).text).toContain("did not");
  });

  it("sizes what was recorded", () => {
    const outputs = [{id: "a", rows: 3, instruments: 16, features: 8}];
    expect(rowsOf(outputSizes({outputs}))[0]?.["KiB per bar"]).toBe("3.0");
    expect(peakMemory(recordedRun(1)).text).toBe("Peak memory of the process: 128 MiB.");
  });
});
