import {describe, expect, it} from "vitest";
import {BarTracker} from "../../../../src/market/exchange/collect/bar-tracker.js";
import type {CandleRow} from "../../../../src/market/exchange/exchange-client.js";
import {MINUTE, START} from "./collecting.js";

const tracker = () => new BarTracker({currencyPair: "BTC_USDT", timeframe: "1m", barMs: MINUTE});

/** A candle that opens this many minutes after the start. */
const candle = (minute: number, volume = 5): CandleRow => [
  START + minute * MINUTE,
  ...[10, 12, 9, 11, volume],
];

const at = (minutes: number): number => START + minutes * MINUTE;
const answered = (askedAt: number, now = askedAt) => ({askedAt, now});
const endsOf = ({bars}: {bars: readonly {barEnd: number}[]}): number[] =>
  bars.map(({barEnd}) => (barEnd - START) / MINUTE);

describe("BarTracker", () => {
  it("takes a live candle as over when a later one has come and its end has passed", () => {
    const bars = tracker();
    expect(endsOf(bars.takeLive([candle(0)], at(1.1)))).toEqual([]);
    expect(endsOf(bars.takeLive([candle(0), candle(1)], at(0.99)))).toEqual([]);
    const taken = bars.takeLive([candle(0), candle(1)], at(1.1));
    expect(taken.bars).toEqual([
      {
        currencyPair: "BTC_USDT",
        barEnd: at(1),
        ...{open: 10, high: 12, low: 9, close: 11, volume: 5},
        endDownloadTime: at(1.1),
      },
    ]);
    expect(endsOf(bars.takeLive([candle(0), candle(1)], at(1.2)))).toEqual([]);
  });

  it("judges the newest candle of an answer by when it was asked for", () => {
    const rows = [candle(0), candle(1)];
    expect(endsOf(tracker().takeAnswer(rows, answered(at(1.9), at(2.5))))).toEqual([1]);
    expect(endsOf(tracker().takeAnswer(rows, answered(at(2) + 1_999)))).toEqual([1]);
    expect(endsOf(tracker().takeAnswer(rows, answered(at(2) + 2_000)))).toEqual([1, 2]);
  });

  it("takes a correction from an answer only; a changed live candle is doubtful", () => {
    const bars = tracker();
    bars.takeAnswer([candle(0), candle(1)], answered(at(2.5)));
    const live = bars.takeLive([candle(0, 4), candle(1), candle(2)], at(2.6));
    expect([endsOf(live), live.isDoubtful]).toEqual([[], true]);
    expect(bars.takeLive([candle(0, 4), candle(1), candle(2)], at(2.7)).isDoubtful).toBe(false);
    expect(endsOf(bars.takeAnswer([candle(0), candle(1)], answered(at(2.8))))).toEqual([]);
    const later = bars.takeAnswer([candle(0, 4), candle(1)], answered(at(2.9)));
    expect([endsOf(later), [...later.corrected]]).toEqual([[1], [at(1)]]);
  });

  it("leaves out what cannot be, and counts it", () => {
    const bad: CandleRow = [START, 10, 9, 12, 11, 5];
    const taken = tracker().takeAnswer([bad, candle(1)], answered(at(2.5)));
    expect([endsOf(taken), taken.rejected]).toEqual([[2], 1]);
  });

  it("knows what the store has, and takes a bar again that was not stored after all", () => {
    const bars = tracker();
    const [stored] = tracker().takeAnswer([candle(0)], answered(at(2))).bars;
    bars.remember(stored as NonNullable<typeof stored>);
    expect(endsOf(bars.takeAnswer([candle(0)], answered(at(2))))).toEqual([]);
    expect([bars.has(at(1)), bars.known.size]).toEqual([true, 1]);
    bars.forget(at(1));
    expect(endsOf(bars.takeAnswer([candle(0)], answered(at(2))))).toEqual([1]);
  });

  it("takes no candle of a bar it has let go of", () => {
    const bars = tracker();
    const rows = [candle(0), candle(1), candle(2), candle(3)];
    bars.takeLive(rows, at(3.5));
    bars.prune(at(2.5));
    expect(bars.known.size).toBe(1);
    expect(endsOf(bars.takeLive(rows, at(3.6)))).toEqual([]);
    expect(endsOf(bars.takeAnswer(rows, answered(at(3.6))))).toEqual([]);
  });
});
