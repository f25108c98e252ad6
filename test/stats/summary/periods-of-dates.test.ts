import {describe, expect, it} from "vitest";
import {spacingWarning} from "../../../src/stats/summary/periods-of-dates.js";
import {DAY_MS} from "../../../src/time/epoch.js";

const START = Date.UTC(2023, 0, 2);

const every = (days: number, count = 60): Float64Array =>
  Float64Array.from({length: count}, (_, t) => START + t * days * DAY_MS);
const weekdays = (count: number): Float64Array =>
  every(1, 2 * count)
    .filter((time) => new Date(time).getUTCDay() % 6 !== 0)
    .slice(0, count);
const months = (step: number): Float64Array =>
  Float64Array.from({length: 30}, (_, t) => Date.UTC(2020, 1 + step * t, 0));

describe("spacingWarning", () => {
  it.each<[string, Float64Array, number]>([
    ["days of all the week", every(1), 365],
    ["business days", weekdays(60), 252],
    ["business days, no holidays", weekdays(60), 261],
    ["weeks", every(7), 52],
    ["months", months(1), 12],
    ["quarters", months(3), 4],
    ["weeks within the factor", every(7), 70],
    ["too few dates", every(7, 3), 365],
    ["days before there could be a weekend", weekdays(5), 252],
  ])("is silent of %s", (_name, index, periodsPerYear) => {
    expect(spacingWarning(index, periodsPerYear)).toBeUndefined();
  });

  it.each<[string, Float64Array, number, RegExp]>([
    ["weeks", every(7), 365, /are 7 days apart, about 52 a year, .* 365 .* 2\.6 times too large/],
    ["months", months(1), 365, /are 31 days apart, about 12 a year, .*; 12 would fit\.$/],
    ["business days", weekdays(60), 365, /are business days, .* 1\.2 .* large.* 252 or 261 would/],
    ["all days", every(1), 252, /are days of all the week, about 365 a year, .* 1\.2 .* small/],
    ["days", every(1), 52, /about 365 a year.* 52 periods/],
    ["some days", every(1, 7), 12, /are days, about 365 a year/],
    ["weeks as if months", every(7), 12, /too small/],
  ])("tells of %s", (_name, index, periodsPerYear, wanted) => {
    expect(spacingWarning(index, periodsPerYear)).toMatch(wanted);
  });

  it("is not misled by some missing dates, or by one weekend among business days", () => {
    const holes = every(1, 200).filter((_, t) => t % 7 !== 3 && t % 11 !== 0);
    expect(spacingWarning(holes, 365)).toBeUndefined();
    const stray = Float64Array.of(...weekdays(60), START + 5 * DAY_MS).sort();
    expect(spacingWarning(stray, 365)).toMatch(/business days/);
  });
});
