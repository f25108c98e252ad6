import fc from "fast-check";
import {expect, it} from "vitest";
import {rollingStdev} from "../../../src/stats/rolling/rolling.js";
import {type Column, makeFrame} from "../../../src/table/frame.js";

const cell = fc.oneof(
  {weight: 5, arbitrary: fc.double({min: -1e3, max: 1e3, noNaN: true})},
  fc.constantFrom(Number.NaN, 0.1, 0.1),
);

it("the last rows alone are those of the whole, to the last bit", () => {
  fc.assert(
    fc.property(
      fc.array(cell, {minLength: 1, maxLength: 40}),
      fc.integer({min: 1, max: 12}),
      fc.integer({min: 1, max: 12}),
      fc.integer({min: 1, max: 6}),
      (values, window, minPeriods, count) => {
        const column = Float64Array.from(values);
        const frame = makeFrame(Float64Array.from(column.keys()), ["A"], [column]);
        const firstRow = Math.max(0, column.length - count);
        const options = {window, minPeriods: Math.min(window, minPeriods)};
        const [whole] = rollingStdev(frame, options).data as [Column];
        const [last] = rollingStdev(frame, {...options, firstRow}).data as [Column];
        expect(last.slice(firstRow)).toEqual(whole.slice(firstRow));
        expect(last.subarray(0, firstRow).every(Number.isNaN)).toBe(true);
      },
    ),
    {seed: 5, numRuns: 500},
  );
});

it("refuses a window of nothing", () => {
  const frame = makeFrame(Float64Array.of(0), ["A"], [Float64Array.of(1)]);
  expect(() => rollingStdev(frame, {window: 0, firstRow: 0})).toThrow(/at least one bar, not 0/);
});
