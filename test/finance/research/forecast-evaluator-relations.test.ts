import {describe, expect, it} from "vitest";
import {
  evaluateForecastStatistics,
  evaluateForecasts,
  type ForecastPortfolio,
} from "../../../src/finance/research/forecast-evaluator.js";
import type {EvaluatorParams} from "../../../src/finance/research/forecast-params.js";
import type {ForecastInputs} from "../../../src/finance/research/forecast-trim.js";
import {
  columnOf,
  type Frame,
  makeFrame,
  mapCells,
  selectColumns,
  sliceRows,
} from "../../../src/table/frame.js";
import {expectSameFrame, randomFrame, seeded} from "../oracle.js";

const NONE = Number.NaN;

describe("evaluateForecasts, relations", () => {
  const next = seeded(5);
  const size: [number, number] = [80, 6];
  const inputs: ForecastInputs = {
    price: mapCells(randomFrame(size, next, 0.02), (x) => 100 + 10 * x),
    volatility: mapCells(randomFrame(size, next, 0.02), (x) => 0.01 * (x + 0.6)),
    prediction: randomFrame(size, next, 0.05),
    spread: mapCells(randomFrame(size, next), (x) => 1e-3 * (x + 0.6)),
  };
  const params: EvaluatorParams = {
    targets: {style: "cross_sectional", targetGmv: 1e6},
    liquidateAtEndOfDay: false,
    burnInBars: 0,
    computeExtendedStats: true,
    feeBps: 3,
  };
  const results = evaluateForecasts(inputs, params);
  const everyInput = (f: (frame: Frame) => Frame): ForecastInputs =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, frame]) => [name, f(frame)]),
    ) as unknown as ForecastInputs;

  it("scaling prices and money scales PnL and leaves shares", () => {
    const scaled = evaluateForecasts(
      {...inputs, price: mapCells(inputs.price, (x) => 8 * x)},
      {...params, targets: {style: "cross_sectional", targetGmv: 8e6}},
    );
    expectSameFrame(scaled.holdings_shares, results.holdings_shares);
    expectSameFrame(
      scaled.pnl,
      mapCells(results.pnl, (x) => 8 * x),
      1e-8,
    );
  });

  it("statistics alone are the same bits", () => {
    expect(evaluateForecastStatistics(inputs, params)).toEqual(results.statistics);
  });

  it("permuting instruments permutes results", () => {
    const order = [...inputs.price.columns].reverse();
    const permuted = evaluateForecasts(
      everyInput((frame) => selectColumns(frame, order)),
      params,
    );
    expectSameFrame(permuted.pnl, selectColumns(results.pnl, order));
    expectSameFrame(permuted.statistics, results.statistics, 1e-8);
  });

  it("a poisoned future leaves the past as it was", () => {
    const poison = (frame: Frame) =>
      makeFrame(
        frame.index,
        frame.columns,
        frame.data.map((c) => c.map((x, t) => (t < 50 ? x : 1e7 + t))),
      );
    const poisoned = evaluateForecasts(everyInput(poison), params);
    for (const [name, frame] of Object.entries(results) as [keyof ForecastPortfolio, Frame][]) {
      expect(sliceRows(poisoned[name], 0, 50), name).toEqual(sliceRows(frame, 0, 50));
    }
  });

  it("PnL is what was held times what the price did, where nothing is missing", () => {
    const whole: ForecastInputs = {
      price: mapCells(inputs.price, (x) => (Number.isNaN(x) ? 100 : x)),
      volatility: mapCells(inputs.volatility, (x) => (Number.isNaN(x) ? 0.01 : x)),
      prediction: mapCells(inputs.prediction, (x) => (Number.isNaN(x) ? 0.2 : x)),
    };
    const {holdings_shares, price, pnl} = evaluateForecasts(whole, {
      ...params,
      initializeBeginningOfDayTradesToZero: false,
    });
    pnl.data.forEach((column, j) => {
      for (let t = 2; t < column.length; ++t) {
        const wanted =
          holdings_shares.data[j]![t - 1]! * (price.data[j]![t]! - price.data[j]![t - 1]!);
        expect(column[t]).toBeCloseTo(wanted, 5);
      }
    });
  });

  it("takes a target GMV for every row of the input", () => {
    const prediction = randomFrame(size, next);
    const price = mapCells(prediction, () => 100);
    const volatility = makeFrame(
      price.index,
      price.columns,
      price.data.map((c) => c.map((_, t) => (t < 10 ? NONE : 0.01))),
    );
    const targetGmv = Float64Array.from({length: 80}, (_, t) => 1e4 * t);
    const {statistics} = evaluateForecasts(
      {price, volatility, prediction},
      {...params, targets: {style: "cross_sectional", targetGmv}},
    );
    expect(statistics.index[0]).toBe(price.index[10]);
    expect(columnOf(statistics, "gmv")[5]).toBeCloseTo(14e4, 6);
  });
});
