import {describe, expect, it} from "vitest";
import {readInstruments} from "../../../src/market/instruments/instrument-book.js";
import {openStore} from "../../../src/store/open/open-store.js";
import {readOhlcv} from "../../../src/store/streams/ohlcv.js";
import {formatClockScale, parseClockScale, scaledClock} from "../../../src/time/scaled-clock.js";
import {systemClock} from "../../../src/time/system-clock.js";
import {withBinanceServer} from "../../exchange/binance-server.js";
import {CandleMarket} from "../../exchange/candle-market.js";
import {linesOf, MINUTE, minuteBars, START} from "../../market/exchange/collect/collecting.js";
import {withFolder} from "../../market/sample-bars.js";
import {freePort} from "../../store/own-server.js";
import {reckon} from "../command-line.js";

const HOUR = 60 * MINUTE;
const table = minuteBars(["BTCUSDT", "ETHUSDT"], START - HOUR, START + 48 * HOUR);
const SERIES = ["--exchange", "binanceusdm", "--timeframe", "1m"] as const;
const SYMBOLS = ["--symbols", "BTC/USDT:USDT,ETH/USDT:USDT"] as const;

/** A day and more in which a second lasts as long as two minutes. */
function fastClock() {
  const realStart = Math.floor(systemClock.now() / 1_000) * 1_000;
  const text = formatClockScale({start: START, realStart, speed: 120});
  return {text, clock: scaledClock(parseClockScale(text, "--clock"), systemClock)};
}

const COLUMNS = ["open", "high", "low", "close", "volume"] as const;

/** What the SQL store of a folder holds of the bars in (from, to], and whether it came live. */
async function storedLines(dataDir: string, from: number, to: number) {
  const store = await openStore({dataDir});
  try {
    const rows = await readOhlcv(store, {
      table: "ccxt_ohlcv_futures",
      barMs: MINUTE,
      versions: "all",
      exchangeId: "binanceusdm",
      currencyPairs: ["BTC_USDT", "ETH_USDT"],
      from,
      to,
    });
    const lines = rows.map((row) =>
      [row.currencyPair, row.barEnd, ...COLUMNS.map((name) => row[name])].join(" "),
    );
    const isLive = rows.map(({knowledgeTime, barEnd}) => knowledgeTime > barEnd);
    return {lines: lines.sort(), isLive};
  } finally {
    await store.close();
  }
}

async function withExchange(use: (place: string[], dataDir: string, clock: string) => unknown) {
  const {text, clock} = fastClock();
  await withFolder((dataDir) =>
    withBinanceServer(new CandleMarket(table, clock), async (server) => {
      server.stream();
      await use(["--data-dir", dataDir, "--api-url", server.url], dataDir, text);
    }),
  );
}

describe("an exchange that does not answer", () => {
  it.each([
    ["fetch", ["--start-timestamp", "20250901_000000", "--timeout-in-secs", "4"]],
    ["collect", ["--clock", formatClockScale({start: START, realStart: 0, speed: 1_000})]],
  ])("is told by %s before it is asked again", async (command, flags) => {
    const place = ["--api-url", `http://127.0.0.1:${await freePort()}`];
    await withFolder(async (dataDir) => {
      const {exitCode, stderr} = await reckon(
        ...["market", command, ...SERIES, ...SYMBOLS, "--data-dir", dataDir, ...place, ...flags],
      );
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/binanceusdm GET http:\/\/127.*ECONNREFUSED.*; asking again in 1 s/);
    });
  });
});

describe("a time that is none", () => {
  it.each(["abc", "-1", "0"])("%s", async (value) => {
    const start = ["--start-timestamp", "20250901_000000", "--data-dir", "/nowhere"];
    const {exitCode, stderr} = await reckon(
      ...["market", "fetch", ...SERIES, ...SYMBOLS, ...start, `--timeout-in-secs=${value}`],
    );
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/--timeout-in-secs: expected a number( above 0)?, found/),
    ]);
  });
});

describe("reckon market fetch and collect", () => {
  it("fill the SQL store with history, then with live bars", async () => {
    await withExchange(async (place, dataDir, clock) => {
      const range = ["--since", "20250831_230000", "--until", "20250901_000000", "--to", "sql"];
      const fetched = await reckon("market", "fetch", ...SERIES, ...SYMBOLS, ...range, ...place);
      expect([fetched.exitCode, fetched.stderr]).toEqual([
        0,
        "BTCUSDT (1 of 2)   0 %  0 bars\nBTCUSDT (1 of 2) 100 %  60 bars\n" +
          "ETHUSDT (2 of 2)   0 %  0 bars\nETHUSDT (2 of 2) 100 %  60 bars\n",
      ]);
      expect(fetched.stdout.match(/60 added, 0 changed/g)).toHaveLength(2);
      const history = await storedLines(dataDir, START - HOUR, START);
      expect(history.lines).toEqual(linesOf(table, START - HOUR, START));
      expect(history.isLive.some(Boolean)).toBe(false);

      const end = ["--run-duration", "720", "--clock", clock, "--backfill", "1d", "--json"];
      const live = await reckon("market", "collect", ...SERIES, ...SYMBOLS, ...end, ...place);
      expect([live.exitCode, live.stderr]).toEqual([0, expect.stringMatching(/bars come live/)]);
      const lines = live.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.length).toBeGreaterThanOrEqual(7);
      expect(lines[0]).toMatchObject({corrections: 0, errors: 0, dropped: 0});
      expect(lines.at(-1)).toMatchObject({unwritten: 0, corrections: 0});
      const last = Date.parse(lines.at(-2).barEnd);
      const all = await storedLines(dataDir, START - HOUR, last);
      expect(all.lines).toEqual(linesOf(table, START - HOUR, last));
      // One that a busy machine let come late may have been asked for meanwhile, as history.
      const collected = all.lines.length - history.lines.length;
      expect(all.isLive.filter(Boolean).length).toBeGreaterThan(collected / 2);
      const book = await readInstruments({dataDir, exchange: "binanceusdm"});
      expect(book.get("BTCUSDT")).toMatchObject({kind: "linear", tickSize: 0.01, lotSize: 0.001});
    });
  });

  it("refuse what they cannot do, before anything is written", async () => {
    await withFolder(async (dataDir) => {
      const run = (...more: string[]) =>
        reckon("market", "collect", ...SERIES, ...SYMBOLS, "--data-dir", dataDir, ...more);
      expect(await run("--run-duration", "-1")).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/--run-duration: expected a number above 0, found -1/),
      });
      expect(await run("--recheck-bars", "1.5")).toMatchObject({exitCode: 2});
      expect(await run("--backfill", "soon")).toMatchObject({exitCode: 2});
      expect(await run("--api-url", "localhost")).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/expected an address such as http/),
      });
    });
  });
});
