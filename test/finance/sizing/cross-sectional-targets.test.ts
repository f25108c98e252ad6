import {describe, expect, it} from "vitest";
import {crossSectionalTargets} from "../../../src/finance/sizing/cross-sectional-targets.js";
import {type Frame, frameFromRows, mapCells, rowOf} from "../../../src/table/frame.js";
import {expectSameFrame, randomFrame, seeded} from "../oracle.js";

const row = (...cells: number[]): Frame =>
  frameFromRows(
    [1],
    cells.map((_, j) => String(j)),
    [cells],
  );
const NONE = Number.NaN;

describe("crossSectionalTargets", () => {
  // Volatilities 1 and 2 weigh 1 and 1/4.
  const cases: [name: string, prediction: number[], volatility: number[], wanted: number[]][] = [
    ["the upper half is long", [4, 3, 2, 1], [1, 1, 1, 1], [25, 25, -25, -25]],
    ["weights fall with variance", [2, 1], [1, 2], [80, -20]],
    ["the middle of three holds nothing", [3, 2, 1], [1, 1, 1], [50, 0, -50]],
    ["signs are relative to the median", [9, 8], [1, 1], [50, -50]],
    ["equal predictions are all short", [5, 5], [1, 1], [-50, -50]],
    ["one asset follows its own sign", [0.01], [3], [100]],
    ["one asset without a view", [0], [3], [0]],
    ["one asset without a prediction", [NONE], [3], [NONE]],
    ["a missing volatility leaves the rest", [2, 1, 0], [1, NONE, 1], [50, NONE, -50]],
    ["a missing prediction leaves the rest", [NONE, 2, 1], [1, 1, 1], [NONE, 50, -50]],
    ["alone with a prediction, its own sign counts", [1, NONE], [1, 1], [100, NONE]],
    ["and a short one is short", [NONE, -1, NONE], [1, 1, 1], [NONE, -100, NONE]],
    ["alone without a view", [NONE, 0], [1, 1], [NONE, 0]],
    ["nothing known", [NONE, NONE], [1, 1], [NONE, NONE]],
    ["volatility has a lower bound", [2, 1], [0, 0.5], [50, -50]],
  ];
  it.each(cases)("%s", (_name, prediction, volatility, wanted) => {
    const params = {targetGmv: 100, volatilityLowerBound: 0.5};
    const actual = crossSectionalTargets(row(...prediction), row(...volatility), params);
    expectSameFrame(actual, row(...wanted));
  });

  it("takes a target GMV per row; 0 holds nothing", () => {
    const prediction = frameFromRows(
      [1, 2, 3],
      ["a", "b"],
      [
        [2, 1],
        [1, 2],
        [2, 1],
      ],
    );
    const volatility = mapCells(prediction, () => 1);
    const targetGmv = Float64Array.of(100, 0, 10);
    const actual = crossSectionalTargets(prediction, volatility, {targetGmv});
    expectSameFrame(
      actual,
      frameFromRows(
        [1, 2, 3],
        ["a", "b"],
        [
          [50, -50],
          [0, 0],
          [5, -5],
        ],
      ),
    );
    expect(() =>
      crossSectionalTargets(prediction, volatility, {targetGmv: targetGmv.subarray(1)}),
    ).toThrow("one target GMV per row");
  });

  it("removes the bulk as told", () => {
    const prediction = frameFromRows(
      [1, 2],
      ["a", "b", "c", "d"],
      [
        [4, 3, 2, 1],
        [3, 4, 2, 1],
      ],
    );
    const volatility = mapCells(prediction, () => 1);
    const size = (bulkFillMethod: "zero" | "nan" | "ffill") =>
      rowOf(
        crossSectionalTargets(prediction, volatility, {
          targetGmv: 6,
          bulkFracToRemove: 0.5,
          bulkFillMethod,
        }),
        1,
      );
    expect([...size("zero")]).toEqual([0, 3, 0, -3]);
    expect([...size("nan")]).toEqual([NONE, 3, NONE, -3]);
    expect([...size("ffill")]).toEqual([2, 2, NONE, -2]);
  });

  it("a name alone with a prediction is no bulk, and is remembered as one that was kept", () => {
    const prediction = frameFromRows(
      [1, 2],
      ["a", "b", "c"],
      [
        [NONE, -2, NONE],
        [3, 2, 1],
      ],
    );
    const volatility = mapCells(prediction, () => 1);
    const rule = {targetGmv: 6, bulkFracToRemove: 0.5, bulkFillMethod: "ffill"} as const;
    const targets = crossSectionalTargets(prediction, volatility, rule);
    expect([...rowOf(targets, 0)]).toEqual([NONE, -6, NONE]);
    expect([...rowOf(targets, 1)]).toEqual([2, -2, -2]);
  });

  it("a name alone holds the same whether the others have columns or not", () => {
    const rule = {targetGmv: 100};
    for (const view of [-3, -1e-9, 0, 2]) {
      const [alone] = rowOf(crossSectionalTargets(row(view), row(2), rule), 0);
      const targets = crossSectionalTargets(row(NONE, view, NONE), row(1, 2, 3), rule);
      expect([...rowOf(targets, 0)]).toEqual([NONE, alone, NONE]);
    }
  });

  it("spends exactly the target GMV, whatever the forecasts", () => {
    const next = seeded(3);
    const prediction = randomFrame([200, 9], next, 0.1);
    const volatility = mapCells(randomFrame([200, 9], next), (x) => x + 0.6);
    const targets = crossSectionalTargets(prediction, volatility, {targetGmv: 5e5});
    for (let t = 0; t < 200; ++t) {
      const known = rowOf(targets, t).filter((x) => !Number.isNaN(x));
      expect(known.reduce((sum, x) => sum + Math.abs(x), 0)).toBeCloseTo(5e5, 4);
    }
  });
});
