import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {readPnlHistory} from "../../../src/backtest/pnl-history/read-pnl-history.js";
import {type FileColumn, formatParquet} from "../../../src/table/parquet.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-history-"));
});
afterEach(() => {
  rmSync(dir, {recursive: true, force: true});
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, content);
  return path;
}

const DAY = Date.UTC(2025, 0, 1);
const lines = (...rows: string[]) => `${rows.join("\n")}\n`;

describe("a csv", () => {
  it("is net of its fees and with its funding, at its times, with its GMV", async () => {
    const path = write(
      "a.csv",
      lines(
        "timestamp,pnl,fees,funding,gmv",
        "2025-01-01 01:00:00+00:00,10,1,0.5,1000",
        "2025-01-01T03:00:00+01:00,-4,1,,1100",
      ),
    );
    const {index, netPnl, gmv, barMs, notes} = await readPnlHistory(path);
    expect([...index]).toEqual([DAY + HOUR_MS, DAY + 2 * HOUR_MS]);
    expect([...netPnl]).toEqual([9.5, -5]);
    expect([...gmv]).toEqual([1000, 1100]);
    expect([barMs, notes]).toEqual([HOUR_MS, []]);
  });

  it("of days has bars that end at the midnight after them", async () => {
    const path = write("a.csv", lines("Date,net_pnl", "2025-01-01,5", "2025-01-02,6"));
    const {index, netPnl, notes} = await readPnlHistory(path);
    expect([...index]).toEqual([DAY + DAY_MS, DAY + 2 * DAY_MS]);
    expect([...netPnl]).toEqual([5, 6]);
    expect(notes).toEqual(["The file has a row a day; a day ends at midnight UTC."]);
  });

  it("that is not sorted, has rows twice and holes is mended, and says so", async () => {
    const path = write(
      "a.csv",
      lines(
        "time,pnl",
        ...["2025-01-01 03:00,3", "2025-01-01 01:00,1", "2025-01-01 01:00,1"],
        ...["2025-01-01 02:00,", "2025-01-01 04:00,nan"],
      ),
    );
    const {netPnl, notes} = await readPnlHistory(path);
    expect([...netPnl]).toEqual([1, Number.NaN, 3, Number.NaN]);
    expect(notes).toEqual([
      "The rows were not in order of time; they were sorted.",
      "1 rows stood twice and are counted once.",
      "2 bars have no PnL and count as $0.",
    ]);
  });

  it.each([
    ["no row", "timestamp,pnl\n", /expected net PnL of at least one bar, found no row/],
    ["no number", "timestamp,pnl\n2025-01-01 01:00,x\n", /row 1, column pnl: expected a number/],
    ["no time", "timestamp,pnl\nsoon,1\n", /row 1, column timestamp: expected a time/],
    ["returns", "date,return\n2025-01-01,0.1\n", /multiply the returns by the capital first/],
    ["no money", "date,weight\n2025-01-01,0.1\n", /pnl or net_pnl, found date, weight; rename/],
    [
      "another currency",
      "date,pnl,currency\n2025-01-01,1,EUR\n",
      /column currency: expected one of USD, USDT, USDC in all rows, found EUR; convert/,
    ],
    [
      "two currencies",
      "date,pnl,currency\n2025-01-01,1,USD\n2025-01-02,1,USDT\n",
      /found USD, USDT; convert/,
    ],
    [
      "a bar twice with different PnL",
      "date,pnl\n2025-01-01,1\n2025-01-01,2\n",
      /expected one net PnL for each bar, found 1 and 2 at 2025-01-02 00:00 UTC/,
    ],
    ["a torn last line", "date,pnl\n2025-01-01,1\n2025-01\n", /row 2: expected 2 cells, found 1/],
  ])("with %s is one clear message", async (_name, text, words) => {
    await expect(readPnlHistory(write("a.csv", text))).rejects.toThrow(words);
  });
});

/** A Parquet file of an hourly PnL. */
function parquet(first: number, pnl: readonly number[], more: readonly FileColumn[] = []) {
  const time = Float64Array.from(pnl, (_, t) => first + t * HOUR_MS);
  return formatParquet([
    {name: "timestamp", kind: "time", data: time},
    {name: "pnl", kind: "number", data: Float64Array.from(pnl)},
    ...more,
  ]);
}

describe("other forms", () => {
  it("a Parquet file, a gzipped csv, and a folder of both are read alike", async () => {
    const file = write("x/1.parquet", parquet(DAY, [1, 2]));
    expect([...(await readPnlHistory(file)).netPnl]).toEqual([1, 2]);
    write("x/2.csv.gz", gzipSync(lines("timestamp,pnl", "2025-01-01 02:00,3")));
    const {index, netPnl} = await readPnlHistory(join(dir, "x"));
    expect([...index].map((time) => (time - DAY) / HOUR_MS)).toEqual([0, 1, 2]);
    expect([...netPnl]).toEqual([1, 2, 3]);
  });

  it.each([
    ["no such place", "gone", /found no such file or folder; check --history/],
    ["a folder with neither", ".", /found a folder with neither/],
  ])("%s is told", async (_name, path, words) => {
    await expect(readPnlHistory(join(dir, path))).rejects.toThrow(words);
  });

  it("a damaged Parquet file is told", async () => {
    const path = write("a.parquet", parquet(DAY, [1, 2]).slice(0, 60));
    await expect(readPnlHistory(path)).rejects.toThrow(/a\.parquet: expected a whole Parquet file/);
  });
});

describe("the tiles of a backtest", () => {
  const tile = (asset: string, month: string, bytes: Uint8Array) =>
    write(`tiled_results/asset_id=${asset}/year=2025/month=${month}/data.parquet`, bytes);
  const held = (...values: number[]): FileColumn => ({
    name: "holdings_notional",
    kind: "number",
    data: Float64Array.from(values),
  });

  it("are added up over assets and months", async () => {
    tile("A", "1", parquet(DAY, [1, 2], [held(10, 20)]));
    tile("A", "2", parquet(DAY + 31 * DAY_MS, [4], [held(30)]));
    tile("B", "1", parquet(DAY + HOUR_MS, [10, 20], [held(-5, -6)]));
    const {index, netPnl, gmv} = await readPnlHistory(dir);
    expect([...index].map((time) => (time - DAY) / HOUR_MS)).toEqual([0, 1, 2, 31 * 24]);
    expect([...netPnl]).toEqual([1, 12, 20, 4]);
    expect([...gmv]).toEqual([10, 25, 6, 30]);
  });

  it("written twice are refused", async () => {
    tile("A", "1", parquet(DAY, [1, 2]));
    tile("A", "2", parquet(DAY, [1]));
    await expect(readPnlHistory(dir)).rejects.toThrow(/one row for each asset and bar, found 1 /);
  });

  it("of forecasts need a model, and are evaluated by it", async () => {
    const bars = 40;
    const column = (name: string, of: (t: number) => number): FileColumn => ({
      name,
      kind: "number",
      data: Float64Array.from({length: bars}, (_, t) => of(t)),
    });
    const forecasts = (drift: number) =>
      formatParquet([
        {
          name: "timestamp",
          kind: "time",
          data: Float64Array.from({length: bars}, (_, t) => DAY + t * HOUR_MS),
        },
        column("close", (t) => 100 * (1 + drift) ** t),
        column("volatility", () => 0.01),
        column("prediction", () => drift * 100),
      ]);
    tile("AUSDT", "1", forecasts(0.01));
    tile("BUSDT", "1", forecasts(-0.01));
    await expect(readPnlHistory(dir)).rejects.toThrow(/add --model/);
    const {netPnl, gmv, notes} = await readPnlHistory(dir, "C1");
    // Long what rises, short what falls, 1 % a bar on a GMV of a million.
    const known = netPnl.filter((x) => x !== 0 && !Number.isNaN(x));
    expect(known.length).toBeGreaterThan(30);
    expect(Math.min(...known)).toBeGreaterThan(9_000);
    expect(Math.max(...gmv.filter((x) => !Number.isNaN(x)))).toBeGreaterThan(900_000);
    expect(notes.join()).toContain("The tiles hold forecasts of C1");
  });
});
