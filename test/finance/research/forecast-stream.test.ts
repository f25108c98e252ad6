import {describe, expect, it} from "vitest";
import {
  evaluateForecastStatistics,
  evaluateForecasts,
} from "../../../src/finance/research/forecast-evaluator.js";
import type {EvaluatorParams} from "../../../src/finance/research/forecast-params.js";
import {canStream} from "../../../src/finance/research/forecast-stream.js";
import type {ForecastInputs} from "../../../src/finance/research/forecast-trim.js";
import {type Frame, mapCells} from "../../../src/table/frame.js";
import {HOUR_MS} from "../../../src/time/epoch.js";
import {randomFrame, seeded} from "../oracle.js";

const hourly = (frame: Frame): Frame => ({
  ...frame,
  index: frame.index.map((_, t) => Date.UTC(2024, 0, 2) + (t + 1) * HOUR_MS),
});

/** Nine days of hours of seven names, of whose cells some are missing. */
function inputs(seed: number, missing: number): ForecastInputs {
  const next = seeded(seed);
  const frame = (): Frame => hourly(randomFrame([210, 7], next, missing));
  return {
    price: mapCells(frame(), (x) => 100 + 10 * x),
    volatility: mapCells(frame(), (x) => 0.01 * (x + 0.6)),
    prediction: frame(),
  };
}

const CROSS = {targets: {style: "cross_sectional", targetGmv: 1e6}} as const;
const OPEN = {liquidateAtEndOfDay: false};
const CASES: [name: string, params: EvaluatorParams, missing: number][] = [
  ["nothing is missing", {...CROSS, ...OPEN}, 0],
  ["a few cells are missing", {...CROSS, ...OPEN}, 0.02],
  ["gaps are longer than what is filled", {...CROSS, ...OPEN}, 0.6],
  [
    "days trade from their first bar on",
    {...CROSS, ...OPEN, initializeBeginningOfDayTradesToZero: false},
    0.3,
  ],
  ["shares are rounded, fees are paid", {...CROSS, ...OPEN, quantization: 1, feeBps: 3}, 0.1],
  ["each name by itself", {targets: {style: "longitudinal"}, ...OPEN, burnInBars: 0}, 0.1],
];

describe("the walk over bars", () => {
  it.each(CASES)("gives the bits of the portfolio's frames: %s", (_name, params, missing) => {
    for (let seed = 1; seed <= 5; ++seed) {
      const given = inputs(seed, missing);
      expect(canStream(given, params)).toBe(true);
      const wanted = evaluateForecasts(given, params).statistics;
      expect(evaluateForecastStatistics(given, params)).toEqual(wanted);
    }
  });

  it("is left to the frames where holdings change overnight or trades have their own price", () => {
    const given = inputs(1, 0);
    expect(canStream(given, CROSS)).toBe(false);
    expect(canStream(given, {...CROSS, ...OPEN, adjustForSplits: true})).toBe(false);
    expect(canStream({...given, buyPrice: given.price}, {...CROSS, ...OPEN})).toBe(false);
    expect(canStream(given, {...CROSS, ...OPEN, computeExtendedStats: true})).toBe(false);
  });
});
