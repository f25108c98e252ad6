import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import {checkMarketPage} from "../../../src/flows/market/check-market-page.js";
import type {MarketQuality} from "../../../src/market/quality/market-quality.js";
import {withFolder} from "../../market/sample-bars.js";
import {reckon} from "../command-line.js";

const MINUTE = 60_000;
const START = Date.UTC(2025, 8, 1);

/** A csv of these minutes, with a repeated row, one off the grid, one impossible and one cut. */
function csvText(minutes: readonly number[]): string {
  const row = (minute: number, values = "10,11,9,10,5") => `${START + minute * MINUTE},${values}`;
  return [
    "ts_ms,open,high,low,close,volume",
    ...minutes.map((minute) => row(minute)),
    row(minutes[0] as number),
    row(2.5),
    row(9, "10,9.5,9,10,0"),
    `${START},10`,
    "",
  ].join("\n");
}

const withCsv = (use: (dir: string) => Promise<void>) =>
  withFolder(async (dir) => {
    writeFileSync(join(dir, "AUSDT-1m-2025.csv"), csvText([0, 1, 2, 6]));
    writeFileSync(join(dir, "BUSDT-1m-2025.csv.gz"), gzipSync(csvText([0, 1, 2, 3, 4])));
    await use(dir);
  });

describe("reckon market check", () => {
  it("sees in raw csv what an import would drop, as text and as JSON", async () => {
    await withCsv(async (dir) => {
      const {stdout, exitCode} = await reckon("market", "check", "--csv", dir);
      expect(exitCode).toBe(0);
      const a = stdout.split("\n").find((line) => line.startsWith("AUSDT")) as string;
      // rows, first, last, missing, share, gaps, longest, repeated, revised, off grid, faults
      expect(a.split(/ {2,}/)).toEqual([
        "AUSDT",
        "8",
        "2025-09-01 00:01",
        "2025-09-01 00:10",
        "5",
        "50.00%",
        "2",
        "3",
        "1",
        "1",
        "1",
        "2",
        "1",
      ]);
      expect(stdout).toMatch(/no bar is missing +FAILED: 9 bars are missing/);
      expect(stdout).toMatch(/rows are in order +FAILED/);
      const args = ["market", "check", "--csv", dir, "--symbols", "BUSDT", "--json", "--strict"];
      const json = await reckon(...args);
      expect(json.exitCode).toBe(1);
      const {symbols, barMs} = JSON.parse(json.stdout) as MarketQuality;
      expect([barMs, symbols.map(({symbol}) => symbol)]).toEqual([MINUTE, ["BUSDT"]]);
      expect(symbols[0]?.gaps).toEqual([
        {first: START + 6 * MINUTE, last: START + 9 * MINUTE, bars: 4},
      ]);
    });
  });

  it("checks the store, a replay file of it, and writes a page", async () => {
    await withCsv(async (dir) => {
      const store = ["--data-dir", join(dir, "store"), "--timeframe", "1m"];
      await reckon("market", "import", dir, "--exchange", "binance", ...store);
      const out = join(dir, "out");
      const stored = await reckon("market", "check", ...store, "--dst-dir", out);
      expect(stored.stdout).toMatch(/^binance 1m; .*\n\n.*late by: median/);
      expect(stored.stderr).toBe(`wrote ${join(out, "market_check.html")}\n`);
      const page = readFileSync(join(out, "market_check.html"), "utf8");
      expect(page).toContain("<title>Is the market data whole?</title>");
      expect(page).toMatch(/<rect class="m\d" [^>]*><title>AUSDT, 2025-09-01: 3 of 7 missing/);
      expect(page).not.toMatch(/<script|https?:\/\//);
      const run = ["--start-timestamp", "20250901_000000", "--end-timestamp", "20250901_001000"];
      await reckon("market", "dump", ...store, ...run, "--dst-dir", out);
      const file = join(out, "test_data.csv.gz");
      const dumped = await reckon("market", "check", "--file", file, "--json");
      const found = (text: string) =>
        (JSON.parse(text) as MarketQuality).symbols.map(({symbol, bars, missing}) => [
          symbol,
          bars,
          missing,
        ]);
      const whole = [
        ["AUSDT", 4, 3],
        ["BUSDT", 5, 0],
      ];
      expect(found(dumped.stdout)).toEqual(whole);
      expect(found(readFileSync(join(out, "market_check.json"), "utf8"))).toEqual(whole);
    });
  });

  it("refuses what it cannot read", async () => {
    await withFolder(async (dir) => {
      const absent = await reckon("market", "check", "--file", join(dir, "none.csv.gz"));
      expect(absent).toMatchObject({exitCode: 2, stdout: ""});
      expect(absent.stderr).toMatch(/none\.csv\.gz: expected a readable replay file, found ENOENT/);
      const table = await reckon(
        "market",
        "check",
        "--from",
        "sql",
        "--table",
        "x",
        "--exchange",
        "k",
      );
      expect(table).toMatchObject({exitCode: 2});
      expect(table.stderr).toMatch(/expected ccxt_ohlcv_spot or ccxt_ohlcv_futures, found "x"/);
    });
  });
});

describe("the page of a check", () => {
  it("shows hostile names as they are, and nothing of them runs", () => {
    const name = `<img src=x onerror="alert(1)">`;
    const symbol = {
      symbol: name,
      rows: 1,
      bars: 1,
      first: START,
      last: START,
      expected: 2,
      missing: 1,
      gaps: [{first: START, last: START, bars: 1}],
      days: [{day: "2025-08-31", expected: 2, missing: 1}],
      duplicates: 0,
      revisions: 0,
      outOfOrder: 0,
      offGrid: 0,
      unreadable: 0,
      faults: {} as never,
      faultyRows: [],
      zeroVolume: 0,
    };
    const total = {...symbol, gaps: 1, faults: 0};
    const checks = [{name: "no bar is missing", result: `FAILED: ${name}`}];
    const outages = symbol.gaps;
    const page = checkMarketPage({
      source: name,
      barMs: MINUTE,
      symbols: [symbol],
      total,
      outages,
      checks,
    });
    expect(page).not.toContain("<img");
    expect(page.match(/&lt;img src=x onerror=/g)?.length).toBeGreaterThan(5);
  });
});
