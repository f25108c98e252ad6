import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {drawdownTable} from "../../../src/stats/drawdown/drawdown-table.js";
import {maxDrawdown} from "../../../src/stats/drawdown/percent-drawdown.js";
import {DAY_MS, toIso} from "../../../src/time/epoch.js";

/** Days of December 2022 and the returns between prices; the first return is 0. */
function series(prices: readonly number[]): [Float64Array, Float64Array] {
  const returns = prices.map((price, t) => price / (prices[t - 1] ?? price) - 1);
  const index = prices.map((_, t) => Date.UTC(2022, 11, 1) + t * DAY_MS);
  return [Float64Array.from(index), Float64Array.from(returns)];
}

const days = (...times: number[]): string[] =>
  times.map((time) => (Number.isNaN(time) ? "-" : toIso(time).slice(8, 10)));

describe("drawdownTable", () => {
  it("counts days alike for one that recovered and one that did not (quantstats #233)", () => {
    const found = drawdownTable(...series([100, 101, 99, 98, 97, 101, 99]));
    expect(
      found.map(({peak, start, valley, end, recovery}) => days(peak, start, valley, end, recovery)),
    ).toEqual([
      ["02", "03", "05", "05", "06"],
      ["06", "07", "07", "07", "-"],
    ]);
    expect(found.map(({daysUnderWater, isOngoing}) => [daysUnderWater, isOngoing])).toEqual([
      [3, false],
      [1, true],
    ]);
    expect(found.map(({depth}) => depth.toFixed(6))).toEqual(["-0.039604", "-0.019802"]);
  });

  it("counts calendar days over a weekend without rows", () => {
    const [friday, monday, tuesday] = [2, 5, 6].map((d) => Date.UTC(2022, 11, d)) as number[];
    const index = Float64Array.of(friday!, monday!, tuesday!);
    const [only] = drawdownTable(index, Float64Array.of(-0.1, 0, 0.2));
    expect(only).toMatchObject({start: friday, end: monday, daysUnderWater: 4, peak: Number.NaN});
  });

  it("takes the starting capital for a peak, but not under pyfolio", () => {
    const [index, returns] = [Float64Array.of(0, DAY_MS), Float64Array.of(-0.1, -0.1)];
    expect(drawdownTable(index, returns)[0]!.depth).toBeCloseTo(-0.19, 12);
    expect(drawdownTable(index, returns, "pyfolio")[0]!.depth).toBeCloseTo(-0.1, 12);
    expect(drawdownTable(index, Float64Array.of(0.1, 0))).toEqual([]);
    expect(drawdownTable(new Float64Array(), new Float64Array())).toEqual([]);
  });

  it("begins with the maximum drawdown, and its days never overlap", () => {
    const returns = fc.array(fc.double({min: -0.5, max: 0.5, noNaN: true}), {maxLength: 60});
    fc.assert(
      fc.property(returns, (list) => {
        const index = Float64Array.from(list, (_, t) => t * DAY_MS);
        const found = drawdownTable(index, Float64Array.from(list));
        expect(found[0]?.depth ?? 0).toBeCloseTo(maxDrawdown(Float64Array.from(list)), 12);
        const inTime = [...found].sort((a, b) => a.start - b.start);
        inTime.slice(1).forEach((next, i) => {
          expect(next.start).toBeGreaterThan(inTime[i]!.end);
        });
        expect(inTime.slice(0, -1).some(({isOngoing}) => isOngoing)).toBe(false);
      }),
      {seed: 7, numRuns: 200},
    );
  });
});
