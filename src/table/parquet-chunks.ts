import {
  type FileMetaData,
  parquetMetadata,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from "hyparquet";
import {readColumn} from "hyparquet/src/column.js";
import {DEFAULT_PARSERS} from "hyparquet/src/convert.js";
import {ReckonError} from "../errors.js";

/** A column of a Parquet file, and its cells as they were decoded: one piece after the other. */
export interface ColumnChunks {
  readonly element: SchemaElement;
  readonly pieces: readonly ArrayLike<unknown>[];
}

const PARSERS = {
  ...DEFAULT_PARSERS,
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (value: bigint) => Number(value / 1000n),
};

/**
 * Every column of a file. Instants in milliseconds are left the integers that they are, others are
 * made epoch ms; texts are strings.
 *
 * The chunks of columns are decoded one by one: planning a read, as `parquetRead` does for files
 * that are fetched in ranges, takes longer than reading a bar's file.
 *
 * @param place the file's name, for messages
 * @throws ReckonError `bad-data` when a column is nested or packed in a way that is not read here
 * @throws Error when the bytes are truncated or no Parquet
 */
export function readChunks(bytes: Uint8Array, place: string): ColumnChunks[] {
  const metadata = parquetMetadata(bytes);
  const root = parquetSchema(metadata);
  return root.children.map((leaf, column) => {
    const {element} = leaf;
    requirePlain(leaf, place);
    const decoder = {
      pathInSchema: leaf.path,
      element: element.converted_type === "TIMESTAMP_MILLIS" ? plainInteger(element) : element,
      schemaPath: [root, leaf],
      parsers: PARSERS,
    };
    const pieces = metadata.row_groups.flatMap((group) => {
      const {meta, view, rows} = chunkOf(bytes, group, column);
      const {type, codec} = meta;
      requireCodec(codec, element.name, place);
      const select = {groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows};
      const {data} = readColumn({view, offset: 0}, select, {...decoder, type, codec});
      const held = data.reduce((sum, cells) => sum + cells.length, 0);
      if (held !== rows) {
        throw new Error(`the column ${element.name} with ${held} of ${rows} rows`);
      }
      return data;
    });
    return {element, pieces};
  });
}

/** @throws ReckonError `bad-data` for a column of lists or structures */
function requirePlain({element, children}: SchemaTree, place: string): void {
  if (children.length > 0 || element.repetition_type === "REPEATED") {
    throw new ReckonError("bad-data", {
      place,
      expected: "a Parquet file with one value in each cell",
      found: `the column ${element.name} is nested`,
      fix: "leave it out, or write what is in it as columns of their own",
    });
  }
}

/** Others need libraries of their own. */
const READ_CODECS: ReadonlySet<string> = new Set(["UNCOMPRESSED", "SNAPPY"]);

/** @param codec undefined in a damaged file, which the decoder refuses */
function requireCodec(codec: string | undefined, column: string, place: string): void {
  if (codec !== undefined && !READ_CODECS.has(codec)) {
    throw new ReckonError("bad-data", {
      place,
      expected: "a Parquet file that is packed with snappy, or not at all",
      found: `the column ${column} packed with ${codec}`,
      fix: "write it again with snappy",
    });
  }
}

/** Making a date of each of a column's integers costs ten times as much as reading them. */
function plainInteger(element: SchemaElement): SchemaElement {
  const {converted_type: _, logical_type: __, ...plain} = element;
  return plain;
}

/** What a row group holds of a column. */
function chunkOf(bytes: Uint8Array, group: FileMetaData["row_groups"][number], column: number) {
  const meta = group.columns[column]?.meta_data;
  if (meta === undefined) {
    throw new Error(`no column ${column + 1} in a row group`);
  }
  const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
  // A copy ends with the chunk: damaged pages cannot reach beyond it.
  const own = new Uint8Array(bytes.subarray(from, from + Number(meta.total_compressed_size)));
  return {meta, view: new DataView(own.buffer), rows: Number(group.num_rows)};
}
