import {distance, type FieldComparison, type Tolerance} from "../compare/difference.js";
import type {NodeRows, NodeWindow} from "../record/node-rows.js";
import type {LayerBuilder} from "./layer.js";

/** What both runs recorded of a node. */
export interface NodePair {
  readonly prod: NodeRows;
  readonly sim: NodeRows;
  readonly isComparable: (barEnd: number) => boolean;
  readonly tolerance: Tolerance;
}

const SEEN_AGAIN = " (seen again)";

/** Values of rows that a bar's record holds beside its new ones. */
export function seenAgain(feature: string): string {
  return `${feature}${SEEN_AGAIN}`;
}

/** The feature of which a field tells what was seen again; undefined of any other field. */
export function featureSeenAgain(field: string): string | undefined {
  return field.endsWith(SEEN_AGAIN) ? field.slice(0, -SEEN_AGAIN.length) : undefined;
}

/** Where a value stands in a window of either run. */
interface Cell {
  readonly feature: string;
  readonly instrument: string;
  /** End of the row. */
  readonly end: number;
}

/**
 * The rows that both runs recorded again at a bar, where they knew them alike at first: each bar's
 * record is held against the other run's of the same bar. A node may well say otherwise of a row
 * than it did a bar before, of market data that were corrected or where it depends on how far it
 * looks back; its simulation then does so too.
 *
 * The difference is of the bar whose record it stands in.
 */
export function compareSeenAgain(builder: LayerBuilder, pair: NodePair): void {
  const {prod, sim, isComparable} = pair;
  const windowAt = new Map(sim.windows.map((window) => [window.barEnd, window]));
  const isFirst = [firstSeen(prod), firstSeen(sim)] as const;
  const features = prod.features.filter((name) => sim.features.includes(name));
  const counts = features.map((feature) => new FieldCount(builder, pair, feature));
  let columns = new Columns(pair);
  for (const own of prod.windows) {
    const other = windowAt.get(own.barEnd);
    if (other === undefined || !isComparable(own.barEnd)) {
      continue;
    }
    columns = columns.isOf(own, other) ? columns : new Columns(pair, own, other);
    for (const [row, otherRow] of rowPairs(own, other)) {
      const end = own.ends[row] as number;
      const isNew = isFirst.some((seen) => seen(end) === own.barEnd);
      if (!isNew && isComparable(end)) {
        for (const count of counts) {
          count.add({own, other, row, otherRow}, columns.pairs);
        }
      }
    }
  }
  for (const count of counts) {
    builder.take(count.field());
  }
}

interface RowPair {
  readonly own: NodeWindow;
  readonly other: NodeWindow;
  readonly row: number;
  readonly otherRow: number;
}

/** How one feature compares, added up row by row. */
class FieldCount {
  readonly #builder: LayerBuilder;
  readonly #pair: NodePair;
  readonly #feature: string;
  #cells = 0;
  #differing = 0;
  #maxAbsolute = 0;
  #maxRelative = 0;

  constructor(builder: LayerBuilder, pair: NodePair, feature: string) {
    this.#builder = builder;
    this.#pair = pair;
    this.#feature = feature;
  }

  add({own, other, row, otherRow}: RowPair, columns: readonly ColumnPair[]): void {
    const left = own.cells.get(this.#feature);
    const right = other.cells.get(this.#feature);
    const from = row * own.at.length;
    const otherFrom = otherRow * other.at.length;
    for (const {k, otherK, instrument} of columns) {
      const x = left?.[from + k] ?? Number.NaN;
      const y = right?.[otherFrom + otherK] ?? Number.NaN;
      if (x === y) {
        this.#cells += 1;
      } else if (!(Number.isNaN(x) && Number.isNaN(y))) {
        const end = own.ends[row] as number;
        this.#compare(own.barEnd, {feature: this.#feature, instrument, end}, [x, y]);
      }
    }
  }

  field(): FieldComparison {
    return {
      node: this.#pair.prod.id,
      field: seenAgain(this.#feature),
      cells: this.#cells,
      differing: this.#differing,
      maxAbsolute: this.#maxAbsolute,
      maxRelative: this.#maxRelative,
    };
  }

  /** A row that the runs knew unlike at first is a difference of its own. */
  #compare(barEnd: number, cell: Cell, [x, y]: readonly [number, number]): void {
    const {prod, sim, tolerance} = this.#pair;
    const [first, other] = [prod, sim].map((node) => freshValue(node, cell)) as [number, number];
    if (isApart(first, other, tolerance)) {
      return;
    }
    const {absolute, relative} = distance(x, y);
    this.#cells += 1;
    this.#maxAbsolute = Math.max(this.#maxAbsolute, absolute);
    this.#maxRelative = Math.max(this.#maxRelative, absolute > tolerance.absolute ? relative : 0);
    if (isApart(x, y, tolerance)) {
      const {feature, instrument} = cell;
      const field = seenAgain(feature);
      this.#builder.found.add({barEnd, node: prod.id, instrument, field}, x, y);
      this.#differing += 1;
    }
  }
}

function isApart(x: number, y: number, tolerance: Tolerance): boolean {
  const {absolute, relative} = distance(x, y);
  return relative > tolerance.relative && absolute > tolerance.absolute;
}

/** What a node said of a value when it recorded its row first; NaN where it said nothing. */
export function freshValue(node: NodeRows, {feature, instrument, end}: Cell): number {
  const frame = node.fresh.get(feature);
  const column = frame?.data[frame.columns.indexOf(instrument)];
  return column?.[frame?.index.indexOf(end) ?? -1] ?? Number.NaN;
}

/** By the end of a row: the bar at which it was recorded first. */
function firstSeen({ends, seenAt}: NodeRows): (end: number) => number | undefined {
  const at = new Map(Array.from(ends, (end, t) => [end, seenAt[t] as number]));
  return (end) => at.get(end);
}

interface ColumnPair {
  readonly instrument: string;
  /** Place of the instrument in a row of either window. */
  readonly k: number;
  readonly otherK: number;
}

/** Instruments that both windows have, which mostly are those of the windows before. */
class Columns {
  readonly pairs: readonly ColumnPair[];
  readonly #own: readonly number[];
  readonly #other: readonly number[];

  constructor({prod, sim}: NodePair, own?: NodeWindow, other?: NodeWindow) {
    this.#own = own?.at ?? [];
    this.#other = other?.at ?? [];
    const places = new Map(this.#other.map((j, k) => [sim.instruments[j] as string, k]));
    this.pairs = this.#own.flatMap((j, k) => {
      const instrument = prod.instruments[j] as string;
      const otherK = places.get(instrument);
      return otherK === undefined ? [] : [{instrument, k, otherK}];
    });
  }

  /** True where the instruments of these windows stand in the same places. */
  isOf(own: NodeWindow, other: NodeWindow): boolean {
    return isAlike(this.#own, own.at) && isAlike(this.#other, other.at);
  }
}

function isAlike(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((place, k) => place === b[k]);
}

/** Rows that both windows have. */
function rowPairs(own: NodeWindow, other: NodeWindow): [row: number, otherRow: number][] {
  const rows: [number, number][] = [];
  let otherRow = 0;
  for (const [row, end] of own.ends.entries()) {
    while ((other.ends[otherRow] ?? Number.POSITIVE_INFINITY) < end) {
      otherRow += 1;
    }
    if (other.ends[otherRow] === end) {
      rows.push([row, otherRow]);
    }
  }
  return rows;
}
