import {describe, it} from "vitest";
import {
  type LongitudinalParams,
  longitudinalTargets,
} from "../../../src/finance/sizing/longitudinal-targets.js";
import {type Frame, frameFromRows, mapCells} from "../../../src/table/frame.js";
import {expectSameFrame} from "../oracle.js";

const row = (...cells: number[]): Frame =>
  frameFromRows(
    [1],
    cells.map((_, j) => String(j)),
    [cells],
  );
const NONE = Number.NaN;

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
