import {describe, expect, it} from "vitest";
import type {ReconciledDay} from "../../../src/report/multiday/day.js";
import {
  dailyPnlFigure,
  daysTable,
  executionTrendFigure,
  failedDays,
  multidayVerdict,
  pnlCorrelationMatrix,
  resampledMetrics,
} from "../../../src/report/multiday/days-report.js";
import {joinDays} from "../../../src/report/multiday/join-days.js";
import {columnOf, type Frame, makeFrame} from "../../../src/table/frame.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";
import {rowsOf} from "../rows-of.js";

/** Bar metrics of an hour each from hour `from` on; fees of 1 at each bar where told. */
function metricsOf(from: number, pnl: readonly number[], fee?: number): Frame {
  const index = Float64Array.from(pnl, (_, t) => (from + t + 1) * HOUR_MS);
  const columns = ["pnl", "gross_volume", "net_volume", "gmv", "nmv"];
  const data = [Float64Array.from(pnl), ...[100, 10, 1_000, 5].map((x) => index.map(() => x))];
  return fee === undefined
    ? makeFrame(index, columns, data)
    : makeFrame(index, [...columns, "fees"], [...data, index.map(() => fee)]);
}

function dayOf(start: number, part: Partial<ReconciledDay> = {}): ReconciledDay {
  return {
    start: start * HOUR_MS,
    end: start * HOUR_MS + DAY_MS,
    scheduleMode: "scheduled",
    dir: "d",
    status: "identical",
    failure: "",
    first: "",
    cause: "",
    metrics: {},
    slippageBps: Number.NaN,
    orderDelayS: Number.NaN,
    ...part,
  };
}

const GOOD = dayOf(0, {
  metrics: {prod: metricsOf(0, [Number.NaN, 4, -2]), sim: metricsOf(0, [Number.NaN, 4, -2])},
  slippageBps: 0.5,
  orderDelayS: 10,
});
/** Begins before the first one ends: its first bar is one of the first run's. */
const PARTED = dayOf(2, {
  status: "differs",
  first: "PnL · fees",
  cause: "fees",
  metrics: {prod: metricsOf(2, [7, 3, 5], 1), sim: metricsOf(2, [7, 3, 5])},
});
const FAILED = dayOf(24, {status: "failed", failure: "no simulation"});

describe("a period of reconciled runs", () => {
  const period = joinDays([GOOD, PARTED, FAILED], "H");

  it("is one portfolio, net of fees, in which a bar of two runs is the first run's", () => {
    const {prod, sim, research} = period.metrics;
    expect(Array.from(prod?.index ?? [], (time) => time / HOUR_MS)).toEqual([1, 2, 3, 4, 5]);
    expect(Array.from(columnOf(prod as Frame, "pnl"))).toEqual([Number.NaN, 4, -2, 2, 4]);
    expect(Array.from(columnOf(sim as Frame, "pnl"))).toEqual([Number.NaN, 4, -2, 3, 5]);
    expect(research).toBeUndefined();
    expect(period.overlaps).toBe(1);
  });

  it("says how many agree, differ and failed, and what was earned", () => {
    expect(multidayVerdict(period)).toMatchObject({
      text:
        "1 of 3 runs did what their simulations say, 1 differs and 1 failed: prod earned +$8 " +
        "net and the simulation +$10. Prod − sim: −$2. 1 bar of overlapping runs count once.",
      summary: {runs: 3, agree: 1, differ: 1, incomplete: 0, failed: 1, pnl: {prod: 8, sim: 10}},
    });
    const {html, text} = multidayVerdict(joinDays([GOOD], "H"));
    expect(text).toMatch(/^The one run did what its simulation says: prod earned \+\$2 net/);
    expect(html).toContain("verdict-ok");
  });

  it("lists every run with its cause, PnL and costs", () => {
    const rows = rowsOf(daysTable(period));
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatchObject({
      "Run from (UTC)": "1970-01-01 02:00",
      Status: "differs",
      Cause: "fees",
      "prod ($)": "12.00",
      "sim ($)": "15.00",
      "prod − sim ($)": "−3.00",
      "First difference in": "PnL · fees",
    });
    expect(rows[2]).toMatchObject({Status: "failed", "prod ($)": ""});
    expect(rowsOf(failedDays(period))).toEqual([
      {"Run from (UTC)": "1970-01-02 00:00", Why: "no simulation"},
    ]);
    expect(failedDays(joinDays([GOOD], "H"))).toMatchObject({
      text: expect.stringMatching(/^No run failed/),
    });
  });

  it("sums PnL into bins that end with their last bar", () => {
    const {prod} = resampledMetrics(joinDays([PARTED], "H"), "2H");
    expect(Array.from(prod?.index ?? [], (time) => time / HOUR_MS)).toEqual([4, 6]);
    expect(Array.from(columnOf(prod as Frame, "pnl"))).toEqual([8, 4]);
    expect(Array.from(columnOf(prod as Frame, "gmv"))).toEqual([1_000, 1_000]);
  });

  it("does not count a first bar without holdings as held: runs join without a dent", () => {
    const flat = metricsOf(0, [1, 2, 3, 4]);
    const gmv = Float64Array.of(0, 1_000, 1_000, 1_000);
    const data = flat.data.map((column, j) => (flat.columns[j] === "gmv" ? gmv : column));
    const day = dayOf(0, {metrics: {prod: makeFrame(flat.index, flat.columns, data)}});
    const {prod} = resampledMetrics(joinDays([day], "H"), "2H");
    expect(Array.from(columnOf(prod as Frame, "gmv"))).toEqual([1_000, 1_000]);
    expect(Array.from(columnOf(prod as Frame, "pnl"))).toEqual([3, 7]);
  });

  it("names each run by its day, and by the minute where runs start at several times", () => {
    const names = (...days: readonly ReconciledDay[]): unknown => {
      const figure = dailyPnlFigure(joinDays(days, "H"));
      return "data" in figure ? (figure.data[0] as {x?: unknown}).x : figure.text;
    };
    expect(names(GOOD)).toEqual(["1970-01-01"]);
    expect(names(GOOD, PARTED)).toEqual(["1970-01-01 00:00", "1970-01-01 02:00"]);
  });

  it("correlates each portfolio with each, and says where there is only one", () => {
    const {text} = pnlCorrelationMatrix(period);
    expect(text).toMatch(/prod +1\.0000 +0\.9\d+\nsim +0\.9\d+ +1\.0000/);
    expect(pnlCorrelationMatrix(joinDays([FAILED], "H")).text).toMatch(/nothing to correlate/);
  });

  it("draws slippage of the runs that traded, and says where none did", () => {
    const figure = executionTrendFigure(period) as {
      data: readonly Record<string, unknown>[];
    };
    expect(figure.data.map(({y}) => y)).toEqual([[0.5], [10]]);
    expect(executionTrendFigure(joinDays([FAILED], "H"))).toMatchObject({
      text: expect.stringMatching(/Nothing was/),
    });
  });
});
