import assert from "node:assert/strict";
import type {SchemaElement} from "hyparquet";
import {ByteWriter, ParquetWriter, parquetWriteBuffer} from "hyparquet-writer";
import {messageOf, ReckonError} from "../errors.js";
import {type ColumnChunks, readChunks} from "./parquet-chunks.js";

/** A column of a file: instants (epoch ms), numbers (NaN is kept), or text. */
export type FileColumn =
  | {readonly name: string; readonly kind: "time"; readonly data: Float64Array}
  | {readonly name: string; readonly kind: "number"; readonly data: Float64Array}
  | {readonly name: string; readonly kind: "text"; readonly data: readonly string[]};

/**
 * The bytes of a Parquet file (snappy); instants are UTC timestamps in milliseconds. Equal columns
 * give equal bytes: every NaN is written with the same bits.
 */
export function formatParquet(columns: readonly FileColumn[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) => ({name: column.name, data: cellsOf(column)})),
    schema: schemaOf(columns),
    statistics: false,
  });
  return new Uint8Array(buffer);
}

/**
 * A Parquet file made piece by piece; the bytes that are handed out, one behind the other, are the
 * file. Numbers and times are written plain, which costs a fraction of looking for repetitions.
 *
 * @param heads the columns that every piece has, in this order
 */
export function parquetPieces(heads: readonly Pick<FileColumn, "name" | "kind">[]): {
  /** The bytes of these rows. */
  readonly add: (columns: readonly FileColumn[]) => Uint8Array;
  /** The bytes that make the file whole. */
  readonly end: () => Uint8Array;
} {
  const writer = new ByteWriter();
  const pieces = new ParquetWriter({writer, schema: schemaOf(heads), statistics: false});
  const taken = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  return {
    add(columns) {
      const rows = columns[0]?.data.length ?? 0;
      const columnData = columns.map((column) => ({
        name: column.name,
        data: cellsOf(column),
        offsetIndex: false,
        ...(column.kind === "text" ? {} : {encoding: "PLAIN" as const}),
      }));
      pieces.write({columnData, rowGroupSize: Math.max(1, rows)});
      return taken();
    },
    end() {
      pieces.finish();
      return taken();
    },
  };
}

/**
 * The columns of a Parquet file that {@link formatParquet} (or pandas, or DuckDB) wrote.
 *
 * @param place the file's name, for messages
 * @throws ReckonError `bad-data` when the bytes are truncated or no Parquet, or a column is nested
 *   or packed in another way
 */
export async function parseParquet(bytes: Uint8Array, place: string): Promise<FileColumn[]> {
  try {
    return readChunks(bytes, place).map(toFileColumn);
  } catch (cause) {
    if (cause instanceof ReckonError) {
      throw cause;
    }
    throw new ReckonError(
      "bad-data",
      {
        place,
        expected: "a whole Parquet file",
        found: messageOf(cause),
        fix: "the file is truncated or damaged; restore it or run again",
      },
      {cause},
    );
  }
}

function cellsOf(column: FileColumn): BigInt64Array | Float64Array | string[] {
  switch (column.kind) {
    case "time":
      return wholeNumbers(column.data);
    case "number":
      return withOneNan(column.data);
    case "text":
      return [...column.data];
  }
}

/** As 64-bit integers, written half by half: making a bigint of each costs ten times as much. */
function wholeNumbers(column: Float64Array): BigInt64Array {
  const integers = new BigInt64Array(column.length);
  const view = new DataView(integers.buffer);
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    if (!Number.isInteger(value)) {
      assert.fail(`row ${row}: ${value} is no instant in whole milliseconds`);
    }
    const upper = Math.floor(value / 2 ** 32);
    view.setInt32(8 * row + (IS_LITTLE_ENDIAN ? 4 : 0), upper, IS_LITTLE_ENDIAN);
    const lower = value - upper * 2 ** 32;
    view.setUint32(8 * row + (IS_LITTLE_ENDIAN ? 0 : 4), lower, IS_LITTLE_ENDIAN);
  }
  return integers;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const NAN_BITS = 0x7ff8_0000_0000_0000n;

/** 0 / 0 and NaN differ in a bit, and which of the two a sum yields is up to the compiler. */
function withOneNan(column: Float64Array): Float64Array {
  const cells = column.slice();
  const bits = new BigUint64Array(cells.buffer);
  for (let row = 0; row < cells.length; row++) {
    if (Number.isNaN(cells[row])) {
      bits[row] = NAN_BITS;
    }
  }
  return cells;
}

function schemaOf(columns: readonly Pick<FileColumn, "name" | "kind">[]): SchemaElement[] {
  return [
    {name: "root", num_children: columns.length},
    ...columns.map(({name, kind}) => schemaElement(name, kind)),
  ];
}

function schemaElement(name: string, kind: FileColumn["kind"]): SchemaElement {
  const element = {name, repetition_type: "REQUIRED"} as const;
  if (kind === "time") {
    return {
      ...element,
      type: "INT64",
      converted_type: "TIMESTAMP_MILLIS",
      logical_type: {type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS"},
    };
  }
  return kind === "number"
    ? {...element, type: "DOUBLE"}
    : {...element, type: "BYTE_ARRAY", converted_type: "UTF8"};
}

function toFileColumn({element: {name, type, converted_type}, pieces}: ColumnChunks): FileColumn {
  if (type === "BYTE_ARRAY") {
    return {
      name,
      kind: "text",
      data: pieces.length === 1 ? textOf(pieces[0]) : pieces.flatMap(textOf),
    };
  }
  const kind = converted_type?.startsWith("TIMESTAMP") ? "time" : "number";
  const data = new Float64Array(pieces.reduce((sum, cells) => sum + cells.length, 0));
  let row = 0;
  for (const cells of pieces) {
    fill(data.subarray(row, row + cells.length), cells);
    row += cells.length;
  }
  return {name, kind, data};
}

function textOf(cells: ArrayLike<unknown>): string[] {
  return Array.isArray(cells) && cells.every(isString) ? cells : Array.from(cells, String);
}

function isString(cell: unknown): cell is string {
  return typeof cell === "string";
}

function fill(data: Float64Array, cells: ArrayLike<unknown>): void {
  if (cells instanceof Float64Array) {
    data.set(cells);
  } else if (cells instanceof BigInt64Array) {
    fillWhole(data, cells);
  } else {
    for (let i = 0; i < cells.length; ++i) {
      data[i] = Number(cells[i] ?? Number.NaN);
    }
  }
}

/** Half by half, as {@link wholeNumbers} writes them. */
function fillWhole(data: Float64Array, integers: BigInt64Array): void {
  const halves = new Int32Array(integers.buffer, integers.byteOffset, 2 * integers.length);
  const [upper, lower] = IS_LITTLE_ENDIAN ? [1, 0] : [0, 1];
  for (let i = 0; i < data.length; ++i) {
    data[i] =
      (halves[2 * i + upper] as number) * 2 ** 32 + ((halves[2 * i + lower] as number) >>> 0);
  }
}
