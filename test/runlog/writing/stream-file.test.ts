import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {readStream} from "../../../src/runlog/reading/read-stream.js";
import {perStreamSink} from "../../../src/runlog/writing/per-stream-sink.js";
import type {RecordSink} from "../../../src/runlog/writing/record.js";
import type {FileColumn} from "../../../src/table/parquet.js";

const BAR_MS = 300_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-stream-"));
});
afterEach(() => {
  rmSync(dir, {recursive: true, force: true});
});

const number = (name: string, ...data: number[]): FileColumn => ({
  name,
  kind: "number",
  data: Float64Array.from(data),
});
const text = (name: string, ...data: string[]): FileColumn => ({name, kind: "text", data});

/** The record of bar k, half a second after its end. */
function write(sink: RecordSink, k: number, columns: readonly FileColumn[]): void {
  const stream = {dir: "s", name: "stream", perBar: "csv"} as const;
  sink.write({stream, barEnd: k * BAR_MS, wallClock: k * BAR_MS + 500, columns});
}

const bytes = (): Buffer => readFileSync(join(dir, "s", "stream.parquet"));
const read = () => readStream(join(dir, "s"), "stream");

/** Records of many bars: three rows each, none in every seventh. */
const rowsOf = (k: number): FileColumn[] =>
  k % 7 === 6
    ? [text("id"), number("x")]
    : [text("id", "a", "b", "c"), number("x", k, k % 5 === 0 ? Number.NaN : -k, k / 3)];

describe("a stream's one file", () => {
  const COUNT = 6_000;

  it("gives back every record in order, however many pieces it was written in", async () => {
    const sink = perStreamSink(dir);
    for (let k = 1; k <= COUNT; ++k) {
      write(sink, k, rowsOf(k));
    }
    const names = readdirSync(join(dir, "s"));
    expect(names).toEqual([`stream.parquet.${process.pid}.0.tmp`]);
    await sink.close();
    expect(readdirSync(join(dir, "s"))).toEqual(["stream.parquet"]);
    const records = await read();
    const wanted = Array.from({length: COUNT}, (_, i) => i + 1).filter((k) => k % 7 !== 6);
    expect(records.map(({barEnd}) => barEnd / BAR_MS)).toEqual(wanted);
    for (const [i, k] of wanted.entries()) {
      expect(records[i]?.columns).toEqual(rowsOf(k));
    }
  });

  it("has the same bytes when it is written again", async () => {
    const files: Buffer[] = [];
    for (let round = 0; round < 2; ++round) {
      const sink = perStreamSink(dir);
      for (let k = 1; k <= 2_000; ++k) {
        write(sink, k, rowsOf(k));
      }
      await sink.close();
      files.push(bytes());
    }
    expect(files[1]?.equals(files[0] as Buffer)).toBe(true);
  });

  it("has every column of any record, those that come late too", async () => {
    const sink = perStreamSink(dir);
    const more = 3_000;
    for (let k = 1; k <= more; ++k) {
      write(sink, k, [number("x", k, k)]);
    }
    write(sink, more + 1, [number("x", 1), text("why", "late"), number("y", 7)]);
    write(sink, more + 2, [number("y", 8)]);
    await sink.close();
    const records = await read();
    expect(records).toHaveLength(more + 2);
    expect(records[0]?.columns).toEqual([
      number("x", 1, 1),
      text("why", "", ""),
      number("y", Number.NaN, Number.NaN),
    ]);
    expect(records.at(-2)?.columns).toEqual([number("x", 1), text("why", "late"), number("y", 7)]);
    expect(records.at(-1)?.columns).toEqual([
      number("x", Number.NaN),
      text("why", ""),
      number("y", 8),
    ]);
    expect(readdirSync(join(dir, "s"))).toEqual(["stream.parquet"]);
  });

  it("without any rows has its columns", async () => {
    const sink = perStreamSink(dir);
    write(sink, 1, [text("line")]);
    await sink.close();
    expect(await read()).toEqual([]);
    expect(bytes().subarray(0, 4).toString()).toBe("PAR1");
  });

  it("that cannot be put in place leaves nothing beside it, and the others are there", async () => {
    const sink = perStreamSink(dir);
    write(sink, 1, rowsOf(1));
    const stream = {dir: "s", name: "other", perBar: "csv"} as const;
    sink.write({stream, barEnd: 0, wallClock: 0, columns: rowsOf(1)});
    mkdirSync(join(dir, "s", "stream.parquet"));
    await expect(sink.close()).rejects.toThrow(/stream\.parquet: expected to write the file/);
    expect(readdirSync(join(dir, "s")).sort()).toEqual(["other.parquet", "stream.parquet"]);
  });
});
