import {describe, expect, it} from "vitest";
import {computePortfolioStats} from "../../src/finance/pnl/portfolio-stats.js";
import {portfolioStats, portfolioStatsView} from "../../src/report/portfolio-stats-table.js";
import {
  pairwiseDifferences,
  pnlCorrelations,
  pnlDifferenceFigure,
} from "../../src/report/reconciliation/portfolio-comparison.js";
import {toTable} from "../../src/report/table.js";
import {type Frame, frameFromRows} from "../../src/table/frame.js";
import {DAY_MS} from "../../src/time/epoch.js";
import {barEnd} from "./sample-recorded-run.js";

const NAMES = ["pnl", "gross_volume", "net_volume", "gmv", "nmv", "fees"];

function metricsOf(pnls: readonly number[], {gmv = 100, fees = 0, from = 1} = {}): Frame {
  const rows = pnls.map((pnl) => [pnl, 10, 2, gmv, 5, fees]);
  return frameFromRows(
    pnls.map((_, t) => barEnd(t + from)),
    NAMES,
    rows,
  );
}

describe("pairwise differences", () => {
  it("are the largest percentages, over shared bars, in the order of the roles", () => {
    const metrics = {
      prod: metricsOf([1, 2, 3]),
      sim: metricsOf([1, 2, 4]),
      research: metricsOf([2, 3], {gmv: 80, from: 2}),
    };
    expect(pairwiseDifferences(metrics).objects()).toEqual(
      [
        ["PnL per bar, net", "25", "0", "33.3"],
        ["Gross volume", "0", "0", "0"],
        ["Net volume", "0", "0", "0"],
        ["GMV", "0", "25", "25"],
        ["NMV", "0", "0", "0"],
      ].map(([metric, a, b, c]) => ({
        "Bar metric": metric,
        "prod vs sim (largest, %)": a,
        "prod vs research (largest, %)": b,
        "sim vs research (largest, %)": c,
      })),
    );
  });

  it("compare net PnL, not gross", () => {
    const metrics = {prod: metricsOf([3], {fees: 1}), sim: metricsOf([2])};
    const [row] = pairwiseDifferences(metrics).objects() as Record<string, unknown>[];
    expect(row?.["prod vs sim (largest, %)"]).toBe("0");
  });
});

describe("correlation of bar PnL", () => {
  it("is 1 up to scale and −1 for the opposite", () => {
    const metrics = {
      prod: metricsOf([1, -2, 4]),
      sim: metricsOf([2, -4, 8]),
      research: metricsOf([-1, 2, -4]),
    };
    const rows = pnlCorrelations(metrics).objects() as Record<string, string>[];
    expect(rows.map((row) => row.Pair)).toEqual([
      "prod vs sim",
      "prod vs research",
      "sim vs research",
    ]);
    const found = rows.map((row) => row["Correlation of bar PnL"]?.split(" ")[0]);
    expect(found).toEqual(["1.0000", "−1.0000", "−1.0000"]);
  });
});

describe("difference of PnL", () => {
  it("is drawn per bar, net", () => {
    const shown = pnlDifferenceFigure({prod: metricsOf([1, 5]), sim: metricsOf([1, 2])});
    const {data} = shown as {data: readonly Record<string, unknown>[]};
    expect(data[0]?.y).toEqual([0, 3]);
  });

  it("is a sentence where it is 0 everywhere, or one side is missing", () => {
    const prod = metricsOf([1, 2]);
    expect(pnlDifferenceFigure({prod, sim: prod})).toMatchObject({
      text: "prod − sim is $0 at each of 2 bars.",
    });
    expect(pnlDifferenceFigure({prod})).toHaveProperty("text");
  });
});

describe("statistics side by side", () => {
  const pnls = Array.from({length: 40}, (_, t) => (t % 2 === 0 ? 3 : -1));

  it("have a column per portfolio and say what they stand on", () => {
    const stats = portfolioStats(
      {prod: metricsOf(pnls), sim: metricsOf(pnls.map((x) => 2 * x))},
      {frequency: "5T", periodsPerYear: 100_000},
    );
    const rows = stats.table.objects() as Record<string, number | string>[];
    const mean = rows.find(
      ({Statistic, Unit}) => Statistic === "PnL per bar, mean, net" && Unit === "$",
    );
    expect(mean).toEqual({Statistic: "PnL per bar, mean, net", Unit: "$", prod: 1, sim: 2});
    const [sharpe] = rows.filter(({Statistic}) => Statistic === "Sharpe ratio, annualised");
    expect([sharpe?.prod, sharpe?.sim]).toEqual([Number.NaN, Number.NaN]);
    const {text, html} = portfolioStatsView(stats);
    expect(text).toContain("On bars of 5T, 100,000 of them a year; PnL net of fees.");
    expect(text).toMatch(/^Sharpe ratio, annualised +n\/a \[1\] +n\/a \[1\]$/m);
    expect(text).toMatch(/^PnL per year, net +n\/a \[1\] +n\/a \[1\]$/m);
    expect(text).toMatch(/^\[1\] not shown: fewer than 90 days$/m);
    expect(text).toMatch(/PnL per bar, mean, net +\$1\.00 +\$2\.00/);
    expect(html.match(/<table>/g)).toHaveLength(3);
  });

  it("have annual figures from 90 days on, each portfolio by itself", () => {
    const days = (count: number): Frame => ({
      ...metricsOf(Array.from({length: count}, (_, t) => (t % 2 === 0 ? 3 : -1))),
      index: Float64Array.from({length: count}, (_, t) => (t + 1) * DAY_MS),
    });
    const metrics = {prod: days(90), sim: days(89)};
    const stats = portfolioStats(metrics, {frequency: "D", periodsPerYear: 365});
    expect(stats.flags).toEqual({sim: "not shown: fewer than 90 days"});
    const {values} = computePortfolioStats(metrics.prod, {frequency: "D", periodsPerYear: 365});
    const annual = stats.names.filter((name) => /sharpe|kratio|annualized/.test(name));
    expect(annual).toHaveLength(7);
    const rows = stats.table.objects() as Record<string, number>[];
    stats.names.forEach((name, i) => {
      expect(rows[i]?.prod, name).toBe(values[name]);
      expect(Number.isNaN(rows[i]?.sim), name).toBe(annual.includes(name));
    });
    expect(portfolioStatsView(stats).text).toMatch(
      /^Sharpe ratio, annualised +9\.\d+ +n\/a \[1\]$/m,
    );
  });

  it.each([0, 1, 2, 19])("need more than %i bars", (bars) => {
    const metrics = {prod: bars === 0 ? frameFromRows([], [], []) : metricsOf(pnls.slice(0, bars))};
    const {text} = portfolioStatsView(portfolioStats(metrics, {frequency: "5T"}));
    expect(text).toBe(`${bars} ${bars === 1 ? "bar" : "bars"}; statistics need 20.`);
  });
});

describe("toTable", () => {
  it("is a frame with its times in words", () => {
    const frame = frameFromRows([barEnd(1)], ["A", "B"], [[1, Number.NaN]]);
    expect(toTable(frame).objects()).toEqual([
      {"Bar (UTC)": "2025-09-01 00:05", A: 1, B: Number.NaN},
    ]);
  });
});
