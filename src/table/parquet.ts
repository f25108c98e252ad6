import {parquetMetadata, parquetRead, type SchemaElement} from "hyparquet";
import {parquetWriteBuffer} from "hyparquet-writer";
import {messageOf, ReckonError} from "../errors.js";

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
    schema: [
      {name: "root", num_children: columns.length},
      ...columns.map(({name, kind}) => schemaElement(name, kind)),
    ],
    statistics: false,
  });
  return new Uint8Array(buffer);
}

/**
 * The columns of a Parquet file that {@link formatParquet} (or pandas, or DuckDB) wrote.
 *
 * @param place the file's name, for messages
 * @throws ReckonError `bad-data` when the bytes are truncated or no Parquet
 */
export async function parseParquet(bytes: Uint8Array, place: string): Promise<FileColumn[]> {
  try {
    const file = new Uint8Array(bytes).buffer;
    const metadata = parquetMetadata(file);
    const leaves = metadata.schema.slice(1);
    const columns: FileColumn[] = [];
    const pieces = new Map<string, unknown[]>(leaves.map(({name}) => [name, []]));
    await parquetRead({
      file,
      metadata,
      parsers: {timestampFromMilliseconds: Number, timestampFromMicroseconds: microsecondsToMs},
      onChunk: ({columnName, columnData}) => {
        pieces.get(columnName)?.push(...Array.from(columnData as ArrayLike<unknown>));
      },
    });
    for (const leaf of leaves) {
      columns.push(toFileColumn(leaf, pieces.get(leaf.name) as unknown[]));
    }
    return columns;
  } catch (cause) {
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
      return BigInt64Array.from(column.data, BigInt);
    case "number":
      return withOneNan(column.data);
    case "text":
      return [...column.data];
  }
}

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

function toFileColumn({name, type, converted_type}: SchemaElement, values: unknown[]): FileColumn {
  if (type === "BYTE_ARRAY") {
    return {name, kind: "text", data: values.map(String)};
  }
  const kind = converted_type?.startsWith("TIMESTAMP") ? "time" : "number";
  return {name, kind, data: Float64Array.from(values, (value) => Number(value ?? Number.NaN))};
}

function microsecondsToMs(value: bigint): number {
  return Number(value / 1000n);
}
