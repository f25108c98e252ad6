import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import {importCsv} from "../../../src/market/csv/import-csv.js";
import {readInstruments} from "../../../src/market/instruments/instrument-book.js";
import {listMarket} from "../../../src/market/parquet/list-market.js";
import {readBars} from "../../../src/market/parquet/read-bars.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";
import {withFolder} from "../sample-bars.js";

const HEADER = "ts_ms,open,high,low,close,volume";
const BAR = 300_000;
const T0 = Date.UTC(2025, 8, 1);

/** Lines of a csv with `count` good rows from the `first` bar on. */
function csvLines(count: number, {first = 0, close = (i: number) => 10 + (i % 7) / 10} = {}) {
  return Array.from({length: count}, (_, i) => {
    const time = T0 + (first + i) * BAR;
    return `${time},10.0,11.25,9.0,${close(first + i)},5.120`;
  });
}

const csvText = (lines: readonly string[]) => [HEADER, ...lines, ""].join("\n");

/** A folder with csv files in it, and a store beside it. */
async function withCsv<T>(
  files: Record<string, string | Uint8Array>,
  use: (place: {from: string; dataDir: string}) => Promise<T>,
): Promise<T> {
  return withFolder(async (dir) => {
    const from = join(dir, "csv");
    mkdirSync(from);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(from, name), content);
    }
    return use({from, dataDir: join(dir, "data")});
  });
}

const SERIES = {exchange: "binance", timeframe: "5m"};

/** Every file of a folder with its bytes. */
function snapshot(dir: string): Map<string, string> {
  const files = readdirSync(dir, {recursive: true, withFileTypes: true});
  return new Map(
    files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [path, `${statSync(path).mtimeMs} ${readFileSync(path, "base64")}`]),
  );
}

describe("importCsv", () => {
  it("stores what it read, from csv and csv.gz, bars named by their ends", async () => {
    const plain = csvText(csvLines(3));
    const files = {
      "BTCUSDT-5m.csv.gz": gzipSync(plain),
      "ETHUSDT.csv": plain.replaceAll("\n", "\r\n"),
      "readme.txt": "no bars",
    };
    await withCsv(files, async ({from, dataDir}) => {
      const report = await importCsv({...SERIES, dataDir, from});
      expect(report.symbols.map(({symbol, rows}) => [symbol, rows])).toEqual([
        ["BTCUSDT", 3],
        ["ETHUSDT", 3],
      ]);
      const {bySymbol} = await readBars({...SERIES, dataDir});
      for (const bars of bySymbol.values()) {
        expect(Array.from(bars.barEnd)).toEqual([1, 2, 3].map((i) => T0 + i * BAR));
        expect(bars.knowledgeTime).toEqual(bars.barEnd);
        expect(Array.from(bars.columns.get("close") as Float64Array)).toEqual([10, 10.1, 10.2]);
        expect(Array.from(bars.columns.get("high") as Float64Array)).toEqual([11.25, 11.25, 11.25]);
      }
      const instrument = (await readInstruments({...SERIES, dataDir})).get("BTCUSDT");
      expect(instrument).toMatchObject({tickSize: 0.01, lotSize: 0.01, kind: "linear"});
    });
  });

  it("leaves bad rows out, sorts, and says what it did", async () => {
    const lines = [
      ...csvLines(2),
      `${T0 + 9 * BAR},10,11,9,ten,5`,
      `${T0 + 2 * BAR},10,11,9,10,-5`,
      `${T0 + 3 * BAR},10,9,11,10,5`,
      `${T0 + 3 * BAR},10,11,9`,
      `${T0 + 3 * BAR},10,11,9,10,5,7`,
      `yesterday,10,11,9,10,5`,
      `"${T0 + 6 * BAR}","10","11","9","10.5","5"`,
      "",
      ...csvLines(1),
      ...csvLines(1, {first: 1, close: () => 9.5}),
    ];
    await withCsv({"BTCUSDT-5m.csv": csvText(lines)}, async ({from, dataDir}) => {
      const [found] = (await importCsv({...SERIES, dataDir, from})).symbols;
      expect(found).toMatchObject({
        rows: 11,
        bars: 3,
        duplicates: 1,
        conflicts: 1,
        outOfOrder: 2,
        gaps: 1,
        missingBars: 4,
      });
      const counts = Object.fromEntries(found?.rejected.map((r) => [r.reason, r.count]) ?? []);
      expect(counts).toEqual({
        "not a number": 1,
        "volume is negative": 1,
        "high is below low": 1,
        "missing value": 1,
        "too many fields": 1,
        "time is not a whole number of milliseconds": 1,
      });
      const bars = (await readBars({...SERIES, dataDir})).bySymbol.get("BTCUSDT");
      expect(Array.from(bars?.columns.get("close") as Float64Array)).toEqual([10, 9.5, 10.5]);
    });
  });

  it("counts a line that is no text", async () => {
    const bytes = Buffer.concat([
      Buffer.from(csvText(csvLines(2))),
      Buffer.from([0x31, 0xff, 0xfe, 0x2c, 0x0a]),
      Buffer.from(csvLines(1, {first: 2}).join("")),
    ]);
    await withCsv({"BTCUSDT-5m.csv": bytes}, async ({from, dataDir}) => {
      const [found] = (await importCsv({...SERIES, dataDir, from})).symbols;
      expect(found).toMatchObject({rows: 4, bars: 3});
      expect(found?.rejected.reduce((sum, {count}) => sum + count, 0)).toBe(1);
    });
  });

  it("changes nothing when it is repeated, and merges what is new", async () => {
    const month = 31 * 288;
    await withCsv({"BTCUSDT-5m.csv": csvText(csvLines(10))}, async ({from, dataDir}) => {
      await importCsv({...SERIES, dataDir, from});
      const before = snapshot(join(dataDir, "market", "exchange=binance", "timeframe=5m"));
      const again = await importCsv({...SERIES, dataDir, from});
      expect(again.symbols[0]?.stored).toEqual({added: 0, changed: 0, unchanged: 10, files: 0});
      expect(snapshot(join(dataDir, "market", "exchange=binance", "timeframe=5m"))).toEqual(before);

      const later = [...csvLines(1, {first: 9, close: () => 11}), ...csvLines(5, {first: month})];
      writeFileSync(join(from, "BTCUSDT-5m.csv"), csvText(later));
      const merged = await importCsv({...SERIES, dataDir, from});
      expect(merged.symbols[0]?.stored).toEqual({added: 5, changed: 1, unchanged: 0, files: 2});
      const bars = (await readBars({...SERIES, dataDir})).bySymbol.get("BTCUSDT");
      expect(bars?.barEnd).toHaveLength(15);
      expect(bars?.columns.get("close")?.[9]).toBe(11);
    });
  });

  it("reads several files of one symbol as one", async () => {
    const files = {
      "BTCUSDT-5m-2025a.csv": csvText(csvLines(4)),
      "BTCUSDT-5m-2025b.csv": csvText(csvLines(4, {first: 3})),
    };
    await withCsv(files, async ({from, dataDir}) => {
      const [found] = (await importCsv({...SERIES, dataDir, from})).symbols;
      expect(found).toMatchObject({rows: 8, bars: 7, duplicates: 1});
      expect(found?.files).toHaveLength(2);
    });
  });

  it("takes tick and lot from a given file", async () => {
    const record = {
      id: "BTCUSDT",
      symbol: "BTC/USDT",
      venue: "binance",
      kind: "spot",
      baseCurrency: "BTC",
      quoteCurrency: "USDT",
      settlementCurrency: "USDT",
      tickSize: 0.5,
      lotSize: 0.25,
      minNotional: 5,
    };
    const files = {
      "BTCUSDT.csv": csvText(csvLines(2)),
      "instruments.json": JSON.stringify([record]),
    };
    await withCsv(files, async ({from, dataDir}) => {
      const instrumentFile = join(from, "instruments.json");
      await importCsv({...SERIES, dataDir, from, instrumentFile});
      const stored = (await readInstruments({...SERIES, dataDir})).get("BTCUSDT");
      expect(stored).toMatchObject({...record, multiplier: 1});
    });
  });
});

describe("importCsv when strict", () => {
  it("stores nothing when a row is bad, and the same as always when none is", async () => {
    const bad = [...csvLines(2), `${T0 + 5 * BAR},10,9,11,10,5`];
    const files = {"AUSDT.csv": csvText(csvLines(3)), "BUSDT.csv": csvText(bad)};
    await withCsv(files, async ({from, dataDir}) => {
      const refused = await importCsv({...SERIES, dataDir, from, isStrict: true});
      expect(refused.status).toBe("refused");
      expect(refused.symbols[1]?.rejected).toEqual([{reason: "high is below low", count: 1}]);
      expect(() => statSync(dataDir)).toThrow(/ENOENT/);
      writeFileSync(join(from, "BUSDT.csv"), csvText(csvLines(2)));
      const stored = await importCsv({...SERIES, dataDir, from, isStrict: true});
      expect(stored.status).toBe("stored");
    });
  });
});

describe("importCsv refuses, storing nothing,", () => {
  const whole = gzipSync(csvText(csvLines(5_000)));
  const damaged = Buffer.from(whole);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] as number) ^ 0xff;
  const good = {"AUSDT-5m.csv": csvText(csvLines(3))};
  const cases: [name: string, files: Record<string, string | Uint8Array>, wanted: RegExp][] = [
    ["an empty folder", {}, /an empty folder/],
    ["a folder without csv", {"a.txt": "x", "b.md": "y"}, /2 files, no csv among them/],
    [
      "another header",
      {...good, "BUSDT.csv": "time,open,high,low,close,volume\n1,2,3,4,5,6\n"},
      /BUSDT\.csv, line 1: expected the header ts_ms.*found "time,open/,
    ],
    ["an empty file", {...good, "BUSDT.csv": ""}, /BUSDT\.csv, line 1: .*found nothing/],
    ["a cut gzip file", {...good, "BUSDT.csv.gz": whole.subarray(0, whole.length >> 1)}, /BUSDT/],
    ["a damaged gzip file", {...good, "BUSDT.csv.gz": damaged}, /BUSDT\.csv\.gz: expected a read/],
    ["a gzip file that is none", {...good, "BUSDT.csv.gz": "hello"}, /incorrect header check/],
    ["another timeframe", {...good, "BUSDT-1m.csv": ""}, /bars of 5m, found 1m .*--timeframe 1m/],
    ["a name without a symbol", {"-5m.csv": csvText([])}, /a name that begins with the symbol/],
  ];
  it.each(cases)("%s", async (_name, files, wanted) => {
    await withCsv(files, async ({from, dataDir}) => {
      const failure = importCsv({...SERIES, dataDir, from});
      await expect(failure).rejects.toThrow(wanted);
      await expect(failure).rejects.toMatchObject({code: "bad-data"});
      expect(() => statSync(dataDir)).toThrow(/ENOENT/);
    });
  });

  it("a missing folder, a bad timeframe, an exchange that is a path", async () => {
    await withCsv(good, async ({from, dataDir}) => {
      const wrong = [
        [{from: `${from}/none`}, /none: expected a folder of csv files, found nothing there/],
        [{timeframe: "five"}, /timeframe: expected a period/],
        [{exchange: "../x"}, /exchange: expected letters/],
      ] as const;
      for (const [change, wanted] of wrong) {
        await expect(importCsv({...SERIES, dataDir, from, ...change})).rejects.toThrow(wanted);
        expect(() => statSync(dataDir)).toThrow(/ENOENT/);
      }
    });
  });
});

describe("importCsv when the store cannot be written", () => {
  it("fails with a message, and every month is whole, old or new", async () => {
    await withCsv({"BTCUSDT-5m.csv": csvText(csvLines(10))}, async ({from, dataDir}) => {
      await importCsv({...SERIES, dataDir, from});
      const october = "timeframe=5m/symbol=BTCUSDT/month=2025-10/bars.parquet";
      const blocked = join(dataDir, "market", "exchange=binance", `${october}.${process.pid}.tmp`);
      mkdirSync(blocked, {recursive: true});
      writeFileSync(join(blocked, "file"), "a folder where the new file has to be");
      const more = [...csvLines(1, {first: 10}), ...csvLines(5, {first: 31 * 288})];
      writeFileSync(join(from, "BTCUSDT-5m.csv"), csvText(more));
      const failure = importCsv({...SERIES, dataDir, from});
      await expect(failure).rejects.toMatchObject({code: "failed"});
      await expect(failure).rejects.toThrow(/could not be written/);
      const [series, ...others] = await listMarket(dataDir);
      expect([series?.rows, others]).toEqual([11, []]);
      const bars = (await readBars({...SERIES, dataDir})).bySymbol.get("BTCUSDT");
      expect(bars?.barEnd).toHaveLength(11);
    });
  });
});

describe.skipIf(!HAS_SHARED)(`recorded markets${NEEDS_SHARED}`, () => {
  it("imports half a year of sixteen perpetuals whole", async () => {
    await withFolder(async (dataDir) => {
      const from = `${SHARED_DIR}data/binance_perp_5m`;
      const {symbols} = await importCsv({...SERIES, dataDir, from});
      expect(symbols).toHaveLength(16);
      expect(symbols.reduce((sum, {bars}) => sum + bars, 0)).toBe(709_632);
      expect(symbols.every(({missingBars, rejected}) => missingBars + rejected.length === 0)).toBe(
        true,
      );
      const book = await readInstruments({...SERIES, dataDir});
      const steps = (id: string) => [book.get(id)?.tickSize, book.get(id)?.lotSize];
      expect(steps("BTCUSDT")).toEqual([0.1, 0.001]);
      expect(steps("1000PEPEUSDT")).toEqual([1e-7, 1]);
    });
  });

  it("counts the minutes without a trade", async () => {
    await withFolder(async (dataDir) => {
      const from = `${SHARED_DIR}data/bitfinex_1m_2019/NEOUSD-1m-2019.csv.gz`;
      const series = {exchange: "bitfinex", timeframe: "1m", kind: "spot"} as const;
      const {symbols} = await importCsv({...series, dataDir, from});
      expect(symbols[0]).toMatchObject({symbol: "NEOUSD", missingBars: 320_020, conflicts: 0});
    });
  });
});
