import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {correlation, correlationMatrix} from "../../../src/stats/comparison/correlation.js";
import {maxDrawdown, percentDrawdown} from "../../../src/stats/drawdown/percent-drawdown.js";
import {demeanRows, zscoreRows} from "../../../src/stats/rank/cross-section.js";
import {rollingMean, rollingStdev, rollingSum} from "../../../src/stats/rolling/rolling.js";
import {cumulativeSum, expandingMean} from "../../../src/stats/series/cumulative.js";
import {forwardFill, forwardFillColumn} from "../../../src/stats/series/forward-fill.js";
import {diff, lag, logReturns, simpleReturns} from "../../../src/stats/series/lag.js";
import {type Frame, frameFromRows, mapCells, sliceRows} from "../../../src/table/frame.js";
import {expectSameFrame, randomFrame, seeded} from "../../finance/oracle.js";
import {frameOfRows as rows} from "../../table/frame-of-rows.js";

const NONE = Number.NaN;
const column = (...values: number[]): Float64Array => Float64Array.from(values);
const series = (...values: number[]): Frame =>
  frameFromRows(
    values.map((_, t) => t),
    ["a"],
    values.map((x) => [x]),
  );

describe("rolling windows", () => {
  it.each<[string, Frame, Frame]>([
    ["sum of a full window", rollingSum(series(1, 2, 3, 4), {window: 2}), series(NONE, 3, 5, 7)],
    [
      "mean with fewer values",
      rollingMean(series(1, 2, 3, 4), {window: 3, minPeriods: 1}),
      series(1, 1.5, 2, 3),
    ],
    [
      "missing values do not count",
      rollingMean(series(1, NONE, 3, 4), {window: 2, minPeriods: 1}),
      series(1, 1, 3, 3.5),
    ],
    [
      "a window needs its values",
      rollingSum(series(1, NONE, 3, 4), {window: 2}),
      series(NONE, NONE, NONE, 7),
    ],
    [
      "deviation, ddof 1",
      rollingStdev(series(1, 3, 3, 9), {window: 2}),
      series(NONE, Math.SQRT2, 0, Math.sqrt(18)),
    ],
    [
      "deviation of one value",
      rollingStdev(series(1, 3), {window: 2, minPeriods: 1}),
      series(NONE, Math.SQRT2),
    ],
    [
      "no value at all",
      rollingSum(series(NONE, NONE), {window: 1, minPeriods: 0}),
      series(NONE, NONE),
    ],
    [
      "a window longer than the series",
      rollingSum(series(1, 2), {window: 9, minPeriods: 2}),
      series(NONE, 3),
    ],
  ])("%s", (_name, actual, wanted) => {
    expectSameFrame(actual, wanted, 1e-15);
  });

  it.each([rollingSum, rollingMean, rollingStdev])(
    "%o depends on its own window alone, to the bit",
    (roll) => {
      const frame = mapCells(randomFrame([300, 3], seeded(6), 0.05), (x) => 1e6 + x);
      const all = roll(frame, {window: 20, minPeriods: 5});
      const tail = roll(sliceRows(frame, 200), {window: 20, minPeriods: 5});
      expect(sliceRows(tail, 19).data).toEqual(sliceRows(all, 219).data);
    },
  );

  it("deviation of equal values is 0 to the bit, although their mean is none of them", () => {
    expect(rollingStdev(series(0.1, 0.1, 0.1), {window: 3}).data[0]![2]).toBe(0);
  });

  it("has at least one bar", () => {
    expect(() => rollingSum(series(1), {window: 0})).toThrow("at least one bar");
  });

  it("has no memory of a value that left", () => {
    const actual = rollingSum(series(1e300, 1, 2, 3), {window: 2});
    expect([...actual.data[0]!].slice(2)).toEqual([3, 5]);
  });
});

describe("lags and returns", () => {
  it.each<[string, Frame, Frame]>([
    ["lag", lag(series(1, 2, 3), 1), series(NONE, 1, 2)],
    ["lag by nothing", lag(series(1, 2), 0), series(1, 2)],
    ["lag by more than there is", lag(series(1, 2), 5), series(NONE, NONE)],
    ["difference", diff(series(1, 4, 9, 16), 2), series(NONE, NONE, 8, 12)],
    ["log return", logReturns(series(1, Math.E, Math.E ** 3)), series(NONE, 1, 2)],
    [
      "log return of a missing or worthless price",
      logReturns(series(1, NONE, 2, 0, 1)),
      series(NONE, NONE, NONE, NONE, NONE),
    ],
    ["simple return", simpleReturns(series(4, 5, 0, 1)), series(NONE, 0.25, -1, NONE)],
  ])("%s", (_name, actual, wanted) => {
    expectSameFrame(actual, wanted, 1e-15);
  });
});

describe("cross-section", () => {
  it("takes the mean off every row", () => {
    expectSameFrame(demeanRows(rows([1, 2, 6], [NONE, 1, 3])), rows([-2, -1, 3], [NONE, -1, 1]));
  });

  it.each<[string, number[], number[]]>([
    ["spread", [1, 2, 3], [-1, 0, 1]],
    ["missing cells stay missing", [1, NONE, 3], [-Math.SQRT1_2, NONE, Math.SQRT1_2]],
    ["all equal say nothing", [0.1, 0.1, 0.1], [NONE, NONE, NONE]],
    ["one cell says nothing", [NONE, 5, NONE], [NONE, NONE, NONE]],
  ])("z-scores: %s", (_name, cells, wanted) => {
    expectSameFrame(zscoreRows(rows(cells)), rows(wanted));
  });

  it("z-scores do not change when a row is moved and stretched", () => {
    const frame = randomFrame([20, 4], seeded(1));
    expectSameFrame(zscoreRows(mapCells(frame, (x) => 3 * x - 7)), zscoreRows(frame));
  });
});

describe("running figures", () => {
  it.each<[string, Float64Array, number[]]>([
    ["sum", cumulativeSum(column(1, NONE, 2)), [1, NONE, 3]],
    ["mean", expandingMean(column(NONE, 2, NONE, 4)), [NONE, 2, 2, 3]],
    ["fill", forwardFillColumn(column(NONE, 1, NONE, NONE, 2)), [NONE, 1, 1, 1, 2]],
    ["fill with a limit", forwardFillColumn(column(1, NONE, NONE, 2, NONE), 1), [1, 1, NONE, 2, 2]],
    ["fill nothing", forwardFillColumn(column(1, NONE), 0), [1, NONE]],
    ["drawdown", percentDrawdown(column(0.1, -0.5, 1, NONE)), [0, -0.5, 0, 0]],
    ["an initial loss is a drawdown", percentDrawdown(column(-0.2, 0.1)), [-0.2, -0.12]],
  ])("%s", (_name, actual, wanted) => {
    expectSameFrame(series(...actual), series(...wanted), 1e-15);
  });

  it.each<[string, number[], number]>([
    ["never falls", [0.1, 0.2], 0],
    ["falls by half", [1, -0.5, 0.2], -0.5],
    ["the later fall is deeper", [-0.1, 1, -0.6], -0.6],
    ["a single gain", [0.1], 0],
    ["nothing", [], 0],
    ["everything lost", [-1, 0.5], -1],
  ])("maximum drawdown: %s", (_name, returns, wanted) => {
    expect(maxDrawdown(column(...returns))).toBeCloseTo(wanted, 12);
  });
});

describe("forwardFill", () => {
  it("fills every column by itself", () => {
    const filled = forwardFill(rows([1, NONE], [NONE, 2], [NONE, NONE]), 1);
    expectSameFrame(filled, rows([1, NONE], [1, 2], [NONE, 2]));
  });
});

describe("correlation", () => {
  it.each<[string, number[], number[], number]>([
    ["the same direction", [1, 2, 4], [10, 20, 40], 1],
    ["the opposite direction", [1, 2, 4], [-1, -2, -4], -1],
    ["by hand", [1, 2, 3, 4], [1, 3, 2, 4], 0.8],
    ["rows where both are known", [1, 2, NONE, 4, 9], [1, 2, 7, 4, NONE], 1],
    ["one row", [1, NONE], [1, 2], NONE],
    ["no variation", [1, 1, 1], [1, 2, 3], NONE],
  ])("%s", (_name, a, b, wanted) => {
    const actual = correlation(column(...a), column(...b));
    expect(Number.isNaN(wanted) ? Number.isNaN(actual) : Math.abs(actual - wanted) < 1e-12).toBe(
      true,
    );
  });

  it("is symmetric, and 1 with itself", () => {
    const matrix = correlationMatrix(randomFrame([50, 4], seeded(9), 0.1));
    matrix.data.forEach((a, i) => {
      expect(a[i]).toBeCloseTo(1, 12);
      a.forEach((x, j) => {
        expect(matrix.data[j]![i]).toBeCloseTo(x, 12);
      });
    });
  });

  it("stays within -1 and 1", () => {
    const values = fc.array(fc.double({min: -1e3, max: 1e3, noNaN: true}), {
      minLength: 3,
      maxLength: 9,
    });
    fc.assert(
      fc.property(values, (a) => {
        const r = correlation(column(...a), column(...a).reverse());
        expect(Number.isNaN(r) || Math.abs(r) <= 1).toBe(true);
      }),
      {seed: 3},
    );
  });
});
