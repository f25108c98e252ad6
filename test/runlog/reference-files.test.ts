import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import fc from "fast-check";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {NODE_DATA_DIR, PORTFOLIO_DIR, PORTFOLIO_STREAMS} from "../../src/runlog/layout.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {formatTwoLevelCsv} from "../../src/runlog/reference-frame.js";
import {parseEasternStamp} from "../../src/runlog/run-layout.js";
import {formatParquet} from "../../src/table/parquet.js";
import {toIso} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-reference-"));
  writeFileSync(join(dir, "config_version.txt"), "v3");
  mkdirSync(join(dir, NODE_DATA_DIR), {recursive: true});
});
afterEach(() => {
  rmSync(dir, {recursive: true, force: true});
});

describe("parseEasternStamp", () => {
  const cases: [stamp: string, utc: string, why: string][] = [
    ["20000101_093500", "2000-01-01T14:35:00.000Z", "winter"],
    ["20230720_131000", "2023-07-20T17:10:00.000Z", "summer"],
    ["20230312_015959", "2023-03-12T06:59:59.000Z", "before clocks go forward"],
    ["20230312_030000", "2023-03-12T07:00:00.000Z", "after it"],
    ["20231105_005500", "2023-11-05T04:55:00.000Z", "before clocks go back"],
    ["20231105_013000", "2023-11-05T05:30:00.000Z", "the hour that comes twice, its first time"],
    ["20231105_020000", "2023-11-05T07:00:00.000Z", "after it"],
    ["20231231_200000", "2024-01-01T01:00:00.000Z", "another day in UTC"],
  ];
  it.each(cases)("%s is %s: %s", (stamp, utc) => {
    expect(toIso(parseEasternStamp(stamp))).toBe(utc);
  });
});

describe("nodes of the reference", () => {
  const ends = ["2023-07-20 13:05:00-04:00", "2023-07-20 13:10:00-04:00"];
  const index = Float64Array.from(ends, (text) => parseUtc(text));
  const name = (bar: string) => `predict.0.read.df_out.20230720_${bar}.20230720_${bar}`;
  const stem = {method: "predict", position: 0, id: "read"};

  it("in Parquet, whose heads are printed pairs, read as those in csv.gz", async () => {
    const cells = {"('close', 101)": [1, 2], "('close', 202)": [3, Number.NaN]};
    const columns = Object.entries(cells).map(([head, data]) => ({
      name: head,
      kind: "number" as const,
      data: Float64Array.from(data),
    }));
    const file = formatParquet([...columns, {name: "end_ts", kind: "time", data: index}]);
    writeFileSync(join(dir, NODE_DATA_DIR, `${name("131000")}.parquet`), file);
    const csv = `,close,close\n,101,202\nend_ts,,\n${ends[0]},1.0,3.0\n${ends[1]},2.0,\n`;
    writeFileSync(join(dir, NODE_DATA_DIR, `${name("131500")}.csv.gz`), gzipSync(csv));
    const windows = await new RunFolder(dir).nodeWindows(stem);
    expect(windows.map(({barEnd}) => toIso(barEnd))).toEqual([
      "2023-07-20T17:10:00.000Z",
      "2023-07-20T17:15:00.000Z",
    ]);
    expect(windows[0]?.panel).toEqual(windows[1]?.panel);
    expect(windows[0]?.panel).toEqual({
      index,
      columns: ["101", "202"],
      features: new Map([["close", [Float64Array.of(1, 2), Float64Array.of(3, Number.NaN)]]]),
    });
  });

  const heads: [what: string, heads: string][] = [
    ["a named index", ",close,close\n,101,202\nend_ts,,\n"],
    ["no name of the index", ",close,close\n,101,202\n"],
    ["named levels and a named index", "feature,close,close\nasset_id,101,202\nend_ts,,\n"],
    ["named levels and no name of the index", "feature,close,close\nasset_id,101,202\n"],
  ];
  it.each(heads)("with %s", async (_what, head) => {
    const csv = `${head}${ends[0]},,\n${ends[1]},2.0,3.0\n`;
    writeFileSync(join(dir, NODE_DATA_DIR, `${name("131000")}.csv.gz`), gzipSync(csv));
    const [window] = await new RunFolder(dir).nodeWindows(stem);
    expect(window?.panel).toEqual({
      index,
      columns: ["101", "202"],
      features: new Map([
        ["close", [Float64Array.of(Number.NaN, 2), Float64Array.of(Number.NaN, 3)]],
      ]),
    });
  });

  it("leaves out features that are no numbers, and knows infinity", async () => {
    const csv = `,start,close\n,101,101\nend_ts,,\n${ends[0]},${ends[0]},inf\n`;
    writeFileSync(join(dir, NODE_DATA_DIR, `${name("131000")}.csv.gz`), gzipSync(csv));
    const [window] = await new RunFolder(dir).nodeWindows(stem);
    expect([...(window?.panel.features ?? [])]).toEqual([
      ["close", [Float64Array.of(Number.POSITIVE_INFINITY)]],
    ]);
  });

  it("any panel written as csv.gz comes back (seeded)", async () => {
    const cell = fc.double({noNaN: false, noDefaultInfinity: true});
    const shape = fc.record({
      rows: fc.integer({min: 1, max: 4}),
      ids: fc.integer({min: 1, max: 3}),
    });
    const path = join(dir, NODE_DATA_DIR, `${name("131000")}.csv.gz`);
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.array(cell, {minLength: 12, maxLength: 12}),
        async (size, values) => {
          const rows = size.rows * size.ids;
          const at = (i: number) => (index[0] as number) + 300_000 * Math.floor(i / size.ids);
          const data = Float64Array.from(values.slice(0, rows), (value) => value + 0);
          const csv = formatTwoLevelCsv([
            {
              name: "end_ts",
              kind: "time",
              data: Float64Array.from({length: rows}, (_, i) => at(i)),
            },
            {
              name: "asset_id",
              kind: "text",
              data: Array.from({length: rows}, (_, i) => `id${i % size.ids}`),
            },
            {name: "x", kind: "number", data},
          ]);
          writeFileSync(path, gzipSync(csv));
          const [window] = await new RunFolder(dir).nodeWindows(stem);
          const found = window?.panel.features.get("x") ?? [];
          expect(found).toHaveLength(size.ids);
          for (const [i, value] of data.entries()) {
            expect(found[i % size.ids]?.[Math.floor(i / size.ids)]).toBe(value);
          }
        },
      ),
      {seed: 8, numRuns: 50},
    );
  });
});

describe("portfolio of the reference", () => {
  it("may begin with a frame that has no rows, and may hold infinities", async () => {
    for (const stream of PORTFOLIO_STREAMS) {
      const place = join(dir, PORTFOLIO_DIR, stream);
      mkdirSync(place, {recursive: true});
      const heads = stream === "statistics" ? "pnl,leverage" : "101,202";
      const row = (bar: string) => `,${heads}\n2023-07-20 13:${bar}:05.100000-04:00,1.5,-inf\n`;
      const first = stream === "executed_trades_notional" ? '""\n' : row("05");
      writeFileSync(join(place, "20230720_130500.20230720_130505.csv"), first);
      writeFileSync(join(place, "20230720_131000.20230720_131005.csv"), row("10"));
    }
    const portfolio = await new RunFolder(dir).portfolio();
    const [nan, low] = [Number.NaN, Number.NEGATIVE_INFINITY];
    expect(portfolio.executed_trades_notional).toMatchObject({
      columns: ["101", "202"],
      data: [Float64Array.of(nan, 1.5), Float64Array.of(nan, low)],
    });
    expect(portfolio.statistics).toMatchObject({
      columns: ["pnl", "leverage", "fees"],
      data: [Float64Array.of(1.5, 1.5), Float64Array.of(low, low), Float64Array.of(0, 0)],
    });
    expect(portfolio.wallClock[0]).toBe(parseUtc("2023-07-20 17:05:05.1+00:00"));
  });
});
