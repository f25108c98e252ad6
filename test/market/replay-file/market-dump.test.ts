import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {gunzipSync, gzipSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import type {BarTable, SymbolBars} from "../../../src/market/bars.js";
import {inferInstrument} from "../../../src/market/instruments/instrument.js";
import {saveInstruments} from "../../../src/market/instruments/instrument-book.js";
import {withDuckDb} from "../../../src/market/parquet/duck-db.js";
import {readBars} from "../../../src/market/parquet/read-bars.js";
import {saveBars} from "../../../src/market/parquet/save-bars.js";
import {dumpMarketData} from "../../../src/market/replay-file/dump-market-data.js";
import {readMarketDump} from "../../../src/market/replay-file/read-market-dump.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";
import {endsFrom, flatBars, withFolder} from "../sample-bars.js";

const BAR = 300_000;
const START = Date.UTC(2025, 8, 1);
const SERIES = {exchange: "binance", timeframe: "5m"};
const HEADER =
  "end_timestamp,asset_id,knowledge_timestamp,open,high,low,close,volume," +
  "end_download_timestamp,id,full_symbol,start_timestamp";

/** Two instruments around START, one with a hole, with closes that need all their digits. */
async function withStore<T>(use: (dataDir: string) => Promise<T>): Promise<T> {
  const ends = endsFrom(START - 9 * BAR, 20, BAR);
  const closes = Array.from(ends, (_, i) => 0.1 * (i + 1) + 1e-9 / 3);
  const whole = flatBars(ends, closes);
  const holed = flatBars(ends.filter((_, i) => i !== 12) as Float64Array, closes.slice(1));
  return withFolder(async (dataDir) => {
    await withDuckDb(async (connection) => {
      const source = {...SERIES, dataDir};
      await saveBars(connection, {...source, symbol: "ETHUSDT", bars: whole});
      await saveBars(connection, {...source, symbol: "BTCUSDT", bars: holed});
    });
    const inferred = ["BTCUSDT", "ETHUSDT"].map((id) =>
      inferInstrument({
        id,
        venue: "binance",
        kind: "linear",
        priceDecimals: 2,
        volumeDecimals: 0,
      }),
    );
    await saveInstruments({...SERIES, dataDir}, {inferred});
    return use(dataDir);
  });
}

const request = (dataDir: string) => ({
  ...SERIES,
  dataDir,
  path: join(dataDir, "run", "test_data.csv.gz"),
  start: START,
  end: START + 5 * BAR,
  historyMs: 3 * BAR,
});

describe("dumpMarketData", () => {
  it("writes the columns and stamps a replay expects, sorted by bar and instrument", async () => {
    await withStore(async (dataDir) => {
      const options = request(dataDir);
      const report = await dumpMarketData(options);
      const lines = gunzipSync(readFileSync(options.path)).toString().split("\n");
      expect(lines[0]).toBe(HEADER);
      const [end, asset, known, , , , close, volume, download, id, name, start] = (
        lines[2] as string
      ).split(",");
      expect([end, asset, known]).toEqual([
        "2025-08-31 23:50:00+00:00",
        "ETHUSDT",
        "2025-08-31 23:50:00+00:00",
      ]);
      expect(Number(close)).toBe(0.1 * 8 + 1e-9 / 3);
      expect([volume, download, id, name, start]).toEqual([
        "1",
        "2025-08-31 23:50:00+00:00",
        "1",
        "binance::ETH_USDT",
        "2025-08-31 23:45:00+00:00",
      ]);
      expect(lines.slice(1, 6).map((line) => line.split(",")[1])).toEqual([
        "BTCUSDT",
        "ETHUSDT",
        "BTCUSDT",
        "ETHUSDT",
        "BTCUSDT",
      ]);
      expect(report).toMatchObject({rows: 15, first: START - 2 * BAR, last: START + 5 * BAR});
    });
  });

  it("reads back to the very same doubles, holes included", async () => {
    await withStore(async (dataDir) => {
      const options = request(dataDir);
      await dumpMarketData(options);
      const wanted = await readBars({
        ...SERIES,
        dataDir,
        from: options.start - options.historyMs,
        to: options.end,
      });
      expect(await readMarketDump(options.path)).toEqual(wanted);
    });
  });

  it("gives the same bytes for the same bars", async () => {
    await withStore(async (dataDir) => {
      const options = request(dataDir);
      await dumpMarketData(options);
      const first = readFileSync(options.path);
      await dumpMarketData(options);
      expect(readFileSync(options.path).equals(first)).toBe(true);
      expect(Array.from(first.subarray(4, 8))).toEqual([0, 0, 0, 0]);
    });
  });

  it("says so when the store has nothing in the range, and refuses start ≥ end", async () => {
    await withStore(async (dataDir) => {
      const later = {...request(dataDir), start: START + 1e9, end: START + 2e9};
      await expect(dumpMarketData(later)).rejects.toThrow(/expected bars between.*found none/);
      const empty = {...request(dataDir), end: START};
      await expect(dumpMarketData(empty)).rejects.toMatchObject({code: "misuse"});
    });
  });
});

async function readText(text: string | Uint8Array, name = "dump.csv"): Promise<BarTable> {
  return withFolder(async (dir) => {
    writeFileSync(join(dir, name), text);
    return readMarketDump(join(dir, name));
  });
}

describe("readMarketDump", () => {
  const day = "2000-01-01";
  const reference = [
    "start_datetime,end_datetime,timestamp_db,close,asset_id,volume,feature1,currency_pair",
    `${day} 09:30:00-05:00,${day} 09:31:00-05:00,${day} 09:31:05-05:00,101.0,101,100,1.0,A_B`,
    `${day} 14:31:00Z,${day} 14:32:00+00:00,${day} 14:32:00.250000+00:00,,101,100,-1,A_B`,
    "",
  ].join("\n");

  it("understands the reference's names, offsets, integer ids and further columns", async () => {
    const {symbols, bySymbol, barMs} = await readText(reference);
    const t0 = Date.UTC(2000, 0, 1, 14, 31);
    expect([symbols, barMs]).toEqual([["101"], 60_000]);
    const bars = bySymbol.get("101") as SymbolBars;
    expect(Array.from(bars.barEnd)).toEqual([t0, t0 + 60_000]);
    expect(Array.from(bars.knowledgeTime)).toEqual([t0 + 5_000, t0 + 60_250]);
    expect([...bars.columns.keys()]).toEqual(["close", "volume", "feature1"]);
    expect(Array.from(bars.columns.get("close") as Float64Array)).toEqual([101, Number.NaN]);
  });

  it("keeps every version of a corrected bar, the first known as the bar", async () => {
    const [header, first] = reference.split("\n") as [string, string];
    const correction = first.replace("09:31:05", "09:33:00").replace("101.0", "102.5");
    for (const rows of [
      [first, correction],
      [correction, first],
    ]) {
      const {bySymbol} = await readText([header, ...rows].join("\n"));
      const bars = bySymbol.get("101") as SymbolBars;
      expect(Array.from(bars.columns.get("close") as Float64Array)).toEqual([101]);
      expect(Array.from(bars.corrections?.columns.get("close") as Float64Array)).toEqual([102.5]);
      expect(bars.corrections?.knowledgeTime[0]).toBe(Date.UTC(2000, 0, 1, 14, 33));
    }
  });

  const whole = gzipSync(reference);
  const cases: [name: string, text: string | Uint8Array, file: string, wanted: RegExp][] = [
    ["a cut file", whole.subarray(0, 60), "a.csv.gz", /a\.csv\.gz: expected a readable replay/],
    ["an empty file", "", "a.csv", /line 1: expected a column end_timestamp/],
    ["a header alone", reference.split("\n")[0] as string, "a.csv", /found a header alone/],
    ["a missing column", reference.replace("asset_id", "x"), "a.csv", /expected a column asset_id/],
    ["a missing field", reference.replace(",100,1.0", ",1.0"), "a.csv", /line 2: expected 8 field/],
    ["text in a number", reference.replace("100,-1", "many,-1"), "a.csv", /line 3, volume: .*many/],
    ["a time without offset", reference.replace("31:00Z", "31:00"), "a.csv", /line 3.*UTC offset/],
    ["a longer bar", reference.replace("14:31:00Z", "14:30:00Z"), "a.csv", /line 3: .*60000 ms/],
  ];
  it.each(cases)("refuses %s", async (_name, text, file, wanted) => {
    const failure = readText(text, file);
    await expect(failure).rejects.toThrow(wanted);
    await expect(failure).rejects.toMatchObject({code: "bad-data"});
  });
});

describe.skipIf(!HAS_SHARED)(`the reference's own market file${NEEDS_SHARED}`, () => {
  it("reads as forty minutes of one asset", async () => {
    const {symbols, bySymbol, barMs} = await readMarketDump(
      `${SHARED_DIR}oracles/system/10_mock1_market_df1.csv`,
    );
    expect([symbols, barMs]).toEqual([["101"], 60_000]);
    const bars = bySymbol.get("101") as SymbolBars;
    expect(bars.barEnd).toHaveLength(40);
    expect(bars.barEnd[0]).toBe(Date.UTC(2000, 0, 1, 14, 31));
    const five = [...Array(5).fill(101), ...Array(5).fill(100)];
    expect(Array.from(bars.columns.get("close")?.subarray(0, 10) as Float64Array)).toEqual(five);
    expect([...bars.columns.keys()]).toEqual(["close", "volume", "feature1"]);
  });
});
