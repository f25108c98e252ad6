import {type FileMetaData, parquetMetadata, parquetSchema, type SchemaElement} from "hyparquet";
import {readColumn} from "hyparquet/src/column.js";
import {DEFAULT_PARSERS} from "hyparquet/src/convert.js";

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
 * @throws Error when the bytes are truncated or no Parquet, or a column is nested
 */
export function readChunks(bytes: Uint8Array): ColumnChunks[] {
  const metadata = parquetMetadata(bytes);
  const root = parquetSchema(metadata);
  return root.children.map((leaf, column) => {
    if (leaf.children.length > 0) {
      throw new Error(`the column ${leaf.element.name} is nested`);
    }
    const {element} = leaf;
    const decoder = {
      pathInSchema: leaf.path,
      element: element.converted_type === "TIMESTAMP_MILLIS" ? plainInteger(element) : element,
      schemaPath: [root, leaf],
      parsers: PARSERS,
    };
    const pieces = metadata.row_groups.flatMap((group) => {
      const {meta, view, rows} = chunkOf(bytes, group, column);
      const select = {groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows};
      const {type, codec} = meta;
      return readColumn({view, offset: 0}, select, {...decoder, type, codec}).data;
    });
    return {element, pieces};
  });
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
