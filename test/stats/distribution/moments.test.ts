import {expect, it} from "vitest";
import {
  momentsOf,
  OrderedValues,
  sharpeRatio,
  stdev,
  valueAtRisk,
  winRate,
} from "../../../src/index.js";

const values = [0.02, -0.01, Number.NaN, 0.03, 0];

it("moments are those of the known values, by hand", () => {
  const {known, mean, squares} = momentsOf(Float64Array.from(values));
  expect(known).toBe(4);
  expect(mean).toBeCloseTo(0.01, 15);
  expect(squares).toBeCloseTo(0.001, 15);
});

it("a statistic of a column is that of its moments, its order, or of a plain array", () => {
  const column = Float64Array.from(values);
  const plain = values as unknown as Float64Array;
  for (const same of [momentsOf(column), plain]) {
    expect(stdev(same)).toBe(stdev(column));
    expect(sharpeRatio(same, 365)).toBe(sharpeRatio(column, 365));
  }
  for (const convention of ["reckon", "quantstats"] as const) {
    const wanted = valueAtRisk(column, 0.05, convention);
    expect(wanted).toBeLessThan(0);
    expect(valueAtRisk(new OrderedValues(column), 0.05, convention)).toBe(wanted);
    expect(valueAtRisk(plain, 0.05, convention)).toBe(wanted);
  }
  expect(winRate(plain)).toBe(2 / 3);
});
