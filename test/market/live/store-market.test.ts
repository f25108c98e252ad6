import {describe, expect, it} from "vitest";
import {describeNotice, type MarketNotice} from "../../../src/market/live/market-notice.js";
import {StoreMarket} from "../../../src/market/live/store-market.js";
import {featureOf} from "../../../src/table/panel.js";
import {DAY_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {flatRow, MemoryFeed, type TimedRow} from "./memory-feed.js";
import {BAR, DELAY, HISTORY, onTime, openMarket, patience, START} from "./sample-live-market.js";

describe("a live market", () => {
  const bar = START + BAR;

  it("decides a bar the delay after its last row is known, and reads the history", async () => {
    const rows = [
      onTime(1, "A", START - BAR),
      onTime(2, "B", START - BAR),
      onTime(3, "A", bar),
      flatRow(4, "B", {barEnd: bar, known: bar + 2_500, price: 4}),
    ];
    const {market, clock} = await openMarket(rows);
    const arrival = await market.waitForBar(bar, patience(bar));
    expect(arrival).toEqual({kind: "known", asOf: bar + 12_500, missing: []});
    expect(clock.now()).toBe(bar + 12_500);
    const close = featureOf(market.window({barEnd: bar, bars: 3}), "close").data;
    expect(close.map((column) => Array.from(column))).toEqual([
      [1, Number.NaN, 3],
      [2, Number.NaN, 4],
    ]);
    expect(market.counts()).toMatchObject({gaps: 0, missing: 0, late_rows: 0});
  });

  it("counts a row that the table held back beyond its bar's cut-off as late", async () => {
    const rows = [
      onTime(1, "A", bar),
      flatRow(2, "B", {barEnd: bar, known: bar + 1_000, price: 7, lagMs: 60_000}),
      onTime(3, "A", bar + BAR),
      onTime(4, "B", bar + BAR),
    ];
    const {market, notices} = await openMarket(rows);
    const first = await market.waitForBar(bar, patience(bar));
    expect(first).toMatchObject({kind: "known", asOf: bar + 14_000, missing: ["B"]});
    await market.waitForBar(bar + BAR, patience(bar + BAR));
    expect(market.counts()).toMatchObject({late_rows: 1, missing: 1, gaps: 1});
    const late = notices.find(({kind}) => kind === "late-row") as MarketNotice;
    expect(describeNotice(late)).toMatch(/^B: the row of bar 2025-09-01 00:01.*a replay would/);
    expect(Array.from(market.valuesWithin("close", "B", {start: START, end: bar}))).toEqual([7]);
  });

  it("finds a row that appears after rows with larger ids", async () => {
    const rows = [
      onTime(2, "A", bar),
      flatRow(1, "B", {barEnd: bar, known: bar + 1_000, price: 9, lagMs: 9_000}),
    ];
    const {market} = await openMarket(rows);
    expect((await market.waitForBar(bar, patience(bar))).missing).toEqual([]);
    expect(market.lastValue("close", "B")).toBe(9);
  });

  const bad: [name: string, values: Partial<TimedRow>, wanted: RegExp][] = [
    ["a negative price", {low: -1}, /a price is not positive/],
    ["no number", {close: Number.NaN}, /a price is not a number/],
    ["a negative volume", {volume: -2}, /the volume is no amount/],
    ["a time off the grid", {barEnd: bar - 30_000}, /off the grid/],
    ["a bar of the far future", {barEnd: bar + 400 * DAY_MS}, /known before the bar began/],
  ];
  it.each(bad)(
    "refuses a row with %s and goes on as if it were missing",
    async (_n, values, say) => {
      const rows = [onTime(1, "A", bar), {...onTime(2, "B", bar), ...values}];
      const {market, notices} = await openMarket(rows);
      const arrival = await market.waitForBar(bar, patience(bar));
      expect(arrival).toMatchObject({kind: "known", missing: ["B"]});
      expect(market.lastValue("close", "B")).toBeNaN();
      expect(market.counts().refused_rows).toBe(1);
      const refused = notices.find(({kind}) => kind === "refused-row") as MarketNotice;
      expect(describeNotice(refused)).toMatch(say);
    },
  );

  it("waits for a table that is away, but not beyond the deadline", async () => {
    const rows = [1, 2, 3].flatMap((i) => [
      onTime(2 * i, "A", START + i * BAR),
      onTime(2 * i + 1, "B", START + i * BAR),
    ]);
    const away: [number, number][] = [[bar, bar + 65_000]];
    const {market, clock, notices} = await openMarket(rows, {away});
    const first = await market.waitForBar(bar, patience(bar));
    expect(first).toMatchObject({kind: "late", missing: ["A", "B"]});
    expect(clock.now()).toBe(bar + 40_000);
    const second = await market.waitForBar(bar + BAR, patience(bar + BAR));
    expect(second).toMatchObject({kind: "known", missing: []});
    const kinds = notices.map(({kind}) => kind);
    expect(kinds.filter((kind) => kind === "store-away")).toHaveLength(1);
    expect(kinds).toContain("store-back");
    // A replay has the rows of the first bar: they were known, and only could not be read.
    expect(market.counts().late_rows).toBe(2);
  });

  it("stops, naming them, when instruments are missing and the policy says so", async () => {
    const rows = [onTime(1, "A", START), onTime(2, "B", START), onTime(3, "A", bar)];
    const {market} = await openMarket(rows, {now: START + 2_000, missingAssets: "assert"});
    const failure = market.waitForBar(bar, patience(bar));
    await expect(failure).rejects.toMatchObject({code: "failed"});
    await expect(failure).rejects.toThrow(/bar 2025-09-01T00:01.*none of B/);
  });

  it("names instruments without any row at its start", async () => {
    const rows = [onTime(1, "A", START)];
    const {notices} = await openMarket(rows, {now: bar});
    expect(notices).toContainEqual({kind: "unknown-instruments", symbols: ["B"]});
    const failure = openMarket(rows, {now: bar, missingAssets: "assert"});
    await expect(failure).rejects.toMatchObject({code: "bad-data"});
    await expect(failure).rejects.toThrow(/a table in memory: .*none of B; collect them/);
  });

  it("stays as large as it is over a week, and keeps what it promises", async () => {
    const count = (7 * DAY_MS) / BAR;
    const rows = Array.from({length: count}, (_, i) => onTime(i + 1, "A", START + (i + 1) * BAR));
    const clock = new SimulatedClock(START);
    const feed = new MemoryFeed([], {symbols: ["A"], barMs: BAR, clock});
    let at = 0;
    feed.read = async ({afterId = 0}) => {
      at = Math.max(at, afterId);
      const first = at;
      while (at < count && (rows[at] as TimedRow).readableFrom <= clock.now()) at += 1;
      return rows.slice(first, at);
    };
    const options = {feed, clock, delayMs: DELAY, historyMs: HISTORY, sleepMs: 5_000};
    const market = await StoreMarket.open(options);
    for (const {barEnd} of rows) {
      await market.waitForBar(barEnd, patience(barEnd));
    }
    const last = START + count * BAR;
    const all = market.valuesWithin("close", "A", {start: 0, end: last});
    expect(all.length).toBeGreaterThanOrEqual((HISTORY + DAY_MS) / BAR);
    expect(all.length).toBeLessThanOrEqual((1.25 * (HISTORY + DAY_MS)) / BAR + 1);
    expect(Array.from(all.slice(-2))).toEqual([count - 1, count]);
  });
});
