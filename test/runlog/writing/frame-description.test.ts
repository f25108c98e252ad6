import {describe, expect, it} from "vitest";
import {describePanel} from "../../../src/runlog/writing/frame-description.js";
import type {Panel} from "../../../src/table/panel.js";
import {parseUtc} from "../../../src/time/utc-text.js";

const START = parseUtc("2025-09-01 00:05:00+00:00");

/** Two instruments; `close` is known, `ret` begins with a missing value and has a zero. */
function panel(rows: number): Panel {
  const index = Float64Array.from({length: rows}, (_, t) => START + t * 300_000);
  const close = index.map((_, t) => 100 + (t % 2));
  const ret = index.map((_, t) => (t === 0 ? Number.NaN : t - 1));
  return {
    index,
    columns: ["101", "BTCUSDT"],
    features: new Map([
      ["ret", [ret, close]],
      ["close", [close, close]],
    ]),
  };
}

describe("describePanel", () => {
  it("tells range, columns, types, memory and counts", () => {
    const lines = describePanel(panel(4));
    expect(lines.slice(0, 4)).toEqual([
      "index=[2025-09-01 00:05:00+00:00, 2025-09-01 00:20:00+00:00]",
      "columns=('ret', 101),('ret', 'BTCUSDT'),('close', 101),('close', 'BTCUSDT')",
      "shape=(4, 4)",
      "* type=",
    ]);
    const row = (start: string) =>
      lines
        .find((line) => line.trim().startsWith(start))
        ?.trim()
        .split(/ {2,}/);
    expect(row("0 ")).toEqual([
      "0",
      "index",
      "datetime64[ms, UTC]",
      "4 / 4 = 100.00%",
      "0 / 4 = 0.00%",
      "2025-09-01 00:05:00+00:00",
    ]);
    expect(row("1 ")).toEqual([
      "1",
      "('ret', 101)",
      "float64",
      "3 / 4 = 75.00%",
      "1 / 4 = 25.00%",
      "NaN",
    ]);
    expect(row("total")).toEqual(["total", "160.0 b", "160.0 b"]);
    expect(lines.filter((line) => line.startsWith("num_"))).toEqual([
      "num_nans=1 / 16 = 6.25%",
      "num_zeros=1 / 16 = 6.25%",
      "num_nan_rows=1 / 4 = 25.00%",
      "num_nan_cols=1 / 4 = 25.00%",
    ]);
  });

  it("prints the table, of a long one its ends", () => {
    const printed = (rows: number) => {
      const lines = describePanel(panel(rows));
      const from = lines.findIndex((line) => line.startsWith("num_nan_cols")) + 1;
      return lines.slice(from).map((line) => line.trim().split(/ {2,}/));
    };
    expect(printed(2)).toEqual([
      ["ret", "ret", "close", "close"],
      ["101", "BTCUSDT", "101", "BTCUSDT"],
      ["2025-09-01 00:05:00+00:00", "NaN", "100.0", "100.0", "100.0"],
      ["2025-09-01 00:10:00+00:00", "0.0", "101.0", "101.0", "101.0"],
    ]);
    const long = printed(100);
    expect(long).toHaveLength(2 + 3 + 1 + 3);
    expect(long[5]).toEqual(["..."]);
    expect(long.at(-1)?.[1]).toBe("98.0");
  });

  it("of nothing divides by nothing", () => {
    const lines = describePanel(panel(0));
    expect(lines.slice(0, 3)).toEqual([
      "index=[]",
      "columns=('ret', 101),('ret', 'BTCUSDT'),('close', 101),('close', 'BTCUSDT')",
      "shape=(0, 4)",
    ]);
    expect(lines).toContain("num_nans=0 / 0 = nan%");
  });
});
