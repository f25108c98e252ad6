import {describe, expect, it} from "vitest";
import {
  compareFrames,
  type FrameComparison,
  largestDifference,
  requireClose,
} from "../../../src/stats/comparison/compare-frames.js";
import {frameFromRows} from "../../../src/table/frame.js";
import {
  expectSameFrame,
  frameOf,
  hasOracles,
  ORACLES,
  readOracle,
  type Table,
} from "../../finance/oracle.js";

interface Case {
  readonly name: string;
  readonly df1: Table;
  readonly df2: Table;
  readonly params: Record<string, never>;
  readonly expected: Table;
}

describe.skipIf(!hasOracles)(`compareFrames, ${ORACLES} 11`, () => {
  const cases = hasOracles ? readOracle<{cases: Case[]}>("11_compare_dfs.json").cases : [];

  it.each(cases)("$name", ({df1, df2, params, expected}) => {
    const options: FrameComparison = {
      mode: params.diff_mode ?? "diff",
      rows: params.row_mode ?? "equal",
      columns: params.column_mode ?? "equal",
      zeroVsZeroIsZero: params.zero_vs_zero_is_zero ?? true,
      removeInfinite: params.remove_inf ?? true,
    };
    expectSameFrame(compareFrames(frameOf(df1), frameOf(df2), options), frameOf(expected));
  });
});

describe("compareFrames", () => {
  const frame = (columns: string[], ...rows: number[][]) =>
    frameFromRows(
      rows.map((_, t) => t),
      columns,
      rows,
    );
  const cases: [string, number, number, FrameComparison, number][] = [
    ["percent of the second", 110, 100, {}, 10],
    ["percent of a negative", -90, -100, {}, 10],
    ["nothing against nothing", 0, 0, {}, 0],
    ["nothing against nothing, unknown", 1e-9, 0, {zeroVsZeroIsZero: false}, Number.NaN],
    ["something against nothing", 1, 1e-9, {}, Number.NaN],
    ["something against nothing, infinite", 1, 0, {removeInfinite: false}, Infinity],
    ["what counts as 0", 0.01, 0.02, {closeToZero: 0.1}, 0],
    ["difference, tiny ones too", 3e-9, 1e-9, {mode: "diff"}, 2e-9],
    ["missing on one side", Number.NaN, 1, {}, Number.NaN],
  ];
  it.each(cases)("%s", (_name, a, b, options, wanted) => {
    const actual = compareFrames(frame(["x"], [a]), frame(["x"], [b]), options);
    expect(actual.columns).toEqual([`x.${options.mode ?? "pct_change"}`]);
    expectSameFrame({...actual, columns: ["x"]}, frame(["x"], [wanted]));
  });

  it("refuses other axes unless told to take the common part", () => {
    const a = frame(["x", "y"], [1, 2], [3, 4]);
    const b = frame(["y", "z"], [2, 0]);
    expect(() => compareFrames(a, b)).toThrow(
      /columns: expected the same in both frames, found 2 and 2/,
    );
    expect(() => compareFrames(a, b, {columns: "inner"})).toThrow(/rows: expected the same/);
    const common = compareFrames(a, b, {columns: "inner", rows: "inner", mode: "diff"});
    expectSameFrame(common, frame(["y.diff"], [0]));
  });

  it("asserts or warns of what is beyond a threshold, as the reference does", () => {
    const differences = compareFrames(frame(["x", "y"], [1, 2]), frame(["x", "y"], [1, 2.1]));
    expect(requireClose(differences, {threshold: 5})).toBe(differences);
    expect(() => requireClose(differences)).toThrow(
      /y\.pct_change at 0: expected no difference above 0\.001, found -4\.76/,
    );
    const warnings: string[] = [];
    const onWarning = (text: string) => warnings.push(text);
    expect(requireClose(differences, {onWarning})).toBe(differences);
    expect(warnings).toHaveLength(1);
    const unknown = frame(["x"], [Number.NaN]);
    expect(requireClose(unknown)).toBe(unknown);
  });

  it("names the largest difference", () => {
    expect(largestDifference(frame(["x", "y"], [1, -7], [Number.NaN, 3]))).toBe(7);
    expect(largestDifference(frame(["x"]))).toBe(0);
  });
});
