import {createRequire} from "node:module";
import type {ColumnTable} from "arquero";
import type {Frame} from "../table/frame.js";
import {formatMinute} from "../time/epoch.js";

/** Columns of a table by their heads, which carry the unit; all of one length. */
export type TableColumns = Readonly<Record<string, readonly (string | number)[]>>;

// Loading it takes a tenth of a second, which only those pay who make a table.
const require = createRequire(import.meta.url);
const arquero = (): typeof import("arquero") => require("arquero");

/** A table for a notebook. */
export function makeTable(columns: TableColumns): ColumnTable {
  return arquero().table(columns);
}

/**
 * A frame as a table: a row per instant, a column per column. `Bar (UTC)` comes first, as text.
 *
 * @param timeHead head of the first column
 */
export function toTable(frame: Frame, timeHead = "Bar (UTC)"): ColumnTable {
  const columns: [string, readonly (string | number)[]][] = frame.columns.map((name, j) => [
    name,
    Array.from(frame.data[j] as Float64Array),
  ]);
  return arquero().table([[timeHead, Array.from(frame.index, formatMinute)], ...columns]);
}
