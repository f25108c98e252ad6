import {mkdirSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {afterEach, describe, expect, it, vi} from "vitest";
import yargs from "yargs";
import {marketCommand} from "../../../src/cli/market/market.js";
import {candleAt, withFakeKraken} from "../../market/exchange/fake-kraken.js";
import {withFolder} from "../../market/sample-bars.js";

const HOUR = 3_600_000;
const START = Date.UTC(2025, 8, 1);

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a command line prints; an error is thrown as the command threw it. */
async function print(...args: (string | undefined)[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await yargs(args.filter((arg) => arg !== undefined))
    .command({...marketCommand, command: "market"})
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return written.join("");
}

/** A folder of csv with 12 hours of A, one of them bad, and 3 of B. */
async function withCsv<T>(use: (dir: string, dataDir: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const dir = join(folder, "csv");
    mkdirSync(dir);
    const line = (i: number) => `${START + i * HOUR},10,11,9,10.5,${i === 7 ? -1 : 3}`;
    const text = (count: number) =>
      ["ts_ms,open,high,low,close,volume", ...Array.from({length: count}, (_, i) => line(i))].join(
        "\n",
      );
    writeFileSync(join(dir, "AUSDT-1h.csv"), text(12));
    writeFileSync(join(dir, "BUSDT-1h.csv"), text(3));
    return use(dir, join(folder, "data"));
  });
}

const SERIES = ["--exchange", "binance", "--timeframe", "1h"] as const;

describe("reckon market import", () => {
  it("prints a line per symbol, why rows were rejected, and what was stored", async () => {
    await withCsv(async (dir, dataDir) => {
      const text = await print("market", "import", dir, ...SERIES, "--data-dir", dataDir);
      const [titles, a, b, reason, last] = text.split("\n") as [
        string,
        string,
        string,
        string,
        string,
      ];
      const columns = titles.trim().split(/ {2,}/);
      expect(columns).toEqual([
        "symbol",
        "rows",
        "first bar end",
        "last bar end",
        "gaps",
        "missing bars",
        "duplicates",
        "conflicts",
        "out of order",
        "rejected",
        "stored",
      ]);
      expect(a.trim().split(/ {2,}/)).toEqual([
        "AUSDT",
        "12",
        "2025-09-01 01:00",
        "2025-09-01 12:00",
        "1",
        "1",
        "0",
        "0",
        "0",
        "1",
        "11 added, 0 changed",
      ]);
      expect(b).toMatch(/^BUSDT .* 3 added, 0 changed$/);
      expect(reason).toBe("AUSDT: 1 row rejected: 1 × volume is negative");
      expect(last).toBe("binance 1h: 2 symbols, 15 rows; stored. Times are UTC.");
      const again = await print("market", "import", dir, ...SERIES, "--data-dir", dataDir);
      expect(again.match(/unchanged$/gm)).toHaveLength(2);
    });
  });

  it("with --strict prints the table, stores nothing and fails as bad data", async () => {
    await withCsv(async (dir, dataDir) => {
      const failure = print("market", "import", dir, ...SERIES, "--data-dir", dataDir, "--strict");
      await expect(failure).rejects.toMatchObject({code: "bad-data"});
      expect(() => statSync(dataDir)).toThrow(/ENOENT/);
    });
  });

  it("with --json prints one document", async () => {
    await withCsv(async (dir, dataDir) => {
      const text = await print("market", "import", dir, ...SERIES, "--data-dir", dataDir, "--json");
      expect(JSON.parse(text)).toMatchObject({
        exchange: "binance",
        timeframe: "1h",
        status: "stored",
        symbols: [
          {symbol: "AUSDT", rows: 12, rejected: [{reason: "volume is negative", count: 1}]},
          {symbol: "BUSDT", rows: 3, rejected: []},
        ],
      });
    });
  });

  it("asks for what it needs", async () => {
    await expect(print("market")).rejects.toThrow(/an action is needed: import/);
    await expect(print("market", "import", "x")).rejects.toThrow(/exchange/);
    await expect(print("market", "import", "x", ...SERIES, "--kind", "option")).rejects.toThrow(
      /kind/,
    );
    await expect(print("market", "polish")).rejects.toThrow(/polish/);
  });
});

describe("reckon market list", () => {
  it("prints what the store holds", async () => {
    await withCsv(async (dir, dataDir) => {
      const empty = await print("market", "list", "--data-dir", dataDir);
      expect(empty).toBe("The market store is empty.\n");
      await print("market", "import", dir, ...SERIES, "--data-dir", dataDir);
      const text = await print("market", "list", "--data-dir", dataDir);
      expect(text.split("\n")[1]?.trim().split(/ {2,}/)).toEqual([
        "binance",
        "1h",
        "AUSDT",
        "11",
        "2025-09-01 01:00",
        "2025-09-01 12:00",
      ]);
    });
  });
});

describe("reckon market dump", () => {
  const range = ["--start-timestamp", "20250901_060000", "--end-timestamp", "20250901_100000"];

  it("writes the replay file of a run", async () => {
    await withCsv(async (dir, dataDir) => {
      await print("market", "import", dir, ...SERIES, "--data-dir", dataDir);
      const dst = join(dataDir, "test_data.csv.gz");
      const place = ["--data-dir", dataDir, "--dst", dst, "--history", "2h"];
      const text = await print(
        "market",
        "dump",
        ...SERIES,
        ...range,
        ...place,
        "--symbols",
        "AUSDT",
      );
      const [summary, ...lines] = text.split("\n") as [string, ...string[]];
      const wanted = `${dst}: 5 rows, 1 symbol, 2025-09-01 05:00 to 2025-09-01 10:00 UTC, 0.00 MB`;
      expect(summary).toBe(wanted);
      expect(lines[0]).toMatch(/^ {2}end_timestamp,asset_id,knowledge_timestamp,open/);
      expect(lines.at(-2)).toMatch(/^ {2}2025-09-01 10:00:00\+00:00,AUSDT,.*binance::A_USDT/);
      expect(statSync(dst).size).toBeGreaterThan(100);
    });
  });

  it("refuses times that do not parse or are the wrong way round", async () => {
    const [, start, , end] = range;
    const dump = (from?: string, to?: string) =>
      print("market", "dump", ...SERIES, "--start-timestamp", from, "--end-timestamp", to);
    await expect(dump(end, start)).rejects.toThrow(/expected a time before --end-timestamp/);
    await expect(dump("yesterday", end)).rejects.toThrow(/--start-timestamp: expected a UTC time/);
  });
});

describe("reckon market fetch", () => {
  it("fetches through ccxt from the server named", async () => {
    const candles = Array.from({length: 5}, (_, i) => candleAt(START + i * HOUR, 100 + i));
    await withFolder((dataDir) =>
      withFakeKraken({candles}, async ({url}) => {
        const series = ["--exchange", "kraken", "--timeframe", "1h", "--symbols", "BTC/USD"];
        const range = ["--start-timestamp", "20250901_000000", "--end-timestamp"];
        const place = ["20250901_050000", "--data-dir", dataDir, "--api-url", url];
        const text = await print("market", "fetch", ...series, ...range, ...place);
        expect(text.split("\n")[1]).toMatch(/^BTCUSD +5 +2025-09-01 01:00 .* 5 added, 0 changed$/);
      }),
    );
  });
});
