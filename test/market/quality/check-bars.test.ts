import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {checkBars} from "../../../src/market/quality/check-bars.js";
import {findGaps, gapsByDay} from "../../../src/market/quality/find-gaps.js";
import {gapCalendar, gapStrip} from "../../../src/market/quality/gap-strip.js";
import {summariseLateness} from "../../../src/market/quality/lateness.js";
import {marketQuality} from "../../../src/market/quality/market-quality.js";
import type {RawBars} from "../../../src/market/quality/raw-bars.js";
import {readRawCsv} from "../../../src/market/quality/read-raw-bars.js";
import {DAY_MS} from "../../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";

const BAR = 60_000;
const START = Date.UTC(2025, 8, 1);
const at = (bar: number) => START + bar * BAR;

/** Rows [bar, open, high, low, close, volume]; a bar may be a fraction. */
function rawOf(rows: readonly (readonly number[])[], rest: Partial<RawBars> = {}): RawBars {
  const column = (i: number) => Float64Array.from(rows, (row) => row[i] ?? Number.NaN);
  return {
    symbol: "A",
    barMs: BAR,
    barEnd: column(0).map(at),
    values: [1, 2, 3, 4, 5].map(column),
    unreadableRows: 0,
    ...rest,
  };
}
const good = (bar: number) => [bar, 10, 11, 9, 10, 5];

describe("checkBars", () => {
  it("finds each run of missing bars", () => {
    const {gaps, missing, expected, bars, first, last} = checkBars(
      rawOf([1, 2, 5, 6, 10].map(good)),
    );
    expect(gaps).toEqual([
      {first: at(3), last: at(4), bars: 2},
      {first: at(7), last: at(9), bars: 3},
    ]);
    expect({missing, expected, bars}).toEqual({missing: 5, expected: 10, bars: 5});
    expect([first, last]).toEqual([at(1), at(10)]);
  });

  it("counts what is missing at the ends of a range, and leaves rows outside alone", () => {
    const raw = rawOf([1, 2, 5, 9].map(good));
    const {gaps, rows, missing, expected} = checkBars(raw, {from: at(1), to: at(7)});
    expect(gaps).toEqual([
      {first: at(3), last: at(4), bars: 2},
      {first: at(6), last: at(7), bars: 2},
    ]);
    expect({rows, missing, expected}).toEqual({rows: 2, missing: 4, expected: 6});
    const none = checkBars(rawOf([]), {from: at(0), to: at(3)});
    expect(none).toMatchObject({missing: 3, expected: 3, bars: 0, gaps: [{bars: 3}]});
    expect(checkBars(rawOf([]))).toMatchObject({missing: 0, expected: 0, bars: 0});
  });

  it("tells repeated, revised, unsorted, off-grid and unreadable rows apart", () => {
    const revised = [3, 10, 11, 9, 10.5, 5];
    const rows = [good(1), good(3), good(2), good(2), revised, good(4.5), [Number.NaN, 1]];
    const found = checkBars(rawOf(rows, {unreadableRows: 2}));
    expect(found).toMatchObject({
      rows: 9,
      bars: 3,
      duplicates: 1,
      revisions: 1,
      outOfOrder: 2,
      offGrid: 1,
      unreadable: 3,
      missing: 0,
    });
  });

  const faults: [name: string, row: number[], wanted: string[]][] = [
    ["no number", [1, 10, Number.NaN, 9, 10, 5], ["no number"]],
    ["a negative price", [1, 10, 11, -9, 10, 5], ["price not positive"]],
    ["high under close", [1, 10, 10.5, 9, 10.7, 5], ["high below open, close or low"]],
    ["low over open", [1, 10, 12, 10.5, 11, 5], ["low above open, close or high"]],
    [
      "high under low",
      [1, 10, 9, 11, 10, 5],
      ["high below open, close or low", "low above open, close or high"],
    ],
    ["a negative volume", [1, 10, 11, 9, 10, -1], ["volume negative"]],
    ["nothing", good(1), []],
  ];
  it.each(faults)("finds %s", (_name, row, wanted) => {
    const {faultyRows, faults: counts} = checkBars(rawOf([row]));
    expect(faultyRows.map(({fault}) => fault)).toEqual(wanted);
    const counted = Object.entries(counts).filter(([, count]) => count > 0);
    expect(counted.map(([name]) => name).sort()).toEqual([...wanted].sort());
  });

  it("counts bars without volume, and how late the first row of each bar was known", () => {
    const rows = [good(1), [2, 10, 11, 9, 10, 0], good(3), [3, 10, 11, 9, 9.5, 5]];
    const knowledgeTime = Float64Array.of(at(1) + 500, at(2) + 9_000, at(3), at(3) + 7_200_000);
    const {zeroVolume, lateness} = checkBars(rawOf(rows, {knowledgeTime}));
    expect(zeroVolume).toBe(1);
    expect(lateness).toMatchObject({bars: 3, minMs: 0, medianMs: 500, maxMs: 9_000});
    expect(lateness?.counts).toEqual([1, 1, 1, 0, 0, 0, 0]);
    expect(checkBars(rawOf(rows))).not.toHaveProperty("lateness");
  });
});

describe("gaps", () => {
  it("and bars make up the range, whatever is there; days make up the gaps", () => {
    const present = fc.uniqueArray(fc.integer({min: 1, max: 5_000}), {maxLength: 60});
    const check = (bars: readonly number[]) => {
      const sorted = [...bars].sort((a, b) => a - b);
      const ends = Float64Array.from(sorted, at);
      const range = {from: at(0), to: at(5_000)};
      const gaps = findGaps(ends, BAR, range);
      const missing = new Set<number>();
      for (const gap of gaps) {
        expect((gap.last - gap.first) / BAR + 1).toBe(gap.bars);
        for (let end = gap.first; end <= gap.last; end += BAR) missing.add(end);
      }
      const wanted = Array.from({length: 5_000}, (_, i) => at(i + 1));
      expect(wanted.filter((end) => !missing.has(end))).toEqual(Array.from(ends));
      const days = gapsByDay(gaps, BAR, {first: at(1), last: at(5_000)});
      expect(days.map(({expected}) => expected)).toEqual([1440, 1440, 1440, 680]);
      days.forEach(({missing: count}, i) => {
        const own = [...missing].filter((end) => Math.floor((end - 1 - START) / DAY_MS) === i);
        expect(count).toBe(own.length);
      });
    };
    fc.assert(fc.property(present, check), {seed: 7, numRuns: 40});
  });

  it("that all instruments share are outages", () => {
    const a = checkBars(rawOf([1, 2, 6, 7].map(good)));
    const b = checkBars(rawOf([1, 4, 7, 8].map(good), {symbol: "B"}));
    const {outages, total, checks} = marketQuality("a test", BAR, [a, b]);
    expect(outages).toEqual([
      {first: at(3), last: at(3), bars: 1},
      {first: at(5), last: at(5), bars: 1},
    ]);
    expect(total).toMatchObject({bars: 8, missing: 7, gaps: 3, expected: 15});
    const failed = checks.filter(({result}) => result !== "PASSED");
    expect(failed).toEqual([{name: "no bar is missing", result: "FAILED: 7 bars are missing"}]);
  });

  it("are drawn on one calendar, whole days joined, days before and after left out", () => {
    const day = (n: number, missing: number) => ({
      day: `2025-09-0${n}`,
      expected: 100,
      missing,
    });
    const own = [day(1, 0), day(2, 0), day(3, 3), day(4, 60)];
    const calendar = gapCalendar([own, [day(5, 0)]]);
    expect(calendar).toMatchObject({columns: 5, daysPerColumn: 1});
    expect(gapStrip(own, calendar).map(({x, width, level}) => [x, width, level])).toEqual([
      [0, 2, 0],
      [2, 1, 2],
      [3, 1, 5],
    ]);
    expect(gapStrip([day(5, 0)], calendar)).toMatchObject([{x: 4, width: 1, level: 0}]);
  });
});

describe("summariseLateness", () => {
  it("takes quantiles by rank", () => {
    const late = Float64Array.from({length: 100}, (_, i) => 1_000 * (100 - i));
    const summary = {minMs: 1_000, medianMs: 50_000, p95Ms: 95_000, p99Ms: 99_000, maxMs: 100_000};
    expect(summariseLateness(late)).toMatchObject(summary);
    expect(summariseLateness(late)?.counts).toEqual([0, 1, 9, 50, 40, 0, 0]);
    expect(summariseLateness(new Float64Array(0))).toBeUndefined();
  });
});

describe.skipIf(!HAS_SHARED)(`a year of real minutes${NEEDS_SHARED}`, () => {
  it("lacks exactly the minutes its README names", async () => {
    const dir = `${SHARED_DIR}data/bitfinex_1m_2019`;
    const missing: Record<string, number> = {};
    for await (const raw of readRawCsv(dir, "1m", ["BTCUSD", "LTCUSD", "NEOUSD"])) {
      const found = checkBars(raw);
      missing[found.symbol] = found.missing;
      expect(found.bars + found.missing).toBe(found.expected);
      expect(found.days.reduce((sum, day) => sum + day.missing, 0)).toBe(found.missing);
      expect(found).toMatchObject({duplicates: 0, revisions: 0, offGrid: 0, unreadable: 0});
    }
    expect(missing).toEqual({BTCUSD: 12_873, LTCUSD: 157_094, NEOUSD: 320_020});
  });
});
