import {describe, expect, it} from "vitest";
import {formatParquet, parseParquet} from "../../src/table/parquet.js";

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
