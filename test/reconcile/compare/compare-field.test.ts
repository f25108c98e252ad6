import {describe, expect, it} from "vitest";
import {compareField} from "../../../src/reconcile/compare/compare-field.js";
import {
  DEFAULT_TOLERANCE,
  DifferenceList,
  differencesOf,
  toleranceOf,
} from "../../../src/reconcile/compare/difference.js";
import {type Frame, frameFromRows} from "../../../src/table/frame.js";

function compare(prod: Frame, sim: Frame, tolerance = DEFAULT_TOLERANCE) {
  const found = new DifferenceList();
  const comparison = compareField({field: "x", prod, sim}, toleranceOf(tolerance, 1e-9), found);
  return {...comparison, differences: differencesOf(found.table())};
}

describe("compareField", () => {
  const prod = frameFromRows(
    [1, 2],
    ["A", "B"],
    [
      [100, 1],
      [200, Number.NaN],
    ],
  );

  it("finds nothing between equal frames, missing cells included", () => {
    expect(compare(prod, prod, 0)).toMatchObject({
      cells: 3,
      maxAbsolute: 0,
      maxRelative: 0,
      differing: 0,
      differences: [],
    });
  });

  const cases: [name: string, simRows: number[][], tolerance: number, wanted: unknown[]][] = [
    [
      "within the tolerance",
      [
        [100.0005, 1],
        [200, Number.NaN],
      ],
      1e-5,
      [],
    ],
    [
      "beyond it",
      [
        [100.005, 1],
        [200, Number.NaN],
      ],
      1e-5,
      [{barEnd: 1, instrument: "A", prod: 100, sim: 100.005}],
    ],
    [
      "missing on one side",
      [
        [100, Number.NaN],
        [200, 3],
      ],
      1e-5,
      [
        {barEnd: 1, instrument: "B", prod: 1, sim: Number.NaN},
        {barEnd: 2, instrument: "B", prod: Number.NaN, sim: 3},
      ],
    ],
    [
      "other sign",
      [
        [-100, 1],
        [200, Number.NaN],
      ],
      1e-5,
      [{barEnd: 1, instrument: "A", prod: 100, sim: -100}],
    ],
  ];
  it.each(cases)("%s", (_name, rows, tolerance, wanted) => {
    const sim = frameFromRows([1, 2], ["A", "B"], rows);
    const {differences} = compare(prod, sim, tolerance);
    expect(differences).toHaveLength(wanted.length);
    expect(differences).toMatchObject(wanted.map((row) => ({field: "x", ...(row as object)})));
  });

  it("compares rows and columns that only one side has as missing", () => {
    const sim = frameFromRows(
      [2, 3],
      ["B", "C"],
      [
        [Number.NaN, 1],
        [5, 6],
      ],
    );
    const {cells, differences} = compare(prod, sim);
    expect(cells).toBe(6);
    expect(differences.map(({barEnd, instrument}) => `${barEnd}${instrument}`)).toEqual([
      "1A",
      "1B",
      "2A",
      "2C",
      "3B",
      "3C",
    ]);
  });
});
