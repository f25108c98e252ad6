import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  accountPnl,
  barPnl,
  pnlWithoutLost,
  valueAcrossGaps,
} from "../../../src/finance/pnl/bar-pnl.js";

import {frameOfRows as frame} from "../../table/frame-of-rows.js";

const NONE = Number.NaN;

describe("accountPnl", () => {
  const one = (...cells: number[]) => frame(...cells.map((x) => [x]));
  it.each<[string, Record<"value" | "traded" | "held", number[]>, number[]]>([
    [
      "falls on the bar where the value is back",
      {value: [10, NONE, NONE, 13, 14], traded: [0, 0, 0, 0, 0], held: [1, 1, 1, 1, 1]},
      [NONE, NONE, NONE, 3, 1],
    ],
    [
      "is less what was traded meanwhile",
      {value: [10, NONE, 25, 26], traded: [0, 12, 0, 0], held: [1, 2, 2, 2]},
      [NONE, NONE, 3, 1], // 25 − 10 − 12
    ],
    [
      "is known where the holding is sold out of the gap",
      {value: [10, NONE, NONE], traded: [0, 0, -13], held: [1, 1, 0]},
      [NONE, NONE, 3],
    ],
    [
      "is not known of what led into the first value",
      {value: [NONE, 10, 12], traded: [0, 0, 0], held: [1, 1, 1]},
      [NONE, NONE, 2],
    ],
    [
      "stays unknown where no value comes back",
      {value: [10, 11, NONE, NONE], traded: [0, 0, 0, 0], held: [1, 1, 1, 1]},
      [NONE, 1, NONE, NONE],
    ],
  ])("%s", (_name, {value, traded, held}, wanted) => {
    const pnl = accountPnl(one(...value), one(...traded), one(...held)).data[0]!;
    expect([...pnl]).toEqual(wanted);
    const [a, b, c] = [value, traded, held].map((cells) => Float64Array.from(cells));
    const worth = valueAcrossGaps({value: a!, traded: b!, shares: c!});
    const filled = barPnl(one(...worth), one(...traded)).data[0]!;
    wanted.forEach((x, t) => {
      expect(filled[t], `bar ${t}`).toBe(t > 0 && Number.isNaN(x) ? 0 : x);
    });
  });

  it("earns the same in all, whatever values are lost on the way", () => {
    const bar = fc.record({
      price: fc.integer({min: 1, max: 99}),
      trade: fc.integer({min: -9, max: 9}),
      isLost: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(bar, {minLength: 2, maxLength: 30}), (bars) => {
        let shares = 0;
        const held = bars.map(({trade}) => (shares += trade));
        const whole = bars.map(({price}, t) => price * held[t]!);
        const isInner = (t: number) => t > 0 && t < bars.length - 1;
        const value = whole.map((x, t) => (bars[t]!.isLost && isInner(t) && x !== 0 ? NONE : x));
        const traded = bars.map(({price, trade}) => price * trade);
        const sumOf = (worth: number[]) =>
          accountPnl(one(...worth), one(...traded), one(...held)).data[0]!.reduce(
            (sum, x) => sum + (x || 0),
            0,
          );
        expect(sumOf(value)).toBeCloseTo(sumOf(whole), 9);
      }),
    );
  });
});

describe("pnlWithoutLost", () => {
  it("leaves out what came over a lost bar, also where it is told later", () => {
    const pnl = frame([NONE, NONE], [1, 1], [2, NONE], [3, 3], [4, 4]);
    const known = pnlWithoutLost(pnl, [0, 0, 1, 0, 0]);
    expect([...known.data[0]!]).toEqual([NONE, 1, NONE, 3, 4]);
    expect([...known.data[1]!]).toEqual([NONE, 1, NONE, NONE, 4]);
  });
});
