import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {latestVersions, type SymbolBars, sliceBars} from "../../src/market/bars.js";
import {marketPanel} from "../../src/market/market-panel.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {featureOf} from "../../src/table/panel.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {endsFrom, flatBars, tableOf} from "./sample-bars.js";

const BAR = 300_000;
const START = Date.UTC(2025, 8, 1);
const clockAt = (now: number) => new SimulatedClock(now);

/** A market of one instrument with closes 1, 2, 3 … */
function countingMarket(now: number, {count = 10, delayMs = 10_000} = {}) {
  const ends = endsFrom(START + BAR, count, BAR);
  const closes = Array.from(ends, (_, i) => i + 1);
  const bars = tableOf(BAR, {A: flatBars(ends, closes)});
  const clock = clockAt(now);
  return {clock, market: new RecordedMarket({bars, clock, delayMs})};
}

const closesOf = (market: RecordedMarket, barEnd: number, bars: number) =>
  Array.from(featureOf(market.window({barEnd, bars}), "close").data[0] as Float64Array);

describe("window", () => {
  const third = START + 3 * BAR;
  const cases: [name: string, now: number, barEnd: number, bars: number, wanted: number[]][] = [
    ["known rows", third + 10_000, third, 3, [1, 2, 3]],
    ["the last row a millisecond too early", third + 9_999, third, 3, [1, 2, Number.NaN]],
    ["rows before the first", third + 10_000, third, 5, [Number.NaN, Number.NaN, 1, 2, 3]],
    ["rows after the last", START + 99 * BAR, START + 12 * BAR, 3, [10, Number.NaN, Number.NaN]],
    ["wholly before", START + 99 * BAR, START - 5 * BAR, 2, [Number.NaN, Number.NaN]],
    ["the future", START, third, 2, [Number.NaN, Number.NaN]],
  ];
  it.each(cases)("%s", (_name, now, barEnd, bars, wanted) => {
    const {market} = countingMarket(now);
    const panel = market.window({barEnd, bars});
    expect(Array.from(featureOf(panel, "close").data[0] as Float64Array)).toEqual(wanted);
    expect(Array.from(panel.index)).toEqual(
      wanted.map((_, i) => barEnd - (wanted.length - 1 - i) * BAR),
    );
  });

  it("shares memory when every row is known", () => {
    const {market} = countingMarket(START + 99 * BAR);
    const a = featureOf(market.window({barEnd: START + 5 * BAR, bars: 3}), "close").data[0];
    const b = featureOf(market.window({barEnd: START + 6 * BAR, bars: 3}), "close").data[0];
    expect(a?.buffer).toBe(b?.buffer);
  });

  it("shows a hole as NaN and instruments with different ranges on one grid", () => {
    const a = flatBars(Float64Array.of(START + BAR, START + 3 * BAR), [1, 3]);
    const b = flatBars(Float64Array.of(START + 2 * BAR), [20]);
    const market = new RecordedMarket({bars: tableOf(BAR, {A: a, B: b}), clock: clockAt(2e12)});
    const {data} = featureOf(market.window({barEnd: START + 3 * BAR, bars: 3}), "close");
    expect(data.map((column) => Array.from(column))).toEqual([
      [1, Number.NaN, 3],
      [Number.NaN, 20, Number.NaN],
    ]);
  });

  it("hides a late row although younger rows are known", () => {
    const ends = endsFrom(START + BAR, 3, BAR);
    const known = Float64Array.of(ends[0] as number, START + 50 * BAR, ends[2] as number);
    const bars = tableOf(BAR, {A: flatBars(ends, [1, 2, 3], known)});
    const clock = clockAt(START + 4 * BAR);
    const market = new RecordedMarket({bars, clock});
    expect(closesOf(market, START + 3 * BAR, 3)).toEqual([1, Number.NaN, 3]);
    expect(
      Array.from(market.valuesWithin("close", "A", {start: START, end: START + 3 * BAR})),
    ).toEqual([1, 3]);
  });

  it("never shows a bar before its end, whatever its knowledge time says", () => {
    const ends = endsFrom(START + BAR, 2, BAR);
    const bars = tableOf(BAR, {A: flatBars(ends, [1, 2], Float64Array.of(0, 0))});
    const market = new RecordedMarket({bars, clock: clockAt(START + BAR), delayMs: 0});
    expect(closesOf(market, START + 2 * BAR, 2)).toEqual([1, Number.NaN]);
    expect(market.lastValue("close", "A")).toBe(1);
  });

  it("carries any columns with their own knowledge times", () => {
    const minute = 60_000;
    const ends = endsFrom(START + minute, 5, minute);
    const bars: SymbolBars = {
      barEnd: ends,
      knowledgeTime: ends.map((end) => end + 5_000),
      columns: new Map([
        ["close", Float64Array.of(101, 101, 101, 100, 100)],
        ["feature1", Float64Array.of(1, 1, -1, -1, 1)],
      ]),
    };
    const clock = clockAt(START + 4 * minute);
    const market = new RecordedMarket({bars: tableOf(minute, {"101": bars}), clock, delayMs: 0});
    const panel = market.window({barEnd: START + 4 * minute, bars: 4});
    expect([...panel.features.keys()]).toEqual(["close", "feature1"]);
    expect(Array.from(featureOf(panel, "feature1").data[0] as Float64Array)).toEqual([
      1,
      1,
      -1,
      Number.NaN,
    ]);
  });
});

describe("a corrected bar", () => {
  const ends = endsFrom(START + BAR, 3, BAR);
  const first = flatBars(ends, [1, 2, 3]);
  const second = ends[1] as number;
  const known = Float64Array.of(second + 60_000, second + 120_000);
  const corrections = flatBars(Float64Array.of(second, second), [2.5, 2.25], known);
  const bars = tableOf(BAR, {A: {...first, corrections}});
  const at = (now: number) => new RecordedMarket({bars, clock: clockAt(now)});
  const cases: [name: string, now: number, wanted: number][] = [
    ["before it is known", second + 9_999, Number.NaN],
    ["as it was first known", second + 69_999, 2],
    ["after the first correction", second + 70_000, 2.5],
    ["a millisecond before the second", second + 129_999, 2.5],
    ["after the second", START + 99 * BAR, 2.25],
  ];
  it.each(cases)("shows %s", (_name, now, wanted) => {
    const market = at(now);
    expect(closesOf(market, second, 2)).toEqual([1, wanted]);
    const within = Array.from(market.valuesWithin("close", "A", {start: START, end: second}));
    expect(within).toEqual(Number.isNaN(wanted) ? [1] : [1, wanted]);
    expect(market.lastValue("close", "A")).toBe(
      now > second + BAR ? 3 : Number.isNaN(wanted) ? 1 : wanted,
    );
  });

  it("leaves windows without it views of the recorded arrays", () => {
    const market = at(START + 99 * BAR);
    const view = (barEnd: number, count: number) =>
      featureOf(market.window({barEnd, bars: count}), "close").data[0]?.buffer;
    const recorded = first.columns.get("close")?.buffer;
    expect(view(START + BAR, 1)).toBe(recorded);
    expect(view(START + 3 * BAR, 1)).toBe(recorded);
    expect(view(START + 3 * BAR, 2)).not.toBe(recorded);
  });

  it("counts by its last version where nobody asks what was known when", () => {
    const latest = latestVersions(bars.bySymbol.get("A") as SymbolBars);
    expect(Array.from(latest.columns.get("close") as Float64Array)).toEqual([1, 2.25, 3]);
    expect(latest.knowledgeTime[1]).toBe(second + 120_000);
    expect(first.columns.get("close")?.[1]).toBe(2);
    const [column] = featureOf(marketPanel(bars), "close").data;
    expect(Array.from(column as Float64Array)).toEqual([1, 2.25, 3]);
  });

  it("is cut with its bars", () => {
    const all = bars.bySymbol.get("A") as SymbolBars;
    expect(sliceBars(all, 0, 1)).not.toHaveProperty("corrections");
    expect(sliceBars(all, 1, 2).corrections?.barEnd).toHaveLength(2);
    expect(sliceBars(all, 2, 3)).not.toHaveProperty("corrections");
  });
});

describe("a bar without some instrument's row", () => {
  const bars = tableOf(BAR, {
    A: flatBars(endsFrom(START + BAR, 2, BAR), [1, 2]),
    B: flatBars(endsFrom(START + BAR, 1, BAR), [1]),
  });
  const second = START + 2 * BAR;
  const patience = {deadlineMs: second + 60_000, graceMs: 3_000};

  it("is told, and gone on with", async () => {
    const market = new RecordedMarket({bars, clock: clockAt(START)});
    const arrival = {kind: "known", asOf: second + 13_000, missing: ["B"]};
    expect(await market.waitForBar(second, patience)).toEqual(arrival);
  });

  it("is counted: rows, stretches, and those that came later", async () => {
    const ends = endsFrom(START + BAR, 6, BAR);
    const whole = flatBars(ends, [1, 2, 3, 4, 5, 6]);
    const knowledgeTime = whole.knowledgeTime.map((time, i) => time + (i === 4 ? BAR : 0));
    const market = new RecordedMarket({
      bars: tableOf(BAR, {
        A: flatBars(ends, [1, 2, 3, 4, 5, 6]),
        B: flatBars(
          ends.filter((_, i) => ![1, 2].includes(i)),
          [1, 4, 5, 6],
        ),
        C: {...whole, knowledgeTime},
      }),
      clock: clockAt(START),
      onNotice: ({kind}) => notices.push(kind),
    });
    const notices: string[] = [];
    for (const end of ends) {
      await market.waitForBar(end, {deadlineMs: end + 60_000, graceMs: 3_000});
    }
    expect(market.counts()).toEqual({gaps: 2, missing: 3, known_late: 1});
    expect(notices).toEqual(["missing", "missing", "missing"]);
  });

  it("ends the run where the policy is to assert", async () => {
    const market = new RecordedMarket({bars, clock: clockAt(START), missingAssets: "assert"});
    const failure = market.waitForBar(second, patience);
    await expect(failure).rejects.toMatchObject({code: "failed"});
    await expect(failure).rejects.toThrow(/2025-09-01T00:10.*found none of B/);
  });
});

describe("prices", () => {
  it("leaves a bar whose knowledge is a second late out of an average over (start, end]", () => {
    const minute = 60_000;
    const ends = endsFrom(START + minute, 5, minute);
    const bars = flatBars(
      ends,
      [1, 2, 3, 4, 5],
      ends.map((end) => end + 1_000),
    );
    const clock = clockAt(START + 5 * minute);
    const market = new RecordedMarket({bars: tableOf(minute, {A: bars}), clock, delayMs: 0});
    const closes = market.valuesWithin("close", "A", {start: START, end: START + 5 * minute});
    expect(Array.from(closes)).toEqual([1, 2, 3, 4]);
    expect(market.lastValue("close", "A")).toBe(4);
    expect(market.lastKnownEnd()).toBe(START + 4 * minute);
  });

  it("skips NaN closes and says NaN before anything is known", () => {
    const ends = endsFrom(START + BAR, 3, BAR);
    const bars = tableOf(BAR, {A: flatBars(ends, [7, Number.NaN, Number.NaN])});
    expect(new RecordedMarket({bars, clock: clockAt(2e12)}).lastValue("close", "A")).toBe(7);
    const early = new RecordedMarket({bars, clock: clockAt(START)});
    expect(early.lastValue("close", "A")).toBeNaN();
    expect(early.lastKnownEnd()).toBeNaN();
  });

  it("is empty, not wrong, without any bar", () => {
    const bars = tableOf(BAR, {A: flatBars(new Float64Array(0), [])});
    const market = new RecordedMarket({bars, clock: clockAt(START)});
    expect(market.lastValue("close", "A")).toBeNaN();
    expect(market.valuesWithin("close", "A", {start: 0, end: START})).toHaveLength(0);
    expect(closesOf(market, START, 2)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("waitForBar", () => {
  it("sleeps until the row is visible", async () => {
    const {clock, market} = countingMarket(START + BAR);
    const deadlineMs = START + 2 * BAR;
    expect((await market.waitForBar(START + BAR, {deadlineMs})).kind).toBe("known");
    expect(clock.now()).toBe(START + BAR + 10_000);
  });

  it("returns at once when it is known already", async () => {
    const {clock, market} = countingMarket(START + 5 * BAR);
    expect((await market.waitForBar(START + BAR, {deadlineMs: START + 9 * BAR})).kind).toBe(
      "known",
    );
    expect(clock.now()).toBe(START + 5 * BAR);
  });

  it("gives up at the deadline", async () => {
    const {clock, market} = countingMarket(START + 20 * BAR);
    const deadlineMs = START + 20 * BAR + 60_000;
    expect((await market.waitForBar(START + 20 * BAR, {deadlineMs})).kind).toBe("late");
    expect(clock.now()).toBe(deadlineMs);
  });
});

describe("a poisoned future", () => {
  it("changes nothing that is visible now", () => {
    const count = 40;
    const ends = endsFrom(START + BAR, count, BAR);
    fc.assert(
      fc.property(
        fc.array(fc.integer({min: 0, max: 20}), {minLength: count, maxLength: count}),
        fc.integer({min: 0, max: 45 * BAR}),
        (latenessBars, elapsed) => {
          const now = START + elapsed;
          const known = ends.map((end, i) => end + (latenessBars[i] as number) * BAR);
          const clean = Array.from(ends, (_, i) => i + 1);
          const poisoned = clean.map((close, i) => ((known[i] as number) > now ? 1e9 : close));
          const answers = [clean, poisoned].map((closes) => {
            const bars = tableOf(BAR, {A: flatBars(ends, closes, known)});
            const market = new RecordedMarket({bars, clock: clockAt(now), delayMs: 0});
            const window = closesOf(market, START + count * BAR, count);
            const closesKnown = Array.from(
              market.valuesWithin("close", "A", {start: 0, end: 2e12}),
            );
            return {
              window,
              closesKnown,
              last: market.lastValue("close", "A"),
              end: market.lastKnownEnd(),
            };
          });
          expect(answers[1]).toEqual(answers[0]);
          const visible = clean.filter((_, i) => (known[i] as number) <= now);
          expect(answers[0]?.closesKnown).toEqual(visible);
          expect(answers[0]?.window.filter((close) => !Number.isNaN(close))).toEqual(visible);
        },
      ),
      {seed: 20250901, numRuns: 200},
    );
  });
});
