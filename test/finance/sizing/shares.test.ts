import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {adjustHoldingsOvernight} from "../../../src/finance/research/overnight.js";
import {dayAtOffset} from "../../../src/finance/research/trading-day.js";
import {floorWithPrecision} from "../../../src/finance/sizing/floor-with-precision.js";
import {quantizeShares, type ShareDecimals} from "../../../src/finance/sizing/quantize-shares.js";
import {roundHalfEven} from "../../../src/finance/sizing/round-half-even.js";
import {frameFromRows} from "../../../src/table/frame.js";
import {HOUR_MS} from "../../../src/time/epoch.js";
import {expectSameFrame, frameOf, hasOracles, ORACLES, readOracle, type Table} from "../oracle.js";

const NONE = Number.NaN;

describe("roundHalfEven", () => {
  // Wanted values: numpy 2.4.6, numpy.round(x, decimals).
  it.each<[x: number, decimals: number, wanted: number]>([
    [0.5, 0, 0.0],
    [1.5, 0, 2.0],
    [2.5, 0, 2.0],
    [-0.5, 0, -0],
    [-1.5, 0, -2.0],
    [-0.4, 0, -0],
    [1.005, 2, 1.0],
    [2.675, 2, 2.68],
    [0.125, 2, 0.12],
    [0.375, 2, 0.38],
    [-0.125, 2, -0.12],
    [49.9, -2, 0.0],
    [-49.9, -2, -0],
    [50.0, -2, 0.0],
    [150.0, -2, 200.0],
    [250.0, -2, 200.0],
    [50.01, -2, 100.0],
    [1234567.891, -3, 1235000.0],
    [0.1, 1, 0.1],
    [100.1, 1, 100.1],
    [1000000000000000.5, 0, 1000000000000000.0],
    [2251799813685248.5, 0, 2251799813685248.0],
    [2251799813685249.5, 0, 2251799813685250.0],
    [4503599627370497.0, 0, 4503599627370497.0],
    [1e17, 0, 1e17],
    [0.000123456, 7, 0.0001235],
    [-1e-9, 3, -0],
  ])("%d to %d digits", (x, decimals, wanted) => {
    expect(roundHalfEven(x, decimals)).toBe(wanted);
  });

  it("keeps what cannot be rounded", () => {
    expect(roundHalfEven(NONE)).toBeNaN();
    expect(roundHalfEven(-Infinity, 2)).toBe(-Infinity);
    expect(roundHalfEven(1e300, 20)).toBe(1e300);
    expect(roundHalfEven(0.1 + 0.2, 30)).toBe(0.1 + 0.2);
  });

  it("is never farther than half a step, is odd, and rounding twice changes nothing", () => {
    fc.assert(
      fc.property(
        fc.double({min: -1e9, max: 1e9, noNaN: true}),
        fc.integer({min: -3, max: 6}),
        (x, decimals) => {
          const rounded = roundHalfEven(x, decimals);
          const step = 10 ** -decimals;
          expect(Math.abs(rounded - x)).toBeLessThanOrEqual(step / 2 + 1e-6 * step + 1e-7);
          expect(roundHalfEven(-x, decimals)).toBe(-rounded);
          expect(roundHalfEven(rounded, decimals)).toBe(rounded);
        },
      ),
      {seed: 1, numRuns: 500},
    );
  });
});

describe("floorWithPrecision", () => {
  const rows = hasOracles
    ? readOracle<Record<string, [number, number, number][]>>("21_misc_helpers.json")
        .floor_with_precision!
    : [];
  it.skipIf(!hasOracles).each(rows)(`%d to %d digits: ${ORACLES} 21`, (x, decimals, wanted) => {
    expect(floorWithPrecision(x, decimals)).toBe(wanted);
  });

  it.each<[x: number, decimals: number, wanted: number]>([
    [0.29, 2, 0.29],
    [1.1, 1, 1.1],
    [4.35, 2, 4.35],
    [0.299999, 2, 0.29],
    [1234, -2, 1200],
    [-1299, -2, -1200],
    [7, 0, 7],
    [NONE, 2, NONE],
    [1e21, 2, 1e21],
  ])("%d to %d digits", (x, decimals, wanted) => {
    expect(floorWithPrecision(x, decimals)).toBe(wanted);
  });

  it("never grows, and loses less than a step", () => {
    fc.assert(
      fc.property(
        fc.double({min: -1e6, max: 1e6, noNaN: true}),
        fc.integer({min: 0, max: 8}),
        (x, decimals) => {
          const cut = floorWithPrecision(x, decimals);
          expect(Math.abs(cut)).toBeLessThanOrEqual(Math.abs(x));
          expect(Math.abs(x) - Math.abs(cut)).toBeLessThan(10 ** -decimals * (1 + 1e-6));
        },
      ),
      {seed: 2, numRuns: 500},
    );
  });
});

interface QuantizationCase {
  readonly params: {quantization: number | null; asset_id_to_decimals?: Record<string, number>};
  readonly expected: Table;
}

describe("quantizeShares", () => {
  it.skipIf(!hasOracles)(`four settings: ${ORACLES} 01`, () => {
    const {input_shares, cases} = readOracle<{input_shares: Table; cases: QuantizationCase[]}>(
      "01_share_quantization.json",
    );
    expect(cases.length).toBe(4);
    for (const {params, expected} of cases) {
      const decimals: ShareDecimals = params.asset_id_to_decimals ?? params.quantization;
      expectSameFrame(quantizeShares(frameOf(input_shares), decimals), frameOf(expected), 1e-12);
    }
  });

  it("leaves assets alone that are not named, and rounds nothing without decimals", () => {
    const shares = frameFromRows([1], ["a", "b"], [[1.26, 1.26]]);
    expectSameFrame(quantizeShares(shares, {a: 1}), frameFromRows([1], ["a", "b"], [[1.3, 1.26]]));
    expectSameFrame(quantizeShares(shares, null), shares);
  });
});

interface OvernightCase {
  readonly params: {
    liquidate_at_end_of_day: boolean;
    adjust_for_splits: boolean;
    ffill_limit: number;
  };
  readonly expected: Table;
}

describe("adjustHoldingsOvernight", () => {
  it.skipIf(!hasOracles)(`liquidation and splits: ${ORACLES} 02`, () => {
    const {input_holdings, input_price, cases} = readOracle<{
      input_holdings: Table;
      input_price: Table;
      cases: OvernightCase[];
    }>("02_holdings_overnight.json");
    expect(cases.length).toBe(3);
    for (const {params, expected} of cases) {
      const actual = adjustHoldingsOvernight(frameOf(input_holdings), frameOf(input_price), {
        liquidateAtEndOfDay: params.liquidate_at_end_of_day,
        adjustForSplits: params.adjust_for_splits,
        ffillLimit: params.ffill_limit,
        dayOf: dayAtOffset(-5 * HOUR_MS),
      });
      const wanted = frameOf(expected);
      expectSameFrame(
        {...actual, data: actual.data.map((c) => c.map((x) => x + 0))},
        {...wanted, data: wanted.data.map((c) => c.map((x) => x + 0))},
      );
    }
  });

  const days = (cells: number[]) =>
    frameFromRows(
      cells.map((_, i) => Math.floor(i / 3) * 24 * HOUR_MS + (i % 3) * HOUR_MS),
      ["a"],
      cells.map((x) => [x]),
    );
  const rules = {liquidateAtEndOfDay: false, adjustForSplits: false, ffillLimit: 0};

  it.each<[string, number[], number[], Partial<typeof rules>, number[]]>([
    ["nothing to do", [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], {}, [1, 2, 3, 4, 5, 6]],
    [
      "filling stops at the limit",
      [1, NONE, NONE, 4, 5, 6],
      [1, 1, 1, 1, 1, 1],
      {ffillLimit: 1},
      [1, 1, NONE, 4, 5, 6],
    ],
    [
      "filling stops at midnight",
      [1, 2, 3, NONE, 5, NONE],
      [1, 1, 1, 1, 1, 1],
      {ffillLimit: 4},
      [1, 2, 3, NONE, 5, 5],
    ],
    [
      "two for one",
      [1, 2, 3, 4, 5, 6],
      [8, 8, 8, 4, 4, 4],
      {adjustForSplits: true},
      [NONE, 2, 3, 6, 5, 6],
    ],
    [
      "a rise is no split",
      [1, 2, 3, 4, 5, 6],
      [4, 4, 4, 8, 8, 8],
      {adjustForSplits: true},
      [NONE, 2, 3, 3, 5, 6],
    ],
    [
      "prices and holdings known last and first",
      [1, 3, NONE, 4, 5, 6],
      [9, 9, NONE, NONE, 3, 3],
      {adjustForSplits: true},
      [NONE, 3, NONE, 9, 5, 6],
    ],
    [
      "no price at all the day before",
      [1, 2, 3, 4, 5, 6],
      [NONE, NONE, NONE, 3, 3, 3],
      {adjustForSplits: true},
      [NONE, 2, 3, 3, 5, 6],
    ],
  ])("%s", (_name, holdings, price, change, wanted) => {
    const before = days(holdings);
    const actual = adjustHoldingsOvernight(before, days(price), {...rules, ...change});
    expect([...actual.data[0]!]).toEqual(wanted);
    expect([...before.data[0]!]).toEqual(holdings);
  });
});
