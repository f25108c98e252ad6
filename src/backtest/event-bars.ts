import {ReckonError} from "../errors.js";
import type {Column} from "../table/frame.js";
import type {Panel} from "../table/panel.js";

/** One instrument's bars as columns on the common grid; NaN where there is no bar. */
export interface BarCells {
  readonly instrumentId: string;
  readonly open: Column;
  readonly high: Column;
  readonly low: Column;
  readonly close: Column;
  readonly volume: Column;
  /** Everything the market has, by name. */
  readonly columns: ReadonlyMap<string, Column>;
}

/**
 * The columns of instrument number `i`; high, low and volume are NaN where the market has none.
 *
 * @throws ReckonError `bad-data` when the market has no open or close
 */
export function cellsOf({index, features}: Panel, i: number, instrumentId: string): BarCells {
  const columns = new Map<string, Column>();
  for (const [name, data] of features) {
    columns.set(name, data[i] as Column);
  }
  const unknown = new Float64Array(index.length).fill(Number.NaN);
  const {open, close, high, low, volume} = Object.fromEntries(columns);
  if (open === undefined || close === undefined) {
    throw new ReckonError("bad-data", {
      place: `bars of ${instrumentId}`,
      expected: "the columns open and close",
      found: [...columns.keys()].join(", "),
    });
  }
  return {
    instrumentId,
    open,
    close,
    high: high ?? unknown,
    low: low ?? unknown,
    volume: volume ?? unknown,
    columns,
  };
}
