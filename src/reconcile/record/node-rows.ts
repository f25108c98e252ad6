import type {NodeGrid} from "../../runlog/reading/node-grid.js";
import {type Frame, makeFrame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";

/** What a node recorded over a run: the last rows of its output at each bar. */
export interface NodeRows {
  readonly id: string;
  /** Bars with a record, increasing. */
  readonly bars: Float64Array;
  /** End of the oldest row that each of these bars' records holds. */
  readonly reach: Float64Array;
  /** How many ends of rows each of them holds. */
  readonly counts: Float64Array;
  readonly instruments: readonly string[];
  readonly features: readonly string[];
  /** Ends of all the rows that were ever recorded, increasing. */
  readonly ends: Float64Array;
  /** The bar at which each row was recorded first. */
  readonly seenAt: Float64Array;
  /** The rows as they were recorded first, one frame per feature, indexed by their own ends. */
  readonly fresh: ReadonlyMap<string, Frame>;
  /** What a row was seen as when it was recorded again, at later bars; NaN where it never was. */
  readonly later: ReadonlyMap<string, Frame>;
  /** What each of these bars recorded, as it stands. */
  readonly windows: readonly NodeWindow[];
  /** The same of the records of the other bars. */
  readonly without: (bars: ReadonlySet<EpochMs>) => NodeRows;
}

/** A node's record of a bar, laid out. */
export interface GridRecord {
  readonly barEnd: EpochMs;
  readonly grid: NodeGrid;
}

/** One bar's rows, as they lie in the record: instrument by instrument, row by row. */
export interface NodeWindow {
  readonly barEnd: EpochMs;
  /** Of its rows, increasing. */
  readonly ends: Float64Array;
  /** For each cell of a row, the position of its instrument among all of the node. */
  readonly at: readonly number[];
  /** By feature, row by row: `t * at.length + k`. */
  readonly cells: ReadonlyMap<string, Float64Array>;
}

/**
 * Lays the records of a node out by feature and instrument. A row that several records hold is
 * `fresh` as the first of them has it and `later` as the last has it.
 */
export function nodeRows(id: string, records: readonly GridRecord[]): NodeRows {
  const instruments: string[] = [];
  const positions = new Map<string, number>();
  const features = new Set<string>();
  const blocks = records.map((record) => blockOf(record, {instruments, positions, features}));
  const ends = Float64Array.from(new Set(blocks.flatMap((block) => [...block.ends]))).sort();
  const rowAt = new Map(Array.from(ends, (end, t) => [end, t]));
  const seenAt = firstBars(blocks, rowAt);
  const filled = (): Float64Array[] =>
    instruments.map(() => new Float64Array(ends.length).fill(Number.NaN));
  const layOut = (feature: string): {fresh: Frame; later: Frame} => {
    const [fresh, later] = [filled(), filled()];
    for (const block of blocks) {
      const cells = block.cells.get(feature);
      for (let row = 0; row < block.ends.length; ++row) {
        const t = rowAt.get(block.ends[row] as number) as number;
        const into = seenAt[t] === block.barEnd ? fresh : later;
        for (let k = 0; k < block.at.length && cells !== undefined; ++k) {
          const column = into[block.at[k] as number] as Float64Array;
          column[t] = cells[row * block.at.length + k] as number;
        }
      }
    }
    return {fresh: makeFrame(ends, instruments, fresh), later: makeFrame(ends, instruments, later)};
  };
  const laid = Array.from(features, (feature) => [feature, layOut(feature)] as const);
  return {
    id,
    bars: Float64Array.from(blocks, ({barEnd}) => barEnd),
    reach: Float64Array.from(blocks, (block) => block.ends[0] ?? Number.POSITIVE_INFINITY),
    counts: Float64Array.from(blocks, (block) => block.ends.length),
    instruments,
    features: [...features],
    ends,
    seenAt,
    windows: blocks,
    fresh: new Map(laid.map(([feature, {fresh}]) => [feature, fresh])),
    later: new Map(laid.map(([feature, {later}]) => [feature, later])),
    without: (bars) =>
      nodeRows(
        id,
        records.filter(({barEnd}) => !bars.has(barEnd)),
      ),
  };
}

function firstBars(
  blocks: readonly NodeWindow[],
  rowAt: ReadonlyMap<number, number>,
): Float64Array {
  const seenAt = new Float64Array(rowAt.size).fill(Number.NaN);
  for (const block of blocks) {
    for (const end of block.ends) {
      const t = rowAt.get(end) as number;
      seenAt[t] = Number.isNaN(seenAt[t]) ? block.barEnd : (seenAt[t] as number);
    }
  }
  return seenAt;
}

interface Axes {
  readonly instruments: string[];
  readonly positions: Map<string, number>;
  readonly features: Set<string>;
}

function blockOf({barEnd, grid}: GridRecord, {instruments, positions, features}: Axes): NodeWindow {
  const {ends, instruments: own, cells} = grid;
  const at = own.map((instrument) => {
    const known = positions.get(instrument);
    if (known !== undefined) {
      return known;
    }
    positions.set(instrument, instruments.length);
    return instruments.push(instrument) - 1;
  });
  for (const feature of cells.keys()) {
    features.add(feature);
  }
  return {barEnd, ends, at, cells};
}
