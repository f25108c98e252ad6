import {describe, expect, it} from "vitest";
import {
  type CrossSectionalParams,
  crossSectionalTargets,
} from "../../src/finance/cross-sectional-targets.js";
import {
  type LongitudinalParams,
  longitudinalTargets,
} from "../../src/finance/longitudinal-targets.js";
import {type TargetParams, targetSizer} from "../../src/finance/target-sizer.js";
import {
  type Frame,
  frameFromRows,
  makeFrame,
  mapCells,
  rowOf,
  selectColumns,
  sliceRows,
} from "../../src/table/frame.js";
import {
  expectSameFrame,
  frameOf,
  hasOracles,
  ORACLES,
  randomFrame,
  readOracle,
  seeded,
  type Table,
} from "./oracle.js";

interface Case {
  readonly name: string;
  readonly input: Record<"prediction" | "volatility" | "spread", Table>;
  readonly params: Record<string, never>;
  readonly expected: Table;
}

const row = (...cells: number[]): Frame =>
  frameFromRows(
    [1],
    cells.map((_, j) => String(j)),
    [cells],
  );
const NONE = Number.NaN;

describe.skipIf(!hasOracles)(`positions from forecasts, ${ORACLES}`, () => {
  const cases = (file: string) => (hasOracles ? readOracle<{cases: Case[]}>(file).cases : []);

  it.each(cases("03_target_positions_cross_sectional.json"))("03 $name", (one) => {
    const params: CrossSectionalParams = {
      bulkFracToRemove: one.params.bulk_frac_to_remove ?? 0,
      bulkFillMethod: one.params.bulk_fill_method ?? "zero",
      targetGmv: one.params.target_gmv ?? 1e6,
      volatilityLowerBound: one.params.volatility_lower_bound ?? 1e-5,
    };
    const {prediction, volatility} = one.input;
    const actual = crossSectionalTargets(frameOf(prediction), frameOf(volatility), params);
    expectSameFrame(actual, frameOf(one.expected));
  });

  it.each(cases("04_target_positions_longitudinal.json"))("04 $name", (one) => {
    expect(one.params).toEqual({});
    const {prediction, volatility} = one.input;
    const frames = {prediction: frameOf(prediction), volatility: frameOf(volatility)};
    expectSameFrame(longitudinalTargets(frames), frameOf(one.expected));
  });
});

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

describe("longitudinalTargets", () => {
  const cases: [
    name: string,
    cells: [p: number, vol: number, spread: number][],
    params: LongitudinalParams,
    wanted: number[],
  ][] = [
    [
      "same risk for each",
      [
        [0.2, 0.01, 1e-3],
        [-0.1, 0.02, 1e-3],
      ],
      {},
      [10_000, -5_000],
    ],
    [
      "a weak prediction is dropped",
      [
        [0.2, 0.01, 1e-3],
        [0.1, 0.01, 1e-3],
      ],
      {predictionAbsThreshold: 0.1},
      [10_000, 0],
    ],
    [
      "volatility must pay for the spread",
      [
        [0.2, 0.01, 1e-3],
        [0.2, 0.01, 1e-2],
      ],
      {volatilityToSpreadThreshold: 5},
      [10_000, 0],
    ],
    [
      "both excesses together must pass gamma",
      [
        [0.2, 0.01, 1e-3],
        [0.1, 0.01, 1e-3],
      ],
      {gamma: 1},
      [10_000, 0],
    ],
    [
      "modulated by the size of the view",
      [
        [0.2, 0.01, 1e-3],
        [-0.1, 0.02, 1e-3],
      ],
      {modulateUsingPredictionMagnitude: true},
      [2_000, -500],
    ],
    [
      "dropped to missing",
      [
        [0.2, 0.01, 1e-3],
        [0, 0.01, 1e-3],
      ],
      {fillMethod: "nan"},
      [10_000, NONE],
    ],
    [
      "a missing prediction counts as dropped",
      [
        [0.2, 0.01, 1e-3],
        [NONE, 0.01, 1e-3],
      ],
      {},
      [10_000, 0],
    ],
    [
      "a missing volatility",
      [
        [0.2, NONE, 1e-3],
        [0.1, 0.01, 1e-3],
      ],
      {},
      [NONE, 10_000],
    ],
    [
      "nothing predicted",
      [
        [NONE, 0.01, 1e-3],
        [NONE, 0.01, 1e-3],
      ],
      {},
      [NONE, NONE],
    ],
    [
      "volatility and spread have lower bounds",
      [
        [1, 0, 0],
        [-1, 1e-5, 0],
      ],
      {gamma: 0.05, targetDollarRiskPerName: 1},
      [0, -10_000],
    ],
  ];
  it.each(cases)("%s", (_name, cells, params, wanted) => {
    const actual = longitudinalTargets(
      {
        prediction: row(...cells.map(([p]) => p)),
        volatility: row(...cells.map(([, vol]) => vol)),
        spread: row(...cells.map(([, , spread]) => spread)),
      },
      params,
    );
    expectSameFrame(actual, row(...wanted));
  });

  it("carries a dropped prediction forward", () => {
    const prediction = frameFromRows(
      [1, 2, 3],
      ["a", "b"],
      [
        [1, 0],
        [0, -1],
        [NONE, 0],
      ],
    );
    const volatility = mapCells(prediction, () => 0.01);
    const actual = longitudinalTargets(
      {prediction, volatility},
      {fillMethod: "ffill", targetDollarRiskPerName: 1},
    );
    expectSameFrame(
      actual,
      frameFromRows(
        [1, 2, 3],
        ["a", "b"],
        [
          [100, NONE],
          [100, -100],
          [100, -100],
        ],
      ),
    );
  });

  it("decorrelates rows with C^(-1/2)", () => {
    // C = [[1, .5], [.5, 1]]: eigenvalues 1.5 and .5, so (3, 1) -> 2/√1.5 ± 1/√.5.
    const actual = longitudinalTargets(
      {prediction: row(3, 1), volatility: row(1, 1)},
      {
        constantDecorrelationCoefficient: 0.5,
        modulateUsingPredictionMagnitude: true,
        targetDollarRiskPerName: 1,
      },
    );
    expectSameFrame(actual, row(2 / Math.sqrt(1.5) + Math.SQRT2, 2 / Math.sqrt(1.5) - Math.SQRT2));
  });
});

describe("both styles", () => {
  const styles: [string, TargetParams][] = [
    ["cross-sectional", {style: "cross_sectional", volatilityLowerBound: 0.01}],
    [
      "cross-sectional, bulk carried",
      {style: "cross_sectional", bulkFracToRemove: 0.4, bulkFillMethod: "ffill"},
    ],
    ["longitudinal", {style: "longitudinal", predictionAbsThreshold: 0.1}],
    [
      "longitudinal, carried",
      {style: "longitudinal", predictionAbsThreshold: 0.2, fillMethod: "ffill"},
    ],
  ];
  const next = seeded(11);
  const prediction = randomFrame([60, 7], next, 0.05);
  const volatility = mapCells(randomFrame([60, 7], next, 0.05), (x) => x + 0.6);
  const all = (params: TargetParams, p = prediction, vol = volatility) =>
    params.style === "longitudinal"
      ? longitudinalTargets({prediction: p, volatility: vol}, params)
      : crossSectionalTargets(p, vol, params);

  it.each(styles)("%s: bar by bar gives the same bits", (_name, params) => {
    const size = targetSizer(7, params);
    const positions = new Float64Array(7);
    const targets = all(params);
    for (let t = 0; t < 60; ++t) {
      size({prediction: rowOf(prediction, t), volatility: rowOf(volatility, t)}, positions);
      expect(positions).toEqual(rowOf(targets, t));
    }
  });

  it.each(styles)("%s: the future does not reach the past", (_name, params) => {
    const poison = (frame: Frame) =>
      makeFrame(
        frame.index,
        frame.columns,
        frame.data.map((c) => c.map((x, t) => (t < 30 ? x : 1e9 * (t % 3)))),
      );
    const poisoned = all(params, poison(prediction), poison(volatility));
    expect(sliceRows(poisoned, 0, 30)).toEqual(sliceRows(all(params), 0, 30));
  });

  it.each(styles)("%s: permuting names permutes positions", (_name, params) => {
    const order = [...prediction.columns].reverse();
    const permuted = all(
      params,
      selectColumns(prediction, order),
      selectColumns(volatility, order),
    );
    expectSameFrame(permuted, selectColumns(all(params), order), 1e-12);
  });

  it.each(styles)("%s: leaves its inputs alone", (_name, params) => {
    const before = structuredClone([prediction, volatility]);
    all(params);
    expect([prediction, volatility]).toEqual(before);
  });
});
