import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {type ExchangeClient, openExchange} from "../../../src/market/exchange/exchange-client.js";
import {type FetchOptions, fetchOhlcv} from "../../../src/market/exchange/fetch-ohlcv.js";
import {sqlTarget} from "../../../src/market/exchange/sql-target.js";
import {readBars} from "../../../src/market/parquet/read-bars.js";
import {readOhlcv} from "../../../src/store/streams/ohlcv.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {type BinanceServer, withBinanceServer} from "../../exchange/binance-server.js";
import {CandleMarket} from "../../exchange/candle-market.js";
import {describeEachStore} from "../../store/on-each-store.js";
import {withFolder} from "../sample-bars.js";
import {linesOf, MINUTE, minuteBars, START} from "./collect/collecting.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const BARS = 60;
const table = minuteBars(SYMBOLS, START, START + 10 * BARS * MINUTE);

interface Place {
  readonly dataDir: string;
  readonly server: BinanceServer;
  readonly client: ExchangeClient;
  readonly clock: SimulatedClock;
}

/** A server whose clock stands an hour and half a minute after the start. */
async function withExchange<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const clock = new SimulatedClock(START + BARS * MINUTE + MINUTE / 2);
  return withFolder((dataDir) =>
    withBinanceServer(new CandleMarket(table, clock), async (server) => {
      const client = await openExchange("binanceusdm", {apiUrl: server.url, timeoutMs: 5_000});
      Object.assign(client, {enableRateLimit: false});
      server.pageLimit = 11;
      return use({dataDir, server, client, clock});
    }),
  );
}

const anHour = ({dataDir, client, clock}: Place): FetchOptions => ({
  exchange: "binanceusdm",
  timeframe: "1m",
  dataDir,
  client,
  clock,
  symbols: ["BTC/USDT:USDT", "ETH/USDT:USDT"],
  start: START,
  end: START + BARS * MINUTE,
});

async function linesIn(dataDir: string): Promise<string[]> {
  const stored = await readBars({exchange: "binanceusdm", timeframe: "1m", dataDir});
  return linesOf(stored, 0, Number.POSITIVE_INFINITY);
}

/** Every Parquet file of a store with its bytes. */
function bytesOf(dataDir: string): string[] {
  return readdirSync(dataDir, {recursive: true, encoding: "utf8"})
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => `${name} ${readFileSync(join(dataDir, name)).toString("base64")}`);
}

const wanted = linesOf(table, START, START + BARS * MINUTE);

describe("a fetch that was stopped", () => {
  it("ends in the same store wherever it was stopped, and asks for nothing twice", async () => {
    const whole = await withExchange(async (place) => {
      await fetchOhlcv(anHour(place));
      expect(await linesIn(place.dataDir)).toEqual(wanted);
      return {pages: place.server.asked.length, bytes: bytesOf(place.dataDir)};
    });
    expect(whole.pages).toBe(12);
    await withExchange(async (place) => {
      for (let page = 1; page < whole.pages; page++) {
        const stop = new AbortController();
        const kept = place.server.asked.length;
        const onProgress = () => {
          if (place.server.asked.length > kept) {
            stop.abort(new Error("killed"));
          }
        };
        const killed = fetchOhlcv({...anHour(place), signal: stop.signal, onProgress});
        await expect(killed).rejects.toThrow("killed");
        expect((await linesIn(place.dataDir)).length).toBeGreaterThan(0);
      }
      await fetchOhlcv(anHour(place));
      expect(bytesOf(place.dataDir)).toEqual(whole.bytes);
      const questions = place.server.asked.map(({symbol, since}) => `${symbol} ${since}`);
      expect(new Set(questions).size).toBe(questions.length);
    });
  });

  it("asks only for what is missing in the middle, and with `isAgain` for all", async () => {
    await withExchange(async (place) => {
      const part = (from: number, to: number, more = {}) =>
        fetchOhlcv({
          ...anHour(place),
          ...more,
          symbols: ["BTC/USDT:USDT"],
          start: START + from * MINUTE,
          end: START + to * MINUTE,
        });
      await part(0, 20);
      await part(40, 60);
      place.server.asked.length = 0;
      const report = await part(0, 60);
      expect(place.server.asked.map(({since}) => (since - START) / MINUTE)).toEqual([20, 31]);
      expect(report.symbols[0]).toMatchObject({bars: 60, notSent: 0, stored: {added: 20}});
      const btc = {symbol: "BTCUSDT", time: START + 10 * MINUTE};
      place.server.market.correct(btc, {volume: 99});
      expect((await part(0, 60)).symbols[0]).toMatchObject({stored: {changed: 0, unchanged: 0}});
      const again = await part(0, 60, {isAgain: true});
      expect(again.symbols[0]).toMatchObject({stored: {added: 0, changed: 1, unchanged: 59}});
    });
  });
});

describe("a fetch from a difficult exchange", () => {
  it("waits out rate limits, outages and unreadable answers, and counts them", async () => {
    for (const status of [429, 418, 503, 200]) {
      await withExchange(async (place) => {
        const before = place.clock.now();
        place.server.fail({status, count: 3});
        const report = await fetchOhlcv(anHour(place));
        expect(await linesIn(place.dataDir)).toEqual(wanted);
        expect(report.retries).toBe(3);
        expect(place.clock.now() - before).toBe(1_000 + 2_000 + 4_000);
      });
    }
  });

  it("never stores the candle that is still growing", async () => {
    await withExchange(async (place) => {
      await fetchOhlcv({...anHour(place), end: START + 2 * BARS * MINUTE});
      expect(await linesIn(place.dataDir)).toEqual(wanted);
      await place.clock.sleepUntil(START + (BARS + 1) * MINUTE + 500);
      place.server.market.hide({symbol: "BTCUSDT", time: START + (BARS + 1) * MINUTE});
      await fetchOhlcv({...anHour(place), end: START + 2 * BARS * MINUTE});
      const [btc, eth] = SYMBOLS.map((id) => id.replace("USDT", "_USDT"));
      const lines = await linesIn(place.dataDir);
      // Half a second after its end the newest candle counts only if another has followed.
      expect(lines.filter((line) => line.startsWith(btc as string))).toHaveLength(BARS);
      expect(lines.filter((line) => line.startsWith(eth as string))).toHaveLength(BARS + 1);
    });
  });

  it("finds the beginning of a history that starts long after it was asked for", async () => {
    await withExchange(async (place) => {
      const start = START - 700 * 24 * 60 * MINUTE;
      const report = await fetchOhlcv({...anHour(place), start});
      expect(await linesIn(place.dataDir)).toEqual(wanted);
      expect(place.server.asked.length).toBeLessThan(20);
      expect(report.symbols[0]?.notSent).toBe(700 * 24 * 60);
    });
  });

  it("says where bars are missing", async () => {
    await withExchange(async (place) => {
      for (const minute of [10, 11, 30]) {
        place.server.market.hide({symbol: "BTCUSDT", time: START + minute * MINUTE});
      }
      const [btc] = (await fetchOhlcv(anHour(place))).symbols;
      expect(btc).toMatchObject({gaps: 2, missingBars: 3, notSent: 3});
      expect(btc?.missing).toEqual([
        {first: START + 11 * MINUTE, last: START + 12 * MINUTE, bars: 2},
        {first: START + 31 * MINUTE, last: START + 31 * MINUTE, bars: 1},
      ]);
    });
  });
});

describeEachStore("a fetch into the SQL store", (store) => {
  it("keeps each page, counts a bar as known at its end, a correction as known now", async () => {
    await withExchange(async (place) => {
      const sql = {exchange: "binanceusdm", barMs: MINUTE, clock: place.clock};
      const request = () => ({...anHour(place), target: sqlTarget(store(), sql)});
      const read = () =>
        readOhlcv(store(), {
          table: "ccxt_ohlcv_futures",
          barMs: MINUTE,
          exchangeId: "binanceusdm",
          currencyPairs: ["BTC_USDT", "ETH_USDT"],
          from: START,
          to: START + BARS * MINUTE,
          versions: "all",
        });
      const first = await fetchOhlcv(request());
      expect(first.symbols[0]?.stored).toMatchObject({added: 60, changed: 0});
      const rows = await read();
      const key = ({currencyPair, barEnd, open, high, low, close, volume}: (typeof rows)[number]) =>
        [currencyPair, barEnd, open, high, low, close, volume].join(" ");
      expect(rows.map(key).sort()).toEqual(wanted);
      expect(rows.every((row) => row.knowledgeTime === row.barEnd)).toBe(true);
      expect(rows.every((row) => row.endDownloadTime === place.clock.now())).toBe(true);
      place.server.market.correct({symbol: "ETHUSDT", time: START}, {volume: 77});
      const again = await fetchOhlcv({...request(), isAgain: true});
      expect(again.symbols.map(({stored}) => stored)).toMatchObject([
        {added: 0, changed: 0, unchanged: 60},
        {added: 0, changed: 1, unchanged: 59},
      ]);
      const late = (await read()).filter(({version}) => version > 0);
      expect(late).toMatchObject([{volume: 77, knowledgeTime: place.clock.now()}]);
    });
  });
});
