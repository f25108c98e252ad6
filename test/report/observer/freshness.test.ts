import {describe, expect, it} from "vitest";
import {dataAges, freshnessView} from "../../../src/report/observer/freshness.js";
import {barEnd, recordedRun} from "../sample-recorded-run.js";

describe("freshness", () => {
  const run = {...recordedRun(5), lastOutput: undefined};
  const running = {...run, facts: {...run.facts, end: barEnd(288), exitState: "running"}};

  it("tells the age of each part, and stale after more than three bars", () => {
    const states = (asOf: number) =>
      dataAges(running, {asOf}).map(({name, ageBars, isStale}) => [name, ageBars, isStale]);
    expect(states(barEnd(8))).toEqual([
      ["Portfolio", 3, false],
      ["Target positions", 3, false],
      ["Price of A", 3, false],
      ["Price of B", 3, false],
      ["Orders", Number.NaN, undefined],
    ]);
    expect(states(barEnd(9)).map(([, , isStale]) => isStale)).toEqual([
      ...Array(4).fill(true),
      undefined,
    ]);
  });

  it("judges a run by its end at the latest: nothing is to come after it", () => {
    expect(dataAges(run, {asOf: barEnd(1_000)})[0]).toMatchObject({ageBars: 0, isStale: false});
  });

  it("shows what is stale with its age", () => {
    const {text} = freshnessView(running, {asOf: barEnd(9)});
    expect(text).toContain("As of 2025-09-01 00:45 UTC. Stale is what is older than 3 bars.");
    expect(text).toMatch(/Portfolio +stale +2025-09-01 00:25 +4 bars \(20 min\)/);
    expect(freshnessView(running, {asOf: barEnd(6)}).text).toMatch(
      /Prices of 2 instruments, the oldest +fresh +2025-09-01 00:25 +1 bar \(5 min\)/,
    );
  });
});
