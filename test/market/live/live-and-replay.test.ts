import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {whyRefused} from "../../../src/market/live/bar-feed.js";
import {StoreMarket} from "../../../src/market/live/store-market.js";
import type {MarketData} from "../../../src/market/market-data.js";
import {RecordedMarket} from "../../../src/market/recorded-market.js";
import {featureOf} from "../../../src/table/panel.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {flatRow, MemoryFeed, type TimedRow} from "./memory-feed.js";
import {
  BAR,
  DELAY,
  HISTORY,
  onTime,
  openMarket,
  patience,
  replayOf,
  START,
} from "./sample-live-market.js";

/** Everything a system asks a market at one bar. */
async function answersAt(market: MarketData, barEnd: number) {
  const arrival = await market.waitForBar(barEnd, patience(barEnd));
  const panel = market.window({barEnd, bars: 5});
  const columns = ["open", "close", "volume"].map((name) =>
    featureOf(panel, name).data.map((column) => Array.from(column)),
  );
  return {
    arrival,
    columns,
    index: Array.from(panel.index),
    end: market.lastKnownEnd(),
    last: market.symbols.map((symbol) => market.lastValue("close", symbol)),
    within: market.symbols.map((symbol) =>
      Array.from(market.valuesWithin("close", symbol, {start: barEnd - 3 * BAR, end: barEnd})),
    ),
  };
}

const BARS = 8;
const bars = Array.from({length: BARS}, (_, i) => START + (i + 1) * BAR);

/** A bar's versions: how late each is known, and how much later it can be read. */
const versions = fc.array(
  fc.record({
    lateMs: fc.oneof(fc.integer({min: 0, max: 5_000}), fc.integer({min: 0, max: 3 * BAR})),
    lagMs: fc.integer({min: 0, max: DELAY}),
    price: fc.integer({min: -1, max: 40}),
  }),
  {maxLength: 3},
);
type Pattern = typeof pattern extends fc.Arbitrary<infer T> ? T : never;
const pattern = fc.record({
  cells: fc.array(versions, {minLength: 2 * (BARS + 3), maxLength: 2 * (BARS + 3)}),
  ids: fc.infiniteStream(fc.integer({min: 0, max: 1_000})),
});

/** Rows in the order they became readable, give or take: ids follow a jittered order. */
function rowsOf({cells, ids}: Pattern): TimedRow[] {
  const rows = cells.flatMap((cell, i) => {
    const barEnd = START + (Math.floor(i / 2) - 2) * BAR;
    return cell.map(({lateMs, lagMs, price}) =>
      flatRow(0, i % 2 === 0 ? "A" : "B", {barEnd, known: barEnd + lateMs, price, lagMs}),
    );
  });
  const keyed = rows.map((row) => ({row, key: row.readableFrom + (ids.next().value as number)}));
  keyed.sort((a, b) => a.key - b.key);
  return keyed.map(({row}, i) => ({...row, id: i + 1}));
}

/** The close of a bar as known at `asOf`, by looking at every row. */
function closeAsOf(rows: readonly TimedRow[], {symbol, barEnd}: TimedRow, asOf: number) {
  const visible = rows.filter(
    (row) =>
      row.symbol === symbol &&
      row.barEnd === barEnd &&
      row.knowledgeTime + DELAY <= asOf &&
      whyRefused(row, BAR) === undefined,
  );
  const newest = Math.max(...visible.map(({knowledgeTime}) => knowledgeTime));
  return visible.filter(({knowledgeTime}) => knowledgeTime === newest).at(-1)?.close ?? Number.NaN;
}

describe("a live market and the replay of its rows", () => {
  it("answer the same at every bar, whatever comes when", async () => {
    const check = async (drawn: Pattern) => {
      const rows = rowsOf(drawn);
      const live = await openMarket(rows);
      const replayed = new RecordedMarket({
        bars: await replayOf(rows),
        clock: new SimulatedClock(START),
        delayMs: DELAY,
      });
      for (const barEnd of bars) {
        const answers = await answersAt(live.market, barEnd);
        expect(answers).toEqual(await answersAt(replayed, barEnd));
        const wanted = ["A", "B"].map((symbol) =>
          answers.index.map((end) =>
            closeAsOf(rows, {...flatRow(0, symbol, {barEnd: end, known: 0})}, answers.arrival.asOf),
          ),
        );
        expect(answers.columns[1]).toEqual(wanted);
      }
      expect(live.market.counts().late_rows).toBe(0);
    };
    await fc.assert(fc.asyncProperty(pattern, check), {seed: 20251121, numRuns: 150});
  });
});

describe("a clock that is set back", () => {
  it("hides nothing that was known", async () => {
    let now = START + BAR + 12_000;
    const clock = {
      now: () => now,
      sleepUntil: async (time: number) => {
        now = Math.max(now, time);
      },
    };
    const rows = [onTime(1, "A", START + BAR), onTime(2, "A", START + 2 * BAR)];
    const feed = new MemoryFeed(rows, {symbols: ["A"], barMs: BAR, clock});
    const live = await StoreMarket.open({
      feed,
      clock,
      delayMs: DELAY,
      historyMs: HISTORY,
      sleepMs: 500,
    });
    const bars = await replayOf(rows, ["A"]);
    const markets: MarketData[] = [live, new RecordedMarket({bars, clock, delayMs: DELAY})];
    for (const market of markets) {
      expect(market.lastValue("close", "A")).toBe(1);
    }
    now -= 30_000;
    for (const market of markets) {
      expect(market.lastValue("close", "A")).toBe(1);
      expect(market.lastKnownEnd()).toBe(START + BAR);
    }
  });
});
