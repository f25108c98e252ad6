import {describe, expect, it} from "vitest";
import type {Convention} from "../../../src/stats/convention.js";
import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {METRICS} from "../../../src/stats/summary/metrics.js";
import {
  type StatisticsRequest,
  shortHistoryFlag,
  summariseReturns,
} from "../../../src/stats/summary/statistics.js";
import {DAY_MS} from "../../../src/time/epoch.js";

function sample(days: number, scale = 0.01): StatisticsRequest {
  const random = new SeededRandom(9);
  return {
    index: Float64Array.from({length: days}, (_, t) => Date.UTC(2024, 0, 1) + t * DAY_MS),
    returns: Float64Array.from({length: days}, () => scale * (random.student() + 0.05)),
    periodsPerYear: 365,
  };
}

const byKey = (request: StatisticsRequest) =>
  new Map(summariseReturns(request).statistics.map((one) => [one.key, one]));

describe("summariseReturns", () => {
  it("has more than sixty numbers, each name once, all known on two years of days", () => {
    const {statistics} = summariseReturns(sample(731));
    expect(statistics.length).toBeGreaterThanOrEqual(60);
    expect(new Set(statistics.map(({key}) => key)).size).toBe(statistics.length);
    expect(statistics.filter(({flag}) => flag !== undefined)).toEqual([]);
    expect(new Set(METRICS.map(({key}) => key)).size).toBe(METRICS.length);
  });

  it("puts an interval around every headline number, of the same bits each time", () => {
    const found = summariseReturns(sample(400)).statistics.filter(({isHeadline}) => isHeadline);
    expect(found.length).toBeGreaterThanOrEqual(10);
    for (const {low, high, value, n, key} of found) {
      expect(low, key).toBeLessThan(high);
      expect(value, key).toBeGreaterThan(low - (high - low));
      expect(n).toBe(400);
    }
    expect(summariseReturns(sample(400))).toEqual(summariseReturns(sample(400)));
    expect(byKey({...sample(400), seed: 2}).get("cagr")!.low).not.toBe(
      byKey(sample(400)).get("cagr")!.low,
    );
  });

  it("counts the last months from the same date on, as quantstats does", () => {
    // The last day is 14 February 2025; one return each, 10 % on the day that begins the months.
    const request = sample(411, 0);
    const from = [Date.UTC(2024, 10, 14), Date.UTC(2024, 7, 14), Date.UTC(2024, 1, 14)];
    const returns = request.index.map((day) => (from.includes(day) ? 0.1 : 0));
    const found = byKey({...request, returns});
    const months = ["three_months", "six_months", "one_year"].map((key) => found.get(key)?.value);
    expect(months.map((x) => Math.round((x ?? 0) * 1e9) / 1e9)).toEqual([0.1, 0.21, 0.331]);
    expect(
      byKey({...sample(400), returns: sample(400).returns.map(() => 0.001)}).get("k_ratio"),
    ).toMatchObject({value: Number.NaN});
  });

  it("flags what would be annualised from fewer than 90 days, and nothing else", () => {
    const [short, long] = [byKey(sample(89)), byKey(sample(90))];
    for (const {key, isAnnualised} of METRICS.filter((metric) => !metric.needsBenchmark)) {
      expect(short.get(key)!.flag?.startsWith("not shown: ") ?? false, key).toBe(
        isAnnualised ?? false,
      );
    }
    expect(short.get("sharpe_ratio")).toMatchObject({value: Number.NaN, low: Number.NaN});
    expect(long.get("sharpe_ratio")!.flag).toBeUndefined();
  });

  it("flags the information ratio of a short history where the convention annualises it", () => {
    const short = {...sample(30), benchmark: sample(30, 0).returns.map((_, t) => 0.001 * (t % 3))};
    const flagOf = (convention: Convention) =>
      byKey({...short, convention}).get("information_ratio")!.flag;
    expect(flagOf("nautilus")).toBe("not shown: fewer than 90 days");
    expect(flagOf("quantstats")).toBeUndefined();
  });

  it("says one thing of every history that is too short", () => {
    expect([0.99, 1, 1.6, 89.999, 90].map(shortHistoryFlag)).toEqual([
      "not shown: fewer than 90 days",
      "not shown: fewer than 90 days",
      "not shown: fewer than 90 days",
      "not shown: fewer than 90 days",
      undefined,
    ]);
  });

  it("says of PnL without capital only what needs none, whatever the unit of money", () => {
    const one = byKey({...sample(400, 1_000), isMoney: true});
    const cents = byKey({...sample(400, 100_000), isMoney: true});
    expect(one.get("cagr")!.flag).toMatch(/--capital/);
    expect(one.get("max_drawdown")).toMatchObject({unit: "money"});
    for (const [key, {unit, value, flag}] of one) {
      if (flag === undefined && unit !== "money") {
        expect(cents.get(key)!.value, key).toBeCloseTo(value, 9);
      } else if (flag === undefined) {
        expect(cents.get(key)!.value / value, key).toBeCloseTo(100, 6);
      }
    }
  });

  it("has beta 1 and no alpha against itself, 2 where it is twice the benchmark", () => {
    const request = sample(400);
    const itself = byKey({...request, benchmark: request.returns});
    expect(itself.get("beta")!.value).toBeCloseTo(1, 12);
    expect(itself.get("alpha")!.value).toBeCloseTo(0, 12);
    expect(itself.get("information_ratio")!.flag).toBe("not defined");
    const half = {...request, benchmark: request.returns.map((r) => r / 2)};
    expect(byKey(half).get("beta")).toMatchObject({n: 400, convention: "empyrical"});
    expect(byKey(half).get("beta")!.value).toBeCloseTo(2, 12);
  });

  it("follows the convention where the libraries part", () => {
    const [ours, theirs] = ["empyrical", "quantstats"].map((convention) =>
      byKey({...sample(400), convention: convention as "empyrical"}),
    );
    expect(ours!.get("value_at_risk")!.value).not.toBe(theirs!.get("value_at_risk")!.value);
    expect(ours!.get("ulcer_index")!.convention).toBe("quantstats");
    expect(theirs!.get("stability_of_timeseries")!.convention).toBe("empyrical");
  });

  it.each([0, 1])("of %d days is not an exception", (days) => {
    const {statistics} = summariseReturns(sample(days));
    expect(statistics.length).toBeGreaterThan(60);
  });
});
