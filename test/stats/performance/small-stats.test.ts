import {describe, expect, it} from "vitest";
import {mean, stdev} from "../../../src/stats/distribution/moments.js";
import {studentTPValue} from "../../../src/stats/distribution/student-t.js";
import {tTestOfZeroMean} from "../../../src/stats/distribution/t-test.js";
import {
  maxMoneyDrawdown,
  moneyDrawdown,
  timeUnderWater,
} from "../../../src/stats/drawdown/money-drawdown.js";
import {kRatio} from "../../../src/stats/performance/k-ratio.js";
import {
  sharpeRatio,
  sharpeRatioStandardError,
} from "../../../src/stats/performance/sharpe-ratio.js";
import {observationsPerYear} from "../../../src/stats/series/observations-per-year.js";
import {trend} from "../../../src/stats/series/trend.js";
import {frameOf, hasOracles, ORACLES, readOracle, type Table} from "../../finance/oracle.js";

const NONE = Number.NaN;
const column = (...values: number[]): Float64Array => Float64Array.from(values);

interface SmallStats {
  readonly input: Table;
  readonly expected: Record<string, number> & {
    drawdown: Table;
    time_under_water: Table;
    ttest: {tval: number; pval: number};
  };
}

it.skipIf(!hasOracles)(`a series of twelve business days: ${ORACLES} 19`, () => {
  const {input, expected} = readOracle<SmallStats>("19_small_stats.json");
  const pnl = frameOf(input).data[0]!;
  const perYear = observationsPerYear("B");
  expect(sharpeRatio(pnl, perYear)).toBeCloseTo(expected.sharpe_annualized!, 9);
  expect(sharpeRatioStandardError(pnl, perYear)).toBeCloseTo(expected.sharpe_se!, 9);
  expect(kRatio(pnl, perYear)).toBeCloseTo(expected.kratio!, 9);
  expect(tTestOfZeroMean(pnl).tval).toBeCloseTo(expected.ttest.tval, 12);
  expect(tTestOfZeroMean(pnl).pval).toBeCloseTo(expected.ttest.pval, 12);
  expect(mean(pnl) * perYear).toBeCloseTo(expected.annualized_return!, 9);
  expect(stdev(pnl) * Math.sqrt(perYear)).toBeCloseTo(expected.annualized_vol!, 9);
  expect(maxMoneyDrawdown(pnl)).toBe(expected.max_drawdown);
  expect(moneyDrawdown(pnl)).toEqual(frameOf(expected.drawdown).data[0]);
  expect(timeUnderWater(pnl)).toEqual(frameOf(expected.time_under_water).data[0]);
});

describe("observationsPerYear", () => {
  it.each([
    ["B", 260.875],
    ["D", 365.25],
    ["1D", 365.25],
    ["H", 8763.125],
    ["5T", 105156.125],
    ["T", 525780.125],
    ["15min", 35052.125],
    ["7D", 52.25],
  ])("%s", (frequency, wanted) => {
    expect(observationsPerYear(frequency)).toBe(wanted);
  });
});

describe("moments", () => {
  it.each<[string, Float64Array, number, number]>([
    ["four values", column(2, 4, 4, 6), 4, Math.sqrt(8 / 3)],
    ["NaN does not count", column(2, NONE, 4), 3, Math.SQRT2],
    ["one value", column(5), 5, NONE],
    ["none", column(), NONE, NONE],
    ["all equal is exactly 0", column(0.1, 0.1, 0.1), 0.1, 0],
    [
      "a large offset costs nothing",
      column(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16),
      1e9 + 10,
      Math.sqrt(30),
    ],
  ])("%s", (_name, values, average, deviation) => {
    expect(near(mean(values), average)).toBe(true);
    expect(near(stdev(values), deviation)).toBe(true);
  });

  it("of equal values is 0 to the bit", () => {
    expect(stdev(column(0.1, 0.1, 0.1))).toBe(0);
  });

  it("takes the degrees of freedom as an argument", () => {
    expect(stdev(column(1, 3), 0)).toBe(1);
  });
});

describe("sharpeRatio", () => {
  it.each<[string, Float64Array, number]>([
    ["mean over deviation", column(1, 3), (2 / Math.SQRT2) * 2],
    ["no variation", column(0.1, 0.1, 0.1), NONE],
    ["one value", column(1), NONE],
    ["losses are negative", column(-1, -3), (-2 / Math.SQRT2) * 2],
  ])("%s", (_name, values, wanted) => {
    expect(near(sharpeRatio(values, 4), wanted)).toBe(true);
  });
});

describe("studentTPValue", () => {
  // scipy 1.17.1: 2 * scipy.stats.t.sf(t, freedom)
  it.each<[t: number, freedom: number, p: number]>([
    [0.01, 1, 0.993634014470186],
    [1, 1, 0.5000000000000001],
    [2.5, 2, 0.12961172022151082],
    [0.9332565252573827, 11, 0.3707204006973985],
    [3, 5, 0.030099247897462586],
    [12, 30, 5.580185415199261e-13],
    [0.5, 79, 0.6184649858517084],
    [1.96, 81, 0.05343454681846448],
    [2, 1000, 0.04577034649325166],
    [0.8, 10469, 0.4237289492194698],
    [40, 100, 2.462107602140071e-63],
    [1e-6, 7, 0.9999992300170983],
    [5, 2.5, 0.02345118997086185],
    [1.5, 1000000, 0.1336147182367928],
  ])("t %d, %d degrees of freedom", (t, freedom, wanted) => {
    expect(Math.abs(studentTPValue(t, freedom) / wanted - 1)).toBeLessThan(1e-11);
    expect(studentTPValue(-t, freedom)).toBe(studentTPValue(t, freedom));
  });

  it("at the edges", () => {
    expect(studentTPValue(0, 5)).toBe(1);
    expect(studentTPValue(Infinity, 5)).toBe(0);
    expect(studentTPValue(NONE, 5)).toBeNaN();
    expect(studentTPValue(1, 0)).toBeNaN();
  });
});

describe("trend", () => {
  it("is the least-squares line", () => {
    // y = 1, 3, 2, 5 on 0..3: slope 1.1, intercept 1.1, residuals -.1, .8, -1.3, .6.
    const line = trend(column(1, 3, 2, 5));
    expect(line.slope).toBeCloseTo(1.1, 12);
    expect(line.intercept).toBeCloseTo(1.1, 12);
    expect(line.slopeError).toBeCloseTo(Math.sqrt(2.7 / 2 / 5), 12);
  });

  it("keeps the place of missing values", () => {
    expect(trend(column(0, NONE, 4, 6)).slope).toBeCloseTo(2, 12);
  });

  it("needs two values for a slope and three for its error", () => {
    expect(trend(column(1)).slope).toBeNaN();
    expect(trend(column(1, 2)).slope).toBe(1);
    expect(trend(column(1, 2)).slopeError).toBeNaN();
  });
});

describe("money drawdown", () => {
  it.each<[string, Float64Array, number[], number[]]>([
    ["never falls", column(1, 2), [0, 0], [0, 0]],
    ["falls and recovers", column(5, -3, -1, 4), [0, 3, 4, 0], [0, 1, 2, 0]],
    ["a first loss is where it starts", column(-5, 1), [0, 0], [0, 0]],
    ["missing is 0", column(5, -3, NONE), [0, 3, 3], [0, 1, 2]],
  ])("%s", (_name, pnl, depth, bars) => {
    expect([...moneyDrawdown(pnl)]).toEqual(depth);
    expect([...timeUnderWater(pnl)]).toEqual(bars);
  });

  it("of nothing is unknown", () => {
    expect(maxMoneyDrawdown(column())).toBeNaN();
  });
});

function near(actual: number, wanted: number): boolean {
  return Number.isNaN(wanted)
    ? Number.isNaN(actual)
    : Math.abs(actual - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
}
