import {gzipSync} from "node:zlib";
import {parquetWriteBuffer} from "hyparquet-writer";
import {describe, expect, it} from "vitest";
import {
  type FileColumn,
  formatParquet,
  parquetPieces,
  parseParquet,
} from "../../src/table/parquet.js";

/** Not a number, with these high bits: both are what a processor may make of 0 / 0. */
function nanWith(high: number): Float64Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, high, true);
  view.setUint32(4, high, true);
  view.setFloat64(8, 1.5, true);
  return new Float64Array(view.buffer);
}

const column = (data: Float64Array) => [{name: "x", kind: "number", data}] as const;

describe("formatParquet", () => {
  it("writes equal columns with equal bytes, whichever NaN they hold", async () => {
    const [plus, minus] = [nanWith(0x7ff8_0000), nanWith(0xfff8_0000)];
    expect(minus).toEqual(plus);
    expect(new Uint8Array(minus.buffer)).not.toEqual(new Uint8Array(plus.buffer));
    const bytes = formatParquet(column(plus));
    expect(formatParquet(column(minus))).toEqual(bytes);
    expect(await parseParquet(bytes, "x")).toEqual(column(new Float64Array([Number.NaN, 1.5])));
  });

  it("leaves what it is given as it was", () => {
    const minus = nanWith(0xfff8_0000);
    const before = new Uint8Array(minus.buffer.slice(0));
    formatParquet(column(minus));
    expect(new Uint8Array(minus.buffer)).toEqual(before);
  });
});

describe("parseParquet", () => {
  it("gives back instants before 1970 and long after, of any number of pieces", async () => {
    const times = [-1, 0, 1, -(2 ** 32), 2 ** 32 - 1, 2 ** 32, -62_135_596_800_000, 8.64e15];
    const heads = [
      {name: "time", kind: "time"},
      {name: "id", kind: "text"},
    ] as const;
    const {add, end} = parquetPieces(heads);
    const parts = [times.slice(0, 3), times.slice(3)].map((own) =>
      add([
        {name: "time", kind: "time", data: Float64Array.from(own)},
        {name: "id", kind: "text", data: own.map(String)},
      ]),
    );
    const whole = await parseParquet(Buffer.concat([...parts, end()]), "x");
    expect(whole).toEqual([
      {name: "time", kind: "time", data: Float64Array.from(times)},
      {name: "id", kind: "text", data: times.map(String)},
    ]);
    const once = formatParquet([{name: "t", kind: "time", data: new Float64Array(9).fill(-7)}]);
    expect(await parseParquet(once, "x")).toEqual([
      {name: "t", kind: "time", data: new Float64Array(9).fill(-7)},
    ]);
  });

  it("reads what others write: dates, microseconds, whole numbers, missing cells", async () => {
    const date = new Date("2024-01-04T00:05:00.250Z");
    const bytes = parquetWriteBuffer({
      columnData: [
        {name: "date", data: [date, null]},
        {name: "micros", data: [1_704_326_700_250_999n, -1_500n]},
        {name: "whole", data: [3n, -(2n ** 40n)]},
        {name: "half", data: [0.5, null]},
      ],
      schema: [
        {name: "root", num_children: 4},
        {name: "date", type: "INT64", converted_type: "TIMESTAMP_MILLIS"},
        {
          name: "micros",
          type: "INT64",
          converted_type: "TIMESTAMP_MICROS",
          repetition_type: "REQUIRED",
        },
        {name: "whole", type: "INT64", repetition_type: "REQUIRED"},
        {name: "half", type: "DOUBLE", repetition_type: "OPTIONAL"},
      ],
    });
    expect(await parseParquet(new Uint8Array(bytes), "x")).toEqual([
      {name: "date", kind: "time", data: new Float64Array([date.getTime(), Number.NaN])},
      {name: "micros", kind: "time", data: new Float64Array([date.getTime(), -1])},
      {name: "whole", kind: "number", data: new Float64Array([3, -(2 ** 40)])},
      {name: "half", kind: "number", data: new Float64Array([0.5, Number.NaN])},
    ]);
  });

  it("refuses a column of lists, naming it", async () => {
    const bytes = parquetWriteBuffer({
      columnData: [{name: "prices", data: [[1, 2], [3]]}],
      schema: [
        {name: "root", num_children: 1},
        {name: "prices", converted_type: "LIST", num_children: 1, repetition_type: "OPTIONAL"},
        {name: "list", num_children: 1, repetition_type: "REPEATED"},
        {name: "element", type: "DOUBLE", repetition_type: "OPTIONAL"},
      ],
    });
    await expect(parseParquet(new Uint8Array(bytes), "x.parquet")).rejects.toThrow(
      "x.parquet: expected a Parquet file with one value in each cell, found the column prices " +
        "is nested; leave it out, or write what is in it as columns of their own",
    );
  });

  it("refuses a column that is packed in another way, naming it", async () => {
    const bytes = parquetWriteBuffer({
      columnData: [{name: "x", data: Float64Array.of(1, 2), type: "DOUBLE"}],
      codec: "GZIP",
      compressors: {GZIP: (plain) => new Uint8Array(gzipSync(plain))},
    });
    await expect(parseParquet(new Uint8Array(bytes), "x.parquet")).rejects.toThrow(
      "x.parquet: expected a Parquet file that is packed with snappy, or not at all, found the " +
        "column x packed with GZIP; write it again with snappy",
    );
  });

  it("refuses a column that lacks rows, whichever bit of the footer is wrong", async () => {
    const columns: FileColumn[] = [
      {name: "t", kind: "time", data: Float64Array.from({length: 40}, (_, row) => 1e12 + row)},
      {name: "x", kind: "number", data: Float64Array.from({length: 40}, (_, row) => 0.1 * row)},
      {name: "s", kind: "text", data: Array.from({length: 40}, (_, row) => `id ${row % 3}`)},
    ];
    const whole = formatParquet(columns);
    const footer = whole.length - 8 - new DataView(whole.buffer).getUint32(whole.length - 8, true);
    let refused = 0;
    for (let bit = 8 * footer; bit < 8 * whole.length; ++bit) {
      const bytes = whole.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const read = await parseParquet(bytes, "x.parquet").catch(() => undefined);
      refused += Number(read === undefined);
      expect(new Set(read?.map(({data}) => data.length)).size).toBeLessThanOrEqual(1);
    }
    expect(refused).toBeGreaterThan(whole.length - footer);
  });
});
