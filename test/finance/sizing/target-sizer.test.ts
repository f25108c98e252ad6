import {describe, expect, it} from "vitest";
import {
  type CrossSectionalParams,
  crossSectionalTargets,
} from "../../../src/finance/sizing/cross-sectional-targets.js";
import {longitudinalTargets} from "../../../src/finance/sizing/longitudinal-targets.js";
import {type TargetParams, targetSizer} from "../../../src/finance/sizing/target-sizer.js";
import {
  type Frame,
  makeFrame,
  mapCells,
  rowOf,
  selectColumns,
  sliceRows,
} from "../../../src/table/frame.js";
import {
  expectSameFrame,
  frameOf,
  hasOracles,
  ORACLES,
  randomFrame,
  readOracle,
  seeded,
  type Table,
} from "../oracle.js";

interface Case {
  readonly name: string;
  readonly input: Record<"prediction" | "volatility" | "spread", Table>;
  readonly params: Record<string, never>;
  readonly expected: Table;
}

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

it.each<[string, TargetParams]>([
  ["all of the bulk", {style: "cross_sectional", bulkFracToRemove: 1}],
  ["a negative GMV", {style: "cross_sectional", targetGmv: -1}],
  ["a negative risk", {style: "longitudinal", targetDollarRiskPerName: -1}],
])("refuses %s", (_name, params) => {
  expect(() => targetSizer(3, params)).toThrow(/0/);
});
