import {describe, expect, it} from "vitest";
import {dataAges, freshnessView} from "../../../src/report/observer/freshness.js";
import {makeFrame, mapColumns} from "../../../src/table/frame.js";
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
      ["Orders", 8, undefined],
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

  it("has one line for all prices that are stale since the same bar", () => {
    const {text} = freshnessView(running, {asOf: barEnd(29)});
    expect(text).toMatch(/Price of A and B +stale +2025-09-01 00:25 +24 bars \(2 h\)/);
    const index = running.targets.price?.index ?? new Float64Array();
    const ids = ["A", "B", "C", "D"];
    const price = makeFrame(
      index,
      ids,
      ids.map(() => new Float64Array(5).fill(1)),
    );
    const many = {...running, targets: {price}};
    expect(freshnessView(many, {asOf: barEnd(29)}).text).toMatch(/Prices of 4 instruments +stale/);
  });

  it("judges prices by what the model saw, not by what the account was marked at", () => {
    const {price} = running.targets;
    const prices =
      price &&
      mapColumns(price, (column, j) => column.map((x, t) => (j === 1 && t > 0 ? Number.NaN : x)));
    const stale = dataAges({...running, prices}, {asOf: barEnd(5)}).filter(({isStale}) => isStale);
    expect(stale).toMatchObject([{name: "Price of B", lastBar: barEnd(1)}]);
  });

  it("counts the age of what has no row from the start of the run", () => {
    const none = {...recordedRun(0), lastOutput: undefined};
    const started = {...none, facts: {...none.facts, end: barEnd(288), exitState: "running"}};
    const [young, old] = [barEnd(0) + 60_000, barEnd(4)].map(
      (asOf) => freshnessView(started, {asOf}).text,
    );
    expect(young).toMatch(/Portfolio +none yet +none +0\.2 bars \(1 min\) since the start/);
    expect(old).toMatch(/Portfolio +stale +none +4 bars \(20 min\) since the start/);
  });
});
