import {expect, it} from "vitest";
import {inferInstrument} from "../../../src/market/instruments/instrument.js";
import {readFeed} from "../../../src/market/live/read-feed.js";
import {checkBarTable, sqlBarFeed} from "../../../src/market/live/sql-bar-feed.js";
import {StoreMarket} from "../../../src/market/live/store-market.js";
import {RecordedMarket} from "../../../src/market/recorded-market.js";
import {dumpFeed} from "../../../src/market/replay-file/dump-feed.js";
import {readMarketDump} from "../../../src/market/replay-file/read-market-dump.js";
import {appendOhlcv, type OhlcvRow} from "../../../src/store/streams/ohlcv.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {describeEachStore} from "../../store/on-each-store.js";
import {withFolder} from "../sample-bars.js";

const BAR = 60_000;
const START = Date.UTC(2025, 8, 1);
const SERIES = {table: "ccxt_ohlcv_futures", barMs: BAR} as const;
const instruments = ["BTCUSDT", "ETHUSDT"].map((id) =>
  inferInstrument({id, venue: "kraken", kind: "linear", priceDecimals: 2, volumeDecimals: 2}),
);

function rowOf(pair: string, bar: number, [close, lateMs = 1_000]: [number, number?]): OhlcvRow {
  const barEnd = START + bar * BAR;
  return {
    exchangeId: "kraken",
    currencyPair: pair,
    barEnd,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
    endDownloadTime: barEnd + lateMs - 200,
    knowledgeTime: barEnd + lateMs,
  };
}

describeEachStore("a live market on the SQL store", (storeOf) => {
  it("sees rows as a collector appends them, as does the replay of its dump", async () => {
    const store = storeOf();
    const choice = {table: "ccxt_ohlcv_futures", exchange: "kraken", timeframe: "1m"} as const;
    const feed = sqlBarFeed(store, {...choice, instruments});
    const append = (...rows: OhlcvRow[]) => appendOhlcv(store, rows, SERIES);
    await append(
      rowOf("BTC_USDT", 0, [100]),
      rowOf("ETH_USDT", 0, [10]),
      rowOf("SOL_USDT", 0, [1]),
    );
    const clock = new SimulatedClock(START + 5_000);
    const options = {feed, delayMs: 10_000, historyMs: 10 * BAR, sleepMs: 1_000};
    const live = await StoreMarket.open({...options, clock});
    await append(rowOf("BTC_USDT", 1, [101]), rowOf("ETH_USDT", 1, [11]));
    // A correction of the first bar, and a row that holds no bar.
    await append(rowOf("BTC_USDT", 0, [99.5, BAR + 500]), rowOf("ETH_USDT", 2, [-12]));
    await append(rowOf("BTC_USDT", 2, [102]));
    await withFolder(async (dir) => {
      const path = `${dir}/test_data.csv.gz`;
      const names = new Map([["BTCUSDT", "kraken::BTC_USDT"]]);
      const range = {start: START, end: START + 3 * BAR, historyMs: BAR};
      const report = await dumpFeed(feed, {path, ...range}, names);
      expect(report).toMatchObject({rows: 6, corrections: 1, refusedRows: 1});
      const fromFile = await readMarketDump(path);
      const {bars, refusedRows} = await readFeed(feed, {from: START - BAR, to: range.end});
      expect([refusedRows, bars]).toEqual([1, fromFile]);
      const replay = new RecordedMarket({
        bars: fromFile,
        clock: new SimulatedClock(START + 5_000),
        delayMs: 10_000,
      });
      for (const bar of [1, 2]) {
        const barEnd = START + bar * BAR;
        const patience = {deadlineMs: barEnd + 40_000, graceMs: 3_000};
        const arrival = await live.waitForBar(barEnd, patience);
        expect(arrival).toEqual(await replay.waitForBar(barEnd, patience));
        expect(arrival.missing).toEqual(bar === 1 ? [] : ["ETHUSDT"]);
        for (const symbol of feed.symbols) {
          const within = {start: START - BAR, end: barEnd};
          const closes = Array.from(live.valuesWithin("close", symbol, within));
          expect(closes).toEqual(Array.from(replay.valuesWithin("close", symbol, within)));
          expect(live.lastValue("close", symbol)).toBe(replay.lastValue("close", symbol));
          if (symbol === "BTCUSDT") {
            expect(closes).toEqual(bar === 1 ? [99.5, 101] : [99.5, 101, 102]);
          }
        }
      }
      expect(live.counts()).toEqual({
        gaps: 1,
        missing: 1,
        late_rows: 0,
        corrections: 1,
        refused_rows: 1,
        store_failures: 0,
      });
    });
  });

  it("names the tables it knows", () => {
    expect(checkBarTable("ccxt_ohlcv_spot")).toBe("ccxt_ohlcv_spot");
    expect(() => checkBarTable("orders")).toThrow(
      /--table: expected ccxt_ohlcv_spot or ccxt_ohlcv_futures, found "orders"/,
    );
  });
});
