import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {cleanBars, decimalsIn} from "../../../src/market/csv/clean-bars.js";
import {type RawRows, SHAPE} from "../../../src/market/csv/read-csv.js";

const BAR = 300_000;
const T0 = Date.UTC(2025, 8, 1);
type Row = readonly [time: number, o: number, h: number, l: number, c: number, v: number];

function rawRows(rows: readonly Row[], shape: number = SHAPE.whole): RawRows {
  return {
    openTime: Float64Array.from(rows, ([time]) => time),
    shape: new Float64Array(rows.length).fill(shape),
    values: [1, 2, 3, 4, 5].map((i) => Float64Array.from(rows, (row) => row[i] as number)),
    unreadableLines: 0,
  };
}

const good = (time: number, close = 10): Row => [time, 10, 11, 9, close, 5];

describe("a row is rejected", () => {
  const cases: [reason: string, row: Row][] = [
    ["time is not a whole number of milliseconds", [Number.NaN, 10, 11, 9, 10, 5]],
    ["time is not a whole number of milliseconds", [T0 + 0.5, 10, 11, 9, 10, 5]],
    ["time is not in milliseconds since 1970", [T0 / 1000, 10, 11, 9, 10, 5]],
    ["time is not in milliseconds since 1970", [T0 * 1000, 10, 11, 9, 10, 5]],
    ["time is off the bar grid", [T0 + 1_000, 10, 11, 9, 10, 5]],
    ["not a number", [T0, Number.NaN, 11, 9, 10, 5]],
    ["not a number", [T0, 10, Number.POSITIVE_INFINITY, 9, 10, 5]],
    ["not a number", [T0, 10, 11, 9, 10, Number.NaN]],
    ["price is not positive", [T0, 10, 11, 0, 10, 5]],
    ["price is not positive", [T0, -10, 11, 9, 10, 5]],
    ["volume is negative", [T0, 10, 11, 9, 10, -1]],
    ["high is below low", [T0, 10, 9, 11, 10, 5]],
    ["open is outside low to high", [T0, 12, 11, 9, 10, 5]],
    ["close is outside low to high", [T0, 10, 11, 9, 8, 5]],
  ];
  it.each(cases)("%s: %j", (reason, row) => {
    const {bars, quality} = cleanBars(rawRows([good(T0 - BAR), row]), BAR);
    expect(quality.rejected).toEqual([{reason, count: 1}]);
    expect(quality.rows).toBe(2);
    expect(Array.from(bars.barEnd)).toEqual([T0]);
  });

  it("when it has too few or too many fields, or cannot be read as text", () => {
    for (const [shape, reason] of [
      [SHAPE.missingValue, "missing value"],
      [SHAPE.tooManyFields, "too many fields"],
    ] as const) {
      expect(cleanBars(rawRows([good(T0)], shape), BAR).quality.rejected).toEqual([
        {reason, count: 1},
      ]);
    }
    const {quality} = cleanBars({...rawRows([good(T0)]), unreadableLines: 2}, BAR);
    expect(quality.rejected).toEqual([{reason: "unreadable line", count: 2}]);
    expect([quality.rows, quality.bars]).toEqual([3, 1]);
  });
});

describe("cleanBars", () => {
  it("keeps a flat bar without volume", () => {
    const {quality} = cleanBars(rawRows([[T0, 10, 10, 10, 10, 0]]), BAR);
    expect([quality.bars, quality.rejected]).toEqual([1, []]);
  });

  it("lets the later of two contradicting rows win and counts a repeated row once", () => {
    const rows = [good(T0, 10), good(T0, 11), good(T0, 11), good(T0 + BAR)];
    const {bars, quality} = cleanBars(rawRows(rows), BAR);
    expect(Array.from(bars.columns.get("close") as Float64Array)).toEqual([11, 10]);
    expect([quality.duplicates, quality.conflicts]).toEqual([1, 1]);
  });

  it("sorts, and counts the rows that came late", () => {
    const rows = [2, 0, 1, 4].map((i) => good(T0 + i * BAR, 9 + i / 2));
    const {bars, quality} = cleanBars(rawRows(rows), BAR);
    expect(Array.from(bars.columns.get("close") as Float64Array)).toEqual([9, 9.5, 10, 11]);
    expect(quality).toMatchObject({outOfOrder: 2, gaps: 1, missingBars: 1});
    expect([quality.first, quality.last]).toEqual([T0 + BAR, T0 + 5 * BAR]);
  });

  it("has nothing to say of no rows", () => {
    const {bars, quality} = cleanBars(rawRows([]), BAR);
    expect(bars.barEnd).toHaveLength(0);
    expect(quality.first).toBeNaN();
    expect(quality).toMatchObject({rows: 0, gaps: 0, missingBars: 0});
  });

  it("gives the same bars whatever the order of the rows, and accounts for every row", () => {
    const picks = fc.uniqueArray(fc.integer({min: 0, max: 60}), {minLength: 1, maxLength: 30});
    fc.assert(
      fc.property(picks, fc.infiniteStream(fc.nat()), (slots, keys) => {
        const rows = slots.map((slot) => good(T0 + slot * BAR, 9 + slot / 60));
        const order = rows.map((row) => [keys.next().value as number, row] as const);
        const shuffled = order.sort(([a], [b]) => a - b).map(([, row]) => row);
        const sorted = [...rows].sort(([a], [b]) => a - b);
        const a = cleanBars(rawRows(shuffled), BAR);
        const b = cleanBars(rawRows(sorted), BAR);
        expect(a.bars).toEqual(b.bars);
        expect(b.quality.outOfOrder).toBe(0);
        const span = (a.quality.last - a.quality.first) / BAR + 1;
        expect(a.quality.bars + a.quality.missingBars).toBe(span);
      }),
      {seed: 7, numRuns: 100},
    );
  });
});

describe("decimalsIn", () => {
  const cases: [values: number[], wanted: number][] = [
    [[1, 2, 3], 0],
    [[107935.3, 2], 1],
    [[0.0096387], 7],
    [[0.1, 0.25, 0.125], 3],
    [[1e-9], 9],
    [[134.44400024414062], 14],
    [[], 0],
  ];
  it.each(cases)("%j has %s", (values, wanted) => {
    expect(decimalsIn([Float64Array.from(values)])).toBe(wanted);
  });

  it("finds the decimals a number was written with", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({min: 1, max: 10 ** 9}), {minLength: 1, maxLength: 20}),
        fc.integer({min: 0, max: 6}),
        (units, decimals) => {
          const texts = units.map((unit) => (unit / 10 ** decimals).toFixed(decimals));
          const trimmed = texts.map((text) => (text.split(".")[1] ?? "").replace(/0+$/, "").length);
          const values = Float64Array.from(texts, Number);
          expect(decimalsIn([values])).toBe(Math.max(...trimmed));
        },
      ),
      {seed: 11, numRuns: 300},
    );
  });
});
