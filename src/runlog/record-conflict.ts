import {ReckonError} from "../errors.js";
import type {ReadRecord} from "./read-stream.js";

/**
 * What a record says twice and not the same: the instrument, or the bar itself where a record has
 * one row. Undefined where each thing is said once, or again in the same words.
 */
function conflictOf({columns}: ReadRecord): string | undefined {
  const ids = columns.find(({name}) => name === "asset_id");
  const rows = Math.max(0, ...columns.map(({data}) => data.length));
  if (rows < 2 || columns.some(({name}) => name === "line")) {
    return undefined;
  }
  const first = new Map<string, number>();
  for (let row = 0; row < rows; ++row) {
    const what = ids === undefined ? "the bar" : String(ids.data[row]);
    const before = first.get(what) ?? row;
    first.set(what, before);
    if (columns.some(({data}) => !Object.is(data[before], data[row]))) {
      return what;
    }
  }
  return undefined;
}

/**
 * Refuses a record that contradicts itself: nobody knows which of its lines is true.
 *
 * @throws ReckonError `bad-data` naming the file
 */
export function requireOneWord(record: ReadRecord): void {
  const what = conflictOf(record);
  if (what !== undefined) {
    throw new ReckonError("bad-data", {
      place: record.path,
      expected: `one line for ${what}`,
      found: "lines that differ",
      fix: "restore the file, or run again",
    });
  }
}
