import fc from "fast-check";
import {beforeEach, expect, it} from "vitest";
import {appendOhlcv, type OhlcvRow, readOhlcv} from "../../../src/store/streams/ohlcv.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import {describeEachStore, emptyTables} from "../on-each-store.js";

const START = Date.UTC(2025, 8, 1);
const SERIES = {table: "ccxt_ohlcv_futures", barMs: MINUTE_MS} as const;
const ALL = {...SERIES, exchangeId: "binance", currencyPairs: ["BTC_USDT"], from: 0} as const;

/** A version of the bar that ends `minute` minutes after the start. */
function bar(minute: number, close: number, knownAfterMs = 1_000): OhlcvRow {
  const barEnd = START + minute * MINUTE_MS;
  return {
    exchangeId: "binance",
    currencyPair: "BTC_USDT",
    barEnd,
    open: 100,
    high: 110,
    low: 90,
    close,
    volume: 1.5,
    endDownloadTime: barEnd + knownAfterMs,
    knowledgeTime: barEnd + knownAfterMs,
  };
}

describeEachStore("bars in the store", (store) => {
  beforeEach(() => emptyTables(store()));
  const closes = async (more: {asOf?: number; versions: "all" | "latest"}) =>
    (await readOhlcv(store(), {...ALL, ...more})).map(({close}) => close);

  it("come back as they were appended", async () => {
    const rows = [bar(1, 101), bar(2, 1 / 3)];
    expect(await appendOhlcv(store(), rows, SERIES)).toBe(2);
    const read = await readOhlcv(store(), {...ALL, versions: "all"});
    expect(read).toEqual(rows.map((row, i) => ({...row, id: i + 1, version: 0})));
  });

  it("the same values again are not new, other values are a further version", async () => {
    expect(await appendOhlcv(store(), [bar(1, 101)], SERIES)).toBe(1);
    expect(await appendOhlcv(store(), [bar(1, 101, 9_000)], SERIES)).toBe(0);
    expect(await appendOhlcv(store(), [bar(1, 102, 61_000)], SERIES)).toBe(1);
    const read = await readOhlcv(store(), {...ALL, versions: "all"});
    expect(read.map(({version, close}) => [version, close])).toEqual([
      [0, 101],
      [1, 102],
    ]);
    expect(await closes({versions: "latest"})).toEqual([102]);
  });

  it("a value that comes back after a correction is the newest again", async () => {
    const versions = [bar(1, 101, 1_000), bar(1, 102, 2_000), bar(1, 101, 3_000)];
    for (const version of versions) {
      expect(await appendOhlcv(store(), [version], SERIES)).toBe(1);
    }
    expect(await appendOhlcv(store(), versions, SERIES)).toBe(0);
    expect(await closes({versions: "latest"})).toEqual([101]);
    expect(await closes({versions: "latest", asOf: bar(1, 0, 2_500).knowledgeTime})).toEqual([102]);
  });

  it("a version of an earlier time does not change what was known since", async () => {
    await appendOhlcv(store(), [bar(1, 101, 5_000)], SERIES);
    expect(await appendOhlcv(store(), [bar(1, 101, 0)], SERIES)).toBe(0);
    expect(await closes({versions: "latest", asOf: bar(1, 0, 4_000).knowledgeTime})).toEqual([]);
    expect(await appendOhlcv(store(), [bar(1, 99, 0)], SERIES)).toBe(1);
    expect(await closes({versions: "latest"})).toEqual([101]);
    expect(await closes({versions: "latest", asOf: bar(1, 0, 4_000).knowledgeTime})).toEqual([99]);
  });

  it("are told apart by table, length, exchange and pair", async () => {
    const row = bar(5, 101);
    await appendOhlcv(store(), [row, {...row, currencyPair: "ETH_USDT", close: 7}], SERIES);
    await appendOhlcv(store(), [{...row, exchangeId: "kraken"}], SERIES);
    await appendOhlcv(store(), [{...row, close: 105}], {...SERIES, barMs: 5 * MINUTE_MS});
    await appendOhlcv(store(), [{...row, close: 99}], {...SERIES, table: "ccxt_ohlcv_spot"});
    expect(await closes({versions: "all"})).toEqual([101]);
    const five = await readOhlcv(store(), {...ALL, barMs: 5 * MINUTE_MS, versions: "all"});
    expect(five.map(({barEnd, close}) => [barEnd, close])).toEqual([[row.barEnd, 105]]);
    const both = {...ALL, currencyPairs: ["ETH_USDT", "BTC_USDT"], versions: "latest"} as const;
    expect((await readOhlcv(store(), both)).map(({close}) => close)).toEqual([101, 7]);
  });

  it("are read from after one bar end up to another, and after an id", async () => {
    await appendOhlcv(store(), [bar(1, 1), bar(2, 2), bar(3, 3), bar(4, 4)], SERIES);
    const range = {from: bar(1, 0).barEnd, to: bar(3, 0).barEnd};
    const read = await readOhlcv(store(), {...ALL, ...range, versions: "all"});
    expect(read.map(({close}) => close)).toEqual([2, 3]);
    const after = {afterId: read[0]?.id};
    const rest = await readOhlcv(store(), {...ALL, ...after, versions: "all"});
    expect(rest.map(({close}) => close)).toEqual([3, 4]);
  });

  it("two writers at once add every row once", async () => {
    const rows = Array.from({length: 200}, (_, i) => bar(i, 100 + (i % 7)));
    const added = await Promise.all([1, 2, 3].map(() => appendOhlcv(store(), rows, SERIES)));
    expect(added.reduce((a, b) => a + b)).toBe(200);
    expect(await closes({versions: "all"})).toHaveLength(200);
  });

  it("at every instant a read gives the version that was the newest then", async () => {
    const version = fc.record({
      minute: fc.integer({min: 1, max: 3}),
      close: fc.integer({min: 1, max: 3}),
      known: fc.integer({min: 0, max: 9}),
    });
    const versions = fc.uniqueArray(version, {
      maxLength: 12,
      selector: ({minute, known}) => `${minute} ${known}`,
    });
    let pairs = 0;
    await fc.assert(
      fc.asyncProperty(versions, fc.nat(12), async (unsorted, cut) => {
        const currencyPair = `PAIR_${++pairs}`;
        const all = unsorted.sort((a, b) => a.known - b.known);
        const knownAt = (known: number) => START + 10 * MINUTE_MS + known * 1_000;
        const rows = all.map(({minute, close, known}) => ({
          ...bar(minute, close),
          currencyPair,
          knowledgeTime: knownAt(known),
        }));
        await appendOhlcv(store(), rows.slice(0, cut), SERIES);
        await appendOhlcv(store(), rows.slice(cut), SERIES);
        expect(await appendOhlcv(store(), rows, SERIES)).toBe(0);
        for (const at of [0, 4, 9]) {
          const newest = [1, 2, 3].flatMap((minute) =>
            all.filter((v) => v.minute === minute && v.known <= at).slice(-1),
          );
          const asOf = knownAt(at);
          const query = {...ALL, currencyPairs: [currencyPair], versions: "latest", asOf} as const;
          const read = await readOhlcv(store(), query);
          expect(read.map(({close}) => close)).toEqual(newest.map((v) => v.close));
        }
      }),
      {seed: 7, numRuns: 12},
    );
  });
});
