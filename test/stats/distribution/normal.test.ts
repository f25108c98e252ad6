import {describe, expect, it} from "vitest";
import {normalCdf, normalQuantile} from "../../../src/stats/distribution/normal.js";

// scipy 1.17.1, scipy.special.ndtri
const QUANTILES: [p: number, z: number][] = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798409],
  [1e-7, -5.1993375821928165],
  [0.0001, -3.7190164854556804],
  [0.01, -2.3263478740408408],
  [0.07, -1.4757910281791706],
  [0.0749999, -1.439532177375901],
  [0.075, -1.4395314709384563],
  [0.2, -0.8416212335729142],
  [0.4999, -0.0002506628300880075],
  [0.6, 0.2533471031357997],
  [0.75, 0.6744897501960817],
  [0.925, 1.4395314709384563],
  [0.9250001, 1.439532177375901],
  [0.99, 2.3263478740408408],
  [0.9999999, 5.199337582290661],
];
// scipy 1.17.1, scipy.special.ndtr
const CDF: [z: number, p: number][] = [
  [-30.0, 4.906713927147908e-198],
  [-8.0, 6.22096057427174e-16],
  [-3.0, 0.0013498980316300933],
  [-2.5, 0.006209665325776132],
  [-2.4999, 0.006211418374944587],
  [-1.0, 0.15865525393145707],
  [-0.1, 0.460172162722971],
  [0.0, 0.5],
  [0.5, 0.6914624612740131],
  [1.96, 0.9750021048517795],
  [2.5, 0.9937903346742238],
  [4.0, 0.9999683287581669],
  [9.0, 1.0],
];

describe("normalQuantile", () => {
  it.each(QUANTILES)("%d", (p, wanted) => {
    const z = normalQuantile(p);
    expect(Math.abs(z - wanted)).toBeLessThanOrEqual(4e-15 * Math.abs(wanted));
  });

  it("at and beyond the ends", () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(0.5)).toBe(0);
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(normalQuantile(p)).toBeNaN();
    }
  });

  it("inverts the distribution function", () => {
    for (let p = 0.001; p < 1; p += 0.007) {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 14);
    }
  });
});

describe("normalCdf", () => {
  it.each(CDF)("%d", (z, wanted) => {
    expect(Math.abs(normalCdf(z) - wanted)).toBeLessThanOrEqual(1e-12 * wanted);
  });

  it("keeps NaN", () => {
    expect(normalCdf(Number.NaN)).toBeNaN();
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(-Infinity)).toBe(0);
  });
});
