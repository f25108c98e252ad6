import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {roundToLot} from "../../../src/finance/sizing/round-to-lot.js";

describe("roundToLot", () => {
  it.each([
    [1.23456, 0.001, 1.235],
    [-1.2345, 0.001, -1.234],
    [2.5, 1, 2],
    [1234, 100, 1200],
    [12.4, 5, 10],
    [12.5, 5, 10],
    [13, 5, 15],
    [-0.3, 0.25, -0.25],
    [0.375, 0.25, 0.5],
    [40, 25, 50],
    [0, 0.5, 0],
  ])("%f in lots of %f is %f", (shares, lot, wanted) => {
    expect(roundToLot(shares, lot)).toBe(wanted);
  });

  it("gives whole lots, at most half a lot away, and keeps what is on the lot", () => {
    const lots = fc.constantFrom(0.001, 0.25, 0.5, 1, 3, 5, 10, 25);
    fc.assert(
      fc.property(fc.double({min: -1e6, max: 1e6, noNaN: true}), lots, (shares, lot) => {
        const rounded = roundToLot(shares, lot);
        expect(Math.abs(rounded / lot - Math.round(rounded / lot))).toBeLessThan(1e-6);
        expect(Math.abs(rounded - shares)).toBeLessThanOrEqual(lot / 2 + 1e-9);
        expect(roundToLot(rounded, lot)).toBe(rounded);
      }),
      {seed: 11},
    );
  });
});
