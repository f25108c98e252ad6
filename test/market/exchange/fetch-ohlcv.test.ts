import {describe, expect, it} from "vitest";
import {type ExchangeClient, openExchange} from "../../../src/market/exchange/exchange-client.js";
import {fetchOhlcv} from "../../../src/market/exchange/fetch-ohlcv.js";
import {inferInstrument} from "../../../src/market/instruments/instrument.js";
import {readInstruments, saveInstruments} from "../../../src/market/instruments/instrument-book.js";
import {listMarket} from "../../../src/market/parquet/list-market.js";
import {readBars} from "../../../src/market/parquet/read-bars.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {withFolder} from "../sample-bars.js";
import {candleAt, type FakeKraken, type FakeKrakenOptions, withFakeKraken} from "./fake-kraken.js";

const HOUR = 3_600_000;
const START = Date.UTC(2025, 8, 1);
const SERIES = {exchange: "kraken", timeframe: "1h"};

const hours = (count: number, from = 0) =>
  Array.from({length: count}, (_, i) => candleAt(START + (from + i) * HOUR, 100 + from + i));

/** The unmodified ccxt client, pointed at the local server; its rate limit would slow tests. */
async function clientOf({url}: FakeKraken): Promise<ExchangeClient> {
  const client = await openExchange("kraken", {apiUrl: url, timeoutMs: 5_000});
  (client as unknown as {enableRateLimit: boolean}).enableRateLimit = false;
  return client;
}

interface Place {
  readonly dataDir: string;
  readonly kraken: FakeKraken;
  readonly client: ExchangeClient;
}

async function withExchange<T>(options: FakeKrakenOptions, use: (place: Place) => Promise<T>) {
  return withFolder((dataDir) =>
    withFakeKraken(options, async (kraken) =>
      use({dataDir, kraken, client: await clientOf(kraken)}),
    ),
  );
}

/** A request for the first ten hours, `now` being that many hours after the start. */
const tenHours = ({dataDir, client}: Place, nowHours = 100) => ({
  ...SERIES,
  dataDir,
  client,
  symbols: ["BTC/USD"],
  start: START,
  end: START + 10 * HOUR,
  clock: new SimulatedClock(START + nowHours * HOUR),
});

async function closesOf(dataDir: string): Promise<number[]> {
  const {bySymbol} = await readBars({...SERIES, dataDir});
  return Array.from(bySymbol.get("BTCUSD")?.columns.get("close") as Float64Array);
}

describe("fetchOhlcv", () => {
  it("stores the bars whose end lies in (start, end], page by page", async () => {
    await withExchange({candles: hours(30, -5), pageSize: 4}, async (place) => {
      const report = await fetchOhlcv(tenHours(place));
      expect(await closesOf(place.dataDir)).toEqual(Array.from({length: 10}, (_, i) => 100 + i));
      expect(report.symbols[0]).toMatchObject({
        symbol: "BTCUSD",
        bars: 10,
        notSent: 0,
        stored: {added: 10, changed: 0},
      });
      expect(place.kraken.asked.length).toBeGreaterThanOrEqual(3);
      expect(new Set(place.kraken.asked).size).toBe(place.kraken.asked.length);
      const [series] = await listMarket(place.dataDir);
      expect([series?.first, series?.last]).toEqual([START + HOUR, START + 10 * HOUR]);
    });
  });

  it("leaves out the bar that is still open, and takes it when it is over", async () => {
    await withExchange({candles: hours(10)}, async (place) => {
      await fetchOhlcv(tenHours(place, 2.5));
      expect(await closesOf(place.dataDir)).toEqual([100, 101]);
      const again = await fetchOhlcv(tenHours(place, 3));
      expect(await closesOf(place.dataDir)).toEqual([100, 101, 102]);
      expect(again.symbols[0]?.stored).toMatchObject({added: 1, unchanged: 0});
    });
  });

  it("goes on past a hole and says what the exchange did not send", async () => {
    const candles = [...hours(2), ...hours(3, 6)];
    await withExchange({candles, pageSize: 2}, async (place) => {
      const report = await fetchOhlcv(tenHours(place));
      expect(await closesOf(place.dataDir)).toEqual([100, 101, 106, 107, 108]);
      expect(report.symbols[0]).toMatchObject({gaps: 1, missingBars: 4, notSent: 5});
    });
  });

  it("keeps the exchange's own description of the instrument", async () => {
    await withExchange({candles: hours(3)}, async (place) => {
      await fetchOhlcv(tenHours(place));
      const book = await readInstruments({...SERIES, dataDir: place.dataDir});
      expect(book.get("BTCUSD")).toEqual({
        id: "BTCUSD",
        symbol: "BTC/USD",
        venue: "kraken",
        kind: "spot",
        multiplier: 1,
        baseCurrency: "BTC",
        quoteCurrency: "USD",
        settlementCurrency: "USD",
        tickSize: 0.1,
        lotSize: 1e-8,
        minNotional: 0.5,
        maxNotional: null,
        minAmount: 0.0001,
        maxAmount: null,
        sessionCalendar: "24/7",
      });
    });
  });

  it("fails with the exchange's words after waiting, keeping the pages it has", async () => {
    await withExchange({candles: hours(10), pageSize: 3, failsFrom: 1}, async (place) => {
      const failure = fetchOhlcv({...tenHours(place), deadlineMs: START + 100 * HOUR + 60_000});
      await expect(failure).rejects.toMatchObject({code: "failed"});
      await expect(failure).rejects.toThrow(/kraken: .*EService:Unavailable.* \(after 6 tries\)/);
      expect(await closesOf(place.dataDir)).toEqual([100, 101, 102]);
    });
  });

  it("gives up at the deadline", async () => {
    await withExchange({candles: hours(10)}, async (place) => {
      const late = {...tenHours(place), deadlineMs: START};
      await expect(fetchOhlcv(late)).rejects.toThrow(/at the deadline/);
    });
  });

  it("refuses an unknown symbol, timeframe or exchange before anything is stored", async () => {
    await withExchange({candles: hours(3)}, async (place) => {
      const wrong = async (change: object) => fetchOhlcv({...tenHours(place), ...change});
      await expect(wrong({symbols: ["BTC/XYZ"]})).rejects.toThrow(/kraken symbol: .*BTC\/XYZ/);
      await expect(wrong({timeframe: "7m"})).rejects.toThrow(/kraken timeframe: .*found 7m/);
      await expect(openExchange("krakn")).rejects.toThrow(/--exchange: .*"krakn"/);
      expect(await listMarket(place.dataDir)).toEqual([]);
    });
  });

  it("does not mix two markets under one id", async () => {
    await withExchange({candles: hours(3)}, async (place) => {
      const steps = {priceDecimals: 1, volumeDecimals: 1};
      const perpetual = inferInstrument({id: "BTCUSD", venue: "kraken", kind: "linear", ...steps});
      await saveInstruments({...SERIES, dataDir: place.dataDir}, {given: [perpetual]});
      const failure = fetchOhlcv(tenHours(place));
      await expect(failure).rejects.toThrow(/expected BTC\/USD:USD, .*found BTC\/USD;/);
    });
  });
});
