import {describe, expect, it} from "vitest";
import {sharedVariation} from "../../../src/stats/comparison/shared-variation.js";

describe("sharedVariation", () => {
  it("gives Fisher's interval and that of least squares, by hand", () => {
    // x = 1…5, y = 2, 1, 4, 3, 5: sums of squares 10 and 10, of products 8.
    const x = Float64Array.of(1, 2, 3, 4, 5);
    const y = Float64Array.of(2, 1, 4, 3, 5);
    const {count, correlation, beta, explainedShare} = sharedVariation(y, x);
    expect(count).toBe(5);
    expect(correlation.value).toBeCloseTo(0.8, 12);
    // atanh(0.8) = 1.0986123; ± 1.9599640 / √2.
    expect(correlation.low).toBeCloseTo(Math.tanh(1.098612289 - 1.385903824), 8);
    expect(correlation.high).toBeCloseTo(Math.tanh(1.098612289 + 1.385903824), 8);
    expect(beta.value).toBeCloseTo(0.8, 12);
    // Residual variance (10 − 6.4) / 3 = 1.2, over 10: standard error √0.12.
    expect(beta.high - beta.value).toBeCloseTo(1.959963985 * Math.sqrt(0.12), 8);
    expect(explainedShare.value).toBeCloseTo(0.64, 12);
    expect(explainedShare.low).toBe(0);
    expect(explainedShare.high).toBeCloseTo(correlation.high ** 2, 12);
  });

  it("leaves out rows that one side lacks, and gives no interval for too few", () => {
    const x = Float64Array.of(1, Number.NaN, 2, 4);
    const found = sharedVariation(Float64Array.of(1, 9, 3, 4), x);
    expect(found.count).toBe(3);
    expect(found.correlation.value).toBeGreaterThan(0.8);
    expect(found.correlation.low).toBeNaN();
    expect(found.beta.low).toBeNaN();
    expect(sharedVariation(x, Float64Array.of(2, 2, 2, 2)).correlation.value).toBeNaN();
  });

  it("is certain of a series that is another's multiple", () => {
    const x = Float64Array.from({length: 50}, (_, t) => Math.sin(t));
    const {correlation, beta, explainedShare} = sharedVariation(
      x.map((value) => 3 * value),
      x,
    );
    expect(correlation.value).toBeCloseTo(1, 12);
    expect([beta.low, beta.high].every((value) => Math.abs(value - 3) < 1e-6)).toBe(true);
    expect(explainedShare.low).toBeCloseTo(1, 6);
  });

  it("covers the true value about 95 times in 100", () => {
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    let [inBeta, inCorrelation] = [0, 0];
    for (let k = 0; k < 400; ++k) {
      const x = Float64Array.from({length: 60}, normal);
      const y = x.map((value) => 0.5 * value + normal());
      const {beta, correlation} = sharedVariation(y, x);
      inBeta += Number(beta.low <= 0.5 && 0.5 <= beta.high);
      const truth = 0.5 / Math.sqrt(1.25);
      inCorrelation += Number(correlation.low <= truth && truth <= correlation.high);
    }
    expect(inBeta / 400).toBeGreaterThan(0.91);
    expect(inBeta / 400).toBeLessThan(0.98);
    expect(inCorrelation / 400).toBeGreaterThan(0.91);
    expect(inCorrelation / 400).toBeLessThan(0.98);
  });
});
