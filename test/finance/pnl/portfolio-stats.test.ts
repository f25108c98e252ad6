import {describe, expect, it} from "vitest";
import {ReckonError} from "../../../src/errors.js";
import {
  computePortfolioStats,
  resampleBarMetrics,
  roundStats,
} from "../../../src/finance/pnl/portfolio-stats.js";
import {type Frame, frameFromRows, mapCells} from "../../../src/table/frame.js";
import {HOUR_MS} from "../../../src/time/epoch.js";
import {hasOracles, ORACLES, readOracle, readOracleText} from "../oracle.js";

const NONE = Number.NaN;
const NAMES = ["pnl", "gross_volume", "net_volume", "gmv", "nmv"];

function readMetrics(): Frame {
  const lines = readOracleText("06_stats_computer_input.csv").trim().split("\n").slice(1);
  const cells = lines.map((line) => line.split(","));
  const rows = cells.map((row) => row.slice(1).map((x) => (x === "" ? NONE : Number(x))));
  return frameFromRows(
    cells.map(([at]) => Date.parse(at!)),
    NAMES,
    rows,
  );
}

describe.skipIf(!hasOracles)(`computePortfolioStats, ${ORACLES} 06`, () => {
  const expected = hasOracles
    ? readOracle<{expected_by_freq: Record<string, Record<string, number>>}>(
        "06_stats_computer_expected.json",
      ).expected_by_freq
    : {};

  it.each(Object.keys(expected))("%s", (frequency) => {
    const stats = computePortfolioStats(readMetrics(), {frequency, utcOffsetMs: -5 * HOUR_MS});
    const rounded = roundStats(stats).values;
    expect(Object.keys(rounded)).toEqual(Object.keys(expected[frequency]!));
    for (const [name, want] of Object.entries(expected[frequency]!)) {
      expect.soft(rounded[name], name).toBeCloseTo(want, 9);
    }
  });
});

describe("computePortfolioStats", () => {
  const metrics = frameFromRows([0, 300_000, 900_000, 1_200_000], NAMES, [
    [NONE, NONE, NONE, NONE, NONE],
    [10, 100, 100, 1000, 500],
    [-4, 50, -50, 1000, 300],
    [6, 0, 0, 2000, 100],
  ]);
  const stats = computePortfolioStats(metrics, {frequency: "5T", periodsPerYear: 4});

  it("counts bins without PnL as 0 in annual figures and not in bar means", () => {
    // Bins 10:00 NaN, 10, empty, -4, 6.
    expect(stats.values["dollar/pnl_mean"]).toBeCloseTo(4, 12);
    expect(stats.values["dollar/annualized_mean_return"]).toBeCloseTo((12 / 5) * 4, 12);
    expect(stats.values["dollar/annualized_volatility"]).toBeCloseTo(Math.sqrt(30.8) * 2, 12);
    expect(stats.values["dollar/max_drawdown"]).toBe(4);
    expect(stats.values["dollar/turnover_mean"]).toBe(50);
    expect(stats.values["dollar/market_bias_mean"]).toBe(300);
    expect(stats.values["percentage/max_drawdown"]).toBeCloseTo((100 * 4) / (4000 / 3), 12);
  });

  it("scaling money scales money and leaves ratios and percentages", () => {
    const scaled = computePortfolioStats(
      mapCells(metrics, (x) => 7 * x),
      {frequency: "5T", periodsPerYear: 4},
    );
    for (const [name, x] of Object.entries(stats.values)) {
      expect(scaled.values[name]).toBeCloseTo(name.startsWith("dollar") ? 7 * x : x, 9);
    }
  });

  it("takes fees and funding off the PnL", () => {
    const withCosts: Frame = {
      ...metrics,
      columns: [...NAMES, "fees", "funding"],
      data: [...metrics.data, Float64Array.of(NONE, 1, 2, NONE), Float64Array.of(0, 0, 0.5, 0)],
    };
    const bins = resampleBarMetrics(withCosts, {frequency: "5T"});
    expect([...bins.data[0]!]).toEqual([NONE, 9, NONE, -5.5, 6]);
  });

  it("says NaN where there is too little", () => {
    const {values} = computePortfolioStats(frameFromRows([0], NAMES, [[1, 1, 1, 1, 1]]), {
      frequency: "D",
    });
    expect(values["ratios/sharpe_ratio"]).toBeNaN();
    expect(values["ratios/sr.pval"]).toBeNaN();
    expect(values["ratios/kratio"]).toBeNaN();
    expect(values["dollar/pnl_mean"]).toBe(1);
    const empty = computePortfolioStats(frameFromRows([], NAMES, []), {frequency: "D"});
    expect(Object.values(empty.values).every(Number.isNaN)).toBe(true);
  });

  it("refuses a frequency it does not know", () => {
    expect(() => computePortfolioStats(metrics, {frequency: "5X"})).toThrow(ReckonError);
    expect(() => computePortfolioStats(metrics, {frequency: ""})).toThrow("frequency: expected");
  });
});
