import {describe, expect, it} from "vitest";
import {ReckonError} from "../../src/errors.js";
import {barEnds, ceilToBar, floorToBar, parsePeriod, roundToBar} from "../../src/time/bar-grid.js";
import {MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {hasOracles, ORACLES, readOracle} from "../finance/oracle.js";

const BAR = 5 * MINUTE_MS;
const at = (minutes: number): number => Date.UTC(2024, 0, 1) + minutes * MINUTE_MS;

type Snap = [time: string, seconds: number, mode: "round" | "floor", expected: string];
const snaps = hasOracles
  ? readOracle<Record<string, Snap[]>>("21_misc_helpers.json")[
      "find_bar_timestamp[ts,secs,mode,expected]"
    ]!
  : [];

describe.skipIf(!hasOracles)(`the bar of a wall clock: ${ORACLES} 21`, () => {
  it.each(snaps)("%s, bars of %d s, %s", (time, seconds, mode, expected) => {
    const wall = Date.parse(`${time.replace(" ", "T")}-04:00`);
    const snap = mode === "round" ? roundToBar : floorToBar;
    expect(snap(wall, seconds * SECOND_MS)).toBe(Date.parse(expected));
  });
});

describe("bar grid", () => {
  it.each<[name: string, time: number, floor: number, round: number, ceil: number]>([
    ["on the grid", at(10), at(10), at(10), at(10)],
    ["just after", at(10) + 1, at(10), at(10), at(15)],
    ["just before", at(15) - 1, at(10), at(15), at(15)],
    ["the middle goes to the even bar", at(2.5), at(0), at(0), at(5)],
    ["the next middle goes up", at(7.5), at(5), at(10), at(10)],
    ["before 1970", -1, -BAR, 0, 0],
  ])("%s", (_name, time, floor, round, ceil) => {
    expect(floorToBar(time, BAR)).toBe(floor);
    expect(roundToBar(time, BAR) + 0).toBe(round);
    expect(ceilToBar(time, BAR) + 0).toBe(ceil);
  });

  it("refuses a wall clock too far from any bar end", () => {
    expect(roundToBar(at(10) + 20 * SECOND_MS, BAR, 20 * SECOND_MS)).toBe(at(10));
    expect(() => roundToBar(at(10) + 21 * SECOND_MS, BAR, 20 * SECOND_MS)).toThrow(ReckonError);
  });

  it("a run from start to end handles the bars that end in (start, end]", () => {
    expect(barEnds(at(0), at(24 * 60), BAR).length).toBe(288);
    expect([...barEnds(at(0), at(10), BAR)]).toEqual([at(5), at(10)]);
    expect([...barEnds(at(1), at(9), BAR)]).toEqual([at(5)]);
    expect(barEnds(at(10), at(10), BAR).length).toBe(0);
    expect(barEnds(at(10), at(0), BAR).length).toBe(0);
  });

  it.each([
    ["5m", 5 * MINUTE_MS],
    ["5T", 5 * MINUTE_MS],
    ["10S", 10 * SECOND_MS],
    ["1h", 60 * MINUTE_MS],
    ["7D", 7 * 24 * 60 * MINUTE_MS],
  ])("%s is a period", (text, wanted) => {
    expect(parsePeriod(text)).toBe(wanted);
  });

  it.each(["", "5", "m", "0m", "-5m", "5 years", "1.5h"])("%j is none", (text) => {
    expect(() => parsePeriod(text)).toThrow(/period: expected/);
  });
});
