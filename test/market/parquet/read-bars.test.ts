import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {parquetReadObjects} from "hyparquet";
import {describe, expect, it} from "vitest";
import type {SymbolBars} from "../../../src/market/bars.js";
import {withDuckDb} from "../../../src/market/parquet/duck-db.js";
import {listMarket} from "../../../src/market/parquet/list-market.js";
import {mergeBars} from "../../../src/market/parquet/merge-bars.js";
import {readBars} from "../../../src/market/parquet/read-bars.js";
import {saveBars} from "../../../src/market/parquet/save-bars.js";
import {endsFrom, flatBars, withFolder} from "../sample-bars.js";

const HOUR = 3_600_000;
const SERIES = {exchange: "kraken", timeframe: "1h"};
const AUGUST_31 = Date.UTC(2025, 7, 31);

async function save(dataDir: string, bySymbol: Record<string, SymbolBars>): Promise<void> {
  await withDuckDb(async (connection) => {
    for (const [symbol, bars] of Object.entries(bySymbol)) {
      await saveBars(connection, {...SERIES, dataDir, symbol, bars});
    }
  });
}

/** Two days around the end of a month: closes 1 to 48. */
const ends = endsFrom(AUGUST_31 + HOUR, 48, HOUR);
const twoDays = flatBars(
  ends,
  Array.from(ends, (_, i) => i + 1),
);

describe("readBars", () => {
  const midnight = AUGUST_31 + 24 * HOUR;
  const cases: [name: string, from: number, to: number, first: number, last: number][] = [
    ["all", 0, 4e12, 1, 48],
    ["up to midnight, which closes August", midnight - 2 * HOUR, midnight, 23, 24],
    ["from midnight on, which is excluded", midnight, midnight + 2 * HOUR, 25, 26],
    ["across the month's end", midnight - HOUR, midnight + HOUR, 24, 25],
    ["between two bars", midnight + 1, midnight + HOUR, 25, 25],
  ];
  it.each(cases)("(from, to]: %s", async (_name, from, to, first, last) => {
    await withFolder(async (dataDir) => {
      await save(dataDir, {BTCUSD: twoDays});
      const bars = (await readBars({...SERIES, dataDir, from, to})).bySymbol.get("BTCUSD");
      const wanted = Array.from({length: last - first + 1}, (_, i) => first + i);
      expect(Array.from(bars?.columns.get("close") as Float64Array)).toEqual(wanted);
    });
  });

  it("keeps the order asked for and answers an empty range with empty columns", async () => {
    await withFolder(async (dataDir) => {
      await save(dataDir, {A: twoDays, B: twoDays});
      const symbols = ["B", "A"];
      const table = await readBars({...SERIES, dataDir, symbols, from: 4e12, to: 5e12});
      expect(table.symbols).toEqual(symbols);
      expect(table.barMs).toBe(HOUR);
      expect(table.bySymbol.get("A")?.columns.get("close")).toHaveLength(0);
    });
  });

  it("names what the store has when asked for what it has not", async () => {
    await withFolder(async (dataDir) => {
      const wrong = async (change: object) => readBars({...SERIES, dataDir, ...change});
      await expect(wrong({})).rejects.toThrow(/expected exchange kraken, found no exchange at all/);
      await save(dataDir, {A: twoDays, B: twoDays});
      await expect(wrong({exchange: "krakn"})).rejects.toThrow(/exchange krakn, found kraken;/);
      await expect(wrong({timeframe: "5m"})).rejects.toThrow(/timeframe 5m, found 1h;/);
      await expect(wrong({symbols: ["C"]})).rejects.toThrow(/symbol C, found A, B;/);
      await expect(wrong({symbols: ["C"]})).rejects.toMatchObject({code: "bad-data"});
    });
  });

  it("says which file is damaged", async () => {
    await withFolder(async (dataDir) => {
      await save(dataDir, {A: twoDays});
      const path = "market/exchange=kraken/timeframe=1h/symbol=A/month=2025-08/bars.parquet";
      const file = join(dataDir, path);
      writeFileSync(file, readFileSync(file).subarray(0, 200));
      await expect(readBars({...SERIES, dataDir})).rejects.toThrow(/month=2025-08/);
    });
  });

  it("is not led astray by the folder's name", async () => {
    await withFolder(async (dir) => {
      const dataDir = join(dir, "it's [my] *data?");
      await save(dataDir, {A: twoDays});
      const {bySymbol} = await readBars({...SERIES, dataDir});
      expect(bySymbol.get("A")).toEqual(twoDays);
    });
  });
});

describe("the store", () => {
  it("finds a part of the store that lies elsewhere and is linked in", async () => {
    await withFolder(async (dataDir) => {
      await save(join(dataDir, "disk"), {BTCUSD: twoDays});
      const at = join("market", "exchange=kraken");
      mkdirSync(join(dataDir, at), {recursive: true});
      const part = join(at, "timeframe=1h");
      symlinkSync(join(dataDir, "disk", part), join(dataDir, part), "junction");
      const {bySymbol} = await readBars({...SERIES, dataDir});
      expect(bySymbol.get("BTCUSD")?.barEnd).toEqual(ends);
      expect((await listMarket(dataDir)).map(({symbol}) => symbol)).toEqual(["BTCUSD"]);
    });
  });

  it("gives back every double it was given", async () => {
    const cell = fc.double({noNaN: true, noDefaultInfinity: true});
    await fc.assert(
      fc.asyncProperty(fc.array(cell, {minLength: 1, maxLength: 60}), async (closes) => {
        const barEnd = endsFrom(AUGUST_31, closes.length, HOUR);
        const bars = flatBars(
          barEnd,
          closes,
          barEnd.map((end) => end + 1),
        );
        await withFolder(async (dataDir) => {
          await save(dataDir, {A: bars});
          expect((await readBars({...SERIES, dataDir})).bySymbol.get("A")).toEqual(bars);
        });
      }),
      {seed: 3, numRuns: 15},
    );
  });

  it("writes Parquet that another reader understands", async () => {
    await withFolder(async (dataDir) => {
      await save(dataDir, {A: twoDays});
      const path = "market/exchange=kraken/timeframe=1h/symbol=A/month=2025-09/bars.parquet";
      const file = new Uint8Array(readFileSync(join(dataDir, path))).buffer;
      const rows = await parquetReadObjects({file});
      expect(rows).toHaveLength(24);
      expect(rows[0]).toEqual({
        bar_end: BigInt(AUGUST_31 + 25 * HOUR),
        open: 25,
        high: 25,
        low: 25,
        close: 25,
        volume: 1,
        knowledge_time: BigInt(AUGUST_31 + 25 * HOUR),
      });
    });
  });

  it("lists what it holds, and nothing when there is none", async () => {
    await withFolder(async (dataDir) => {
      expect(await listMarket(dataDir)).toEqual([]);
      await save(dataDir, {B: twoDays, A: twoDays});
      const span = {rows: 48, first: ends[0], last: ends[47]};
      expect(await listMarket(dataDir)).toEqual([
        {...SERIES, symbol: "A", ...span},
        {...SERIES, symbol: "B", ...span},
      ]);
    });
  });
});

describe("mergeBars", () => {
  it("keeps a stored row with its knowledge time, and takes new and changed ones", () => {
    const stored = flatBars(endsFrom(0, 3, HOUR), [1, 2, 3], Float64Array.of(7, 8, 9));
    const given = flatBars(endsFrom(HOUR, 3, HOUR), [2, 33, 4]);
    const {merged, ...count} = mergeBars(stored, given);
    expect(Array.from(merged.barEnd)).toEqual([0, HOUR, 2 * HOUR, 3 * HOUR]);
    expect(Array.from(merged.columns.get("close") as Float64Array)).toEqual([1, 2, 33, 4]);
    expect(Array.from(merged.knowledgeTime)).toEqual([7, 8, 2 * HOUR, 3 * HOUR]);
    expect(count).toEqual({added: 1, changed: 1, unchanged: 1});
  });

  it("is the given bars when nothing is stored, and the stored ones when given again", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({min: 0, max: 50})), (slots) => {
        const barEnd = Float64Array.from(slots.sort((a, b) => a - b));
        const bars = flatBars(barEnd, slots);
        const none = flatBars(new Float64Array(0), []);
        expect(mergeBars(none, bars).merged).toEqual(bars);
        expect(mergeBars(bars, bars)).toEqual({
          merged: bars,
          added: 0,
          changed: 0,
          unchanged: slots.length,
        });
      }),
      {seed: 5, numRuns: 100},
    );
  });
});
