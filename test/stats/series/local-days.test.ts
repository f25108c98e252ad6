import {expect, it} from "vitest";
import {compoundIntoDays, sumIntoDays} from "../../../src/stats/series/local-days.js";
import {periodReturns} from "../../../src/stats/series/period-returns.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";
import {localTimeIn} from "../../../src/time/local-day.js";

const hours = (start: number, count: number): Float64Array =>
  Float64Array.from({length: count}, (_, t) => start + (t + 1) * HOUR_MS);

it("compounds the bars that end within a day, midnight to the day before", () => {
  const {day, values} = compoundIntoDays(hours(0, 48), new Float64Array(48).fill(0.01));
  expect([...day]).toEqual([0, DAY_MS]);
  expect(values[0]).toBeCloseTo(1.01 ** 24 - 1, 12);
  expect([...sumIntoDays(hours(0, 48), new Float64Array(48).fill(2)).values]).toEqual([48, 48]);
});

it.each([
  ["spring, 23 hours", Date.UTC(2024, 2, 30, 23), 23],
  ["autumn, 25 hours", Date.UTC(2024, 9, 26, 22), 25],
])("cuts days where the clocks of a zone change: %s", (_name, midnight, length) => {
  const local = localTimeIn("Europe/Zurich");
  const bars = hours(midnight, length);
  const {day, values} = sumIntoDays(
    bars,
    bars.map(() => 1),
    (time) => local(time).day,
  );
  expect([day.length, values[0]]).toEqual([1, length]);
});

it("compounds days into weeks from Monday, quarters and years", () => {
  const index = Float64Array.of(Date.UTC(2023, 11, 31), Date.UTC(2024, 0, 1), Date.UTC(2024, 3, 1));
  const returns = Float64Array.of(0.1, 0.2, -0.5);
  const list = (period: "week" | "quarter" | "year") => {
    const made = periodReturns(index, returns, period);
    return Array.from(made.returns, (r) => Number(r.toFixed(9)));
  };
  expect(list("week")).toEqual([0.1, 0.2, -0.5]);
  expect(list("quarter")).toEqual([0.1, 0.2, -0.5]);
  expect(list("year")).toEqual([0.1, -0.4]);
});
