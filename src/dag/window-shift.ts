import type {Column} from "../table/frame.js";
import type {Panel} from "../table/panel.js";

/** How a panel follows from the one before it. */
export interface WindowShift {
  /** Rows that fell off at the front, and as many that are new at the end; at least one. */
  readonly rows: number;
  /** Leading rows that may differ from what they were in the panel before. */
  readonly changed: number;
}

/**
 * Tells whether a window is the one before it, moved on: every column is a view of the same memory,
 * the same number of rows farther. The rows that both share are then equal without comparing them,
 * for nobody writes to what a panel shows.
 *
 * @returns undefined when it is any other window: copied rows, other instruments, no move at all
 */
export function shiftOf(before: Panel, now: Panel): WindowShift | undefined {
  const rows = rowsBetween(before.index, now.index);
  if (rows === undefined || rows < 1 || rows >= now.index.length) {
    return undefined;
  }
  const isMoved =
    now.columns === before.columns &&
    now.features.size === before.features.size &&
    areColumnsMoved(before, now, rows);
  return isMoved ? {rows, changed: 0} : undefined;
}

function areColumnsMoved(before: Panel, now: Panel, rows: number): boolean {
  for (const [name, data] of now.features) {
    const old = before.features.get(name);
    if (old === undefined || old.length !== data.length) {
      return false;
    }
    for (let j = 0; j < data.length; ++j) {
      if (rowsBetween(old[j] as Column, data[j] as Column) !== rows) {
        return false;
      }
    }
  }
  return true;
}

/** How far apart two views of equal length lie in one memory; undefined when they do not. */
export function rowsBetween(before: Column, now: Column): number | undefined {
  return before.buffer === now.buffer && before.length === now.length
    ? (now.byteOffset - before.byteOffset) / now.BYTES_PER_ELEMENT
    : undefined;
}
