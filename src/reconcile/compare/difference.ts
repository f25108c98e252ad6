import {DEFAULT_RECONCILIATION} from "../../config/default-system-config.js";
import {percentChange} from "../../stats/comparison/compare-frames.js";
import type {EpochMs} from "../../time/epoch.js";

/** Values within this of each other, relative to the larger, count as equal. */
export const DEFAULT_TOLERANCE = DEFAULT_RECONCILIATION.tolerance;

/** Where a value stands: bar, node, instrument and field; each is empty where it means nothing. */
export interface CellPlace {
  /** NaN in the config, which has no bar. */
  readonly barEnd: EpochMs;
  /** Id of the DAG node; empty outside the DAG. */
  readonly node: string;
  /** Empty for the account and the config. */
  readonly instrument: string;
  /** Feature, column or config key. */
  readonly field: string;
}

/** One place where production and simulation are not the same. */
export interface Difference extends CellPlace {
  /** NaN where this side has none; text for what is no number. */
  readonly prod: number | string;
  readonly sim: number | string;
  /** prod − sim; NaN where either is missing or no number. */
  readonly absolute: number;
  /** 100 · (prod − sim) / |sim|, the reference's percent units; NaN where there is none. */
  readonly percent: number;
}

/** Differences as columns of one length, in causal order: by bar, then as they were compared. */
export interface DifferenceTable {
  readonly length: number;
  readonly barEnd: Float64Array;
  readonly node: readonly string[];
  readonly instrument: readonly string[];
  readonly field: readonly string[];
  readonly prod: readonly (number | string)[];
  readonly sim: readonly (number | string)[];
  readonly absolute: Float64Array;
  readonly percent: Float64Array;
}

/** How one field of one node (or none) compares over all its cells. */
export interface FieldComparison {
  readonly node: string;
  readonly field: string;
  /** Cells that either side has. */
  readonly cells: number;
  /** Cells beyond the tolerance. */
  readonly differing: number;
  /** Largest |prod − sim|; 0 when they are identical, Infinity where one is missing. */
  readonly maxAbsolute: number;
  /**
   * Largest |prod − sim| / max(|prod|, |sim|, scale), of cells beyond the absolute limit, below
   * which it says nothing; Infinity where one is missing.
   */
  readonly maxRelative: number;
}

/** When two numbers count as equal: within either limit. */
export interface Tolerance {
  /** Of the larger of the two. */
  readonly relative: number;
  /** In the field's own unit: what rounding leaves of a sum that cancels. */
  readonly absolute: number;
}

/** The tolerance of a field: sums of money cancel to a few of their last digits, not to 0. */
export function toleranceOf(relative: number, absolute: number): Tolerance {
  return {relative, absolute: relative === 0 ? 0 : absolute};
}

/** One row of a table. */
export function differenceAt(table: DifferenceTable, i: number): Difference {
  return {
    barEnd: table.barEnd[i] as number,
    node: table.node[i] as string,
    instrument: table.instrument[i] as string,
    field: table.field[i] as string,
    prod: table.prod[i] as number | string,
    sim: table.sim[i] as number | string,
    absolute: table.absolute[i] as number,
    percent: table.percent[i] as number,
  };
}

/** The first rows of a table, all of them where `count` is left out. */
export function differencesOf(table: DifferenceTable, count = table.length): Difference[] {
  return Array.from({length: Math.min(count, table.length)}, (_, i) => differenceAt(table, i));
}

/** The row that is furthest apart, relative to its size; a value on one side only is furthest. */
export function largestOf(table: DifferenceTable): Difference | undefined {
  let at = -1;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < table.length; ++i) {
    const {relative} = distance(table.prod[i] as number | string, table.sim[i] as number | string);
    if (relative > largest) {
      [at, largest] = [i, relative];
    }
  }
  return at < 0 ? undefined : differenceAt(table, at);
}

/**
 * How far two values are apart. One side missing is infinitely far; both missing, or the same
 * infinity, is no distance; texts are alike or infinitely far.
 *
 * @param scale what the distance is relative to, where that is larger than both; NaN counts as 0
 */
export function distance(
  a: number | string,
  b: number | string,
  scale = 0,
): {readonly absolute: number; readonly relative: number} {
  if (Object.is(a, b) || a === b) {
    return {absolute: 0, relative: 0};
  }
  const absolute = typeof a === "number" && typeof b === "number" ? Math.abs(a - b) : Number.NaN;
  return Number.isFinite(absolute)
    ? {
        absolute,
        relative: absolute / Math.max(Math.abs(Number(a)), Math.abs(Number(b)), scale || 0),
      }
    : {absolute: Number.POSITIVE_INFINITY, relative: Number.POSITIVE_INFINITY};
}

const percentOf = percentChange();

/** Gathers differences in the order in which they are compared. */
export class DifferenceList {
  readonly #barEnd: number[] = [];
  readonly #node: string[] = [];
  readonly #instrument: string[] = [];
  readonly #field: string[] = [];
  readonly #prod: (number | string)[] = [];
  readonly #sim: (number | string)[] = [];

  get length(): number {
    return this.#barEnd.length;
  }

  add({barEnd, node, instrument, field}: CellPlace, prod: number | string, sim: number | string) {
    this.#barEnd.push(barEnd);
    this.#node.push(node);
    this.#instrument.push(instrument);
    this.#field.push(field);
    this.#prod.push(prod);
    this.#sim.push(sim);
  }

  /** By bar; within a bar, as they were added. What has no bar comes first. */
  table(): DifferenceTable {
    const bars = this.#barEnd.map((bar) => (Number.isNaN(bar) ? Number.NEGATIVE_INFINITY : bar));
    const order = bars.map((_, i) => i);
    order.sort((i, j) => (bars[i] === bars[j] ? i - j : (bars[i] as number) - (bars[j] as number)));
    const pick = <T>(column: readonly T[]): T[] => order.map((i) => column[i] as T);
    const [prod, sim] = [pick(this.#prod), pick(this.#sim)];
    const each = (f: (a: number, b: number) => number): Float64Array =>
      Float64Array.from(prod, (a, i) => {
        const b = sim[i];
        return typeof a === "number" && typeof b === "number" ? f(a, b) : Number.NaN;
      });
    return {
      length: order.length,
      barEnd: Float64Array.from(pick(this.#barEnd)),
      node: pick(this.#node),
      instrument: pick(this.#instrument),
      field: pick(this.#field),
      prod,
      sim,
      absolute: each((a, b) => a - b),
      percent: each(percentOf),
    };
  }
}
