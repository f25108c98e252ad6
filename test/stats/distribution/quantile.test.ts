import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {OrderedValues, quantile, quantiles} from "../../../src/stats/distribution/quantile.js";
import {kurtosis, skew} from "../../../src/stats/distribution/shape.js";

const NONE = Number.NaN;
const column = (...values: number[]): Float64Array => Float64Array.from(values);

describe("quantile", () => {
  it.each([
    ["between two", column(1, 2, 3, 4), 0.5, 2.5],
    ["on one", column(5, 1, 3), 0.5, 3],
    ["the smallest", column(5, 1, 3), 0, 1],
    ["the largest", column(5, 1, 3), 1, 5],
    ["a part of the way", column(0, 10), 0.05, 0.5],
    ["missing values do not count", column(NONE, 4, NONE, 2), 0.25, 2.5],
    ["all equal", column(7, 7, 7), 0.3, 7],
  ])("%s", (_name, values, p, wanted) => {
    expect(quantile(values, p)).toBeCloseTo(wanted, 12);
  });

  it("of none is not known", () => {
    expect(quantile(column(), 0.5)).toBe(NONE);
  });

  it("is that of the sorted values, for any length and ties", () => {
    const value = fc.oneof(fc.double({noNaN: true, min: -1e3, max: 1e3}), fc.integer({max: 3}));
    fc.assert(
      fc.property(fc.array(value, {minLength: 1, maxLength: 300}), (list) => {
        const sorted = Float64Array.from(list).sort();
        for (const p of [0, 0.01, 0.05, 0.5, 0.95, 1]) {
          const at = (sorted.length - 1) * p;
          const [a, b] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
          const wanted = a + (b - a) * (at - Math.floor(at));
          expect(quantiles(Float64Array.from(list), [p])[0]).toBeCloseTo(wanted, 6);
        }
      }),
      {seed: 11, numRuns: 300},
    );
  });

  it("averages the smallest, ties included", () => {
    expect(new OrderedValues(column(3, 1, 1, 1, 9)).meanOfSmallest(2)).toBe(1);
    expect(new OrderedValues(column(4, NONE, 2, 8)).meanOfSmallest(2)).toBe(3);
    expect(new OrderedValues(column()).meanOfSmallest(1)).toBe(NONE);
  });
});

describe("shape", () => {
  it("of five values, by hand", () => {
    // Deviations −2 −1 0 1 2: Σd² = 10, Σd⁴ = 34; 4/(3·2) · (5·6·34/100 − 12) = −1.2.
    expect(skew(column(1, 2, 3, 4, 5))).toBe(0);
    expect(kurtosis(column(1, 2, 3, 4, 5))).toBeCloseTo(-1.2, 12);
    // pandas: Series([0, 0, 0, 1]).skew() = 2, .kurt() = 4
    expect(skew(column(0, 0, 0, 1))).toBeCloseTo(2, 12);
    expect(kurtosis(column(0, 0, 0, 1))).toBeCloseTo(4, 12);
  });

  it("of too few, or of equal values", () => {
    expect([skew(column(1, 2)), kurtosis(column(1, 2, 3))]).toEqual([NONE, NONE]);
    expect([skew(column(2, 2, 2)), kurtosis(column(2, 2, 2, 2))]).toEqual([0, 0]);
  });
});
