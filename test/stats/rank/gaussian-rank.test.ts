import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {gaussianRank, gaussianRankRow} from "../../../src/stats/rank/gaussian-rank.js";
import {rankSigner} from "../../../src/stats/rank/rank-sign.js";
import {
  expectSameFrame,
  frameOf,
  hasOracles,
  ORACLES,
  readOracle,
  seeded,
  type Table,
} from "../../finance/oracle.js";

const LOW = -5.199337582605575;
const HIGH = 5.19933758270342;

describe("gaussianRankRow", () => {
  // Wanted values: scikit-learn 1.9.1, QuantileTransformer(n, output_distribution="normal").
  const cases: [name: string, row: number[], wanted: number[]][] = [
    ["two values", [2, 1], [HIGH, LOW]],
    ["three: the middle is exactly 0", [3, 1, 2], [HIGH, LOW, 0]],
    ["five", [5, 1, 4, 2, 3], [HIGH, LOW, 0.6744897501960817, -0.6744897501960817, 0]],
    ["all equal are all lowest", [7, 7, 7], [LOW, LOW, LOW]],
    ["one value is the lowest", [7], [LOW]],
    ["only NaN", [Number.NaN, Number.NaN], [Number.NaN, Number.NaN]],
    ["one value beside NaN", [Number.NaN, 2], [Number.NaN, LOW]],
    [
      "a tie of 2 in 4 goes to its upper rank",
      [1, 2, 2, 3],
      [LOW, 0.4307272992954576, 0.4307272992954576, HIGH],
    ],
    ["within 1e-7 of the smallest", [1, 1 + 5e-8, 2, 3], [LOW, LOW, 0.4307272992954576, HIGH]],
  ];
  it.each(cases)("%s", (_name, row, wanted) => {
    const ranked = gaussianRankRow(row);
    wanted.forEach((z, j) => {
      expect(Number.isNaN(z) ? 0 : z).toBeCloseTo(Number.isNaN(ranked[j]) ? 0 : ranked[j]!, 9);
      expect(Number.isNaN(ranked[j])).toBe(Number.isNaN(z));
    });
  });

  it("bounds are scipy's to the last digits", () => {
    expect(gaussianRankRow([1, 2])[0]).toBeCloseTo(LOW, 9);
    expect(gaussianRankRow([1, 2])[1]).toBeCloseTo(HIGH, 9);
  });

  it("leaves its input alone and only depends on order, for values far apart", () => {
    const row = Float64Array.of(30, -10, 20, Number.NaN, 0);
    const before = row.slice();
    const ranked = gaussianRankRow(row);
    expect(row).toEqual(before);
    expect(gaussianRankRow(row.map((x) => 3 * x + 7))).toEqual(ranked);
  });
});

describe("gaussianRank", () => {
  it.skipIf(!hasOracles)(`ties, NaN, bulk removal: ${ORACLES} 20`, () => {
    const {input, no_bulk, bulk_half} = readOracle<Record<string, Table>>("20_gaussian_rank.json");
    const frame = frameOf(input!);
    expectSameFrame(gaussianRank(frame), frameOf(no_bulk!));
    expectSameFrame(gaussianRank(frame, {fraction: 0.5, fill: "nan"}), frameOf(bulk_half!));
  });

  it("fills removed cells with 0, or with the last kept rank", () => {
    const frame = frameOf({
      index: [1, 2, 3],
      columns: ["a", "b", "c", "d"],
      data: [
        [1, 2, 3, 4],
        [2, 1, 3, 4],
        [4, 1, 2, null],
      ],
    });
    const zero = gaussianRank(frame, {fraction: 0.5, fill: "zero"});
    expect(zero.data[0]![1]).toBe(0);
    expect(zero.data[3]![2]).toBeNaN();
    const carried = gaussianRank(frame, {fraction: 0.5, fill: "ffill"});
    expect(carried.data[0]![1]).toBeCloseTo(LOW, 9);
    expect(carried.data[2]![1]).toBeNaN();
    expect(carried.data[3]![2]).toBeCloseTo(HIGH, 9);
  });
});

describe("rankSigner", () => {
  const cell = fc.oneof(
    fc.integer({min: -4, max: 4}),
    fc.double({min: -1, max: 1, noNaN: true}),
    fc.constantFrom(0.3, 0.3 + 2 ** -53, 0.1 + 0.2),
  );

  it("is the sign of the gaussian rank wherever it gives one", () => {
    let given = 0;
    fc.assert(
      fc.property(fc.array(cell, {minLength: 2, maxLength: 30}), (cells) => {
        const row = Float64Array.from(cells);
        const signs = new Float64Array(row.length);
        if (rankSigner(row.length)(row, signs)) {
          given += 1;
          expect(signs).toEqual(gaussianRankRow(row).map((z) => Math.sign(z) + 0));
        }
      }),
      {seed: 20, numRuns: 1000},
    );
    expect(given).toBeGreaterThan(200);
  });

  it("agrees for every size from 2 to 120, odd sizes with an inexact middle included", () => {
    const next = seeded(7);
    const without: number[] = [];
    for (let n = 2; n <= 120; ++n) {
      const row = Float64Array.from({length: n}, () => next() - 0.5);
      const signs = new Float64Array(n);
      if (rankSigner(n)(row, signs)) {
        expect(signs).toEqual(gaussianRankRow(row).map((z) => Math.sign(z) + 0));
      } else {
        without.push(n);
      }
    }
    expect(without).toEqual([99]);
  });
});
