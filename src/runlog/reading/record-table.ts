import {ReckonError} from "../../errors.js";
import type {FileColumn} from "../../table/parquet.js";
import {numberCells} from "../number-cells.js";
import type {ReadRecord} from "./read-stream.js";

/** Rows that tell the same thing, and whether they agree. */
interface Repeats {
  /** The instrument, or the bar itself where a record has one row; undefined where they agree. */
  readonly conflict: string | undefined;
  readonly count: number;
}

/**
 * A record of portfolio or target positions as a table of numbers.
 *
 * @returns numbers that a Parquet file holds as text are numbers
 * @throws ReckonError `bad-data` naming the file when it is empty, when a cell is no number, or
 *   when lines contradict each other: nobody knows which is true
 */
export function requireTable(record: ReadRecord): ReadRecord {
  const {path, columns} = record;
  if (columns.some(({name}) => name === "line")) {
    const hasText = columns.some(({data}) => data.length > 0);
    throw new ReckonError("bad-data", {
      place: path,
      expected: "a line of heads, and lines of cells",
      found: hasText ? "other text" : "an empty file",
      fix: "restore the file or run again",
    });
  }
  const {conflict} = repeatsOf(columns);
  if (conflict !== undefined) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: `one line for ${conflict}`,
      found: "lines that differ",
      fix: "restore the file, or run again",
    });
  }
  return columns.every((column) => !isTextOfNumbers(column))
    ? record
    : {...record, columns: columns.map((column) => asNumbers(column, path))};
}

/** How many lines of a table say again what a line before them says. */
export function repeatedLines({columns}: ReadRecord): number {
  return repeatsOf(columns).count;
}

function repeatsOf(columns: readonly FileColumn[]): Repeats {
  const ids = columns.find(({name}) => name === "asset_id");
  const rows = columns.reduce((most, {data}) => Math.max(most, data.length), 0);
  let count = 0;
  const first = new Map<string, number>();
  for (let row = 0; row < rows && rows > 1; ++row) {
    const what = ids === undefined ? "the bar" : String(ids.data[row]);
    const before = first.get(what);
    if (before === undefined) {
      first.set(what, row);
    } else {
      count += 1;
      if (columns.some(({data}) => !Object.is(data[before], data[row]))) {
        return {conflict: what, count};
      }
    }
  }
  return {conflict: undefined, count};
}

function isTextOfNumbers({name, kind}: FileColumn): boolean {
  return kind === "text" && name !== "asset_id";
}

function asNumbers(column: FileColumn, path: string): FileColumn {
  return column.kind === "text" && isTextOfNumbers(column)
    ? {
        name: column.name,
        kind: "number",
        data: numberCells(column.data, {path, column: column.name, line: 1}),
      }
    : column;
}
