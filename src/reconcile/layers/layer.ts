import {compareField, type FieldPair} from "../compare/compare-field.js";
import {
  type Difference,
  DifferenceList,
  type DifferenceTable,
  differenceAt,
  type FieldComparison,
  largestOf,
  type Tolerance,
} from "../compare/difference.js";

/** The layers of a run in causal order: a difference in one explains those after it. */
export const LAYERS = [
  "config",
  "market data",
  "DAG nodes",
  "target positions",
  "orders and fills",
  "holdings",
  "PnL",
] as const;
/** One of {@link LAYERS}. */
export type LayerName = (typeof LAYERS)[number];

/** How production and simulation compare in one layer. */
export interface Layer {
  readonly name: LayerName;
  /** `missing`: there was nothing to compare. */
  readonly status: "identical" | "within-tolerance" | "differs" | "missing";
  readonly fields: readonly FieldComparison[];
  /** Everything that differs; its length is the count. */
  readonly differences: DifferenceTable;
  /** Furthest apart, relative to its size. */
  readonly largest?: Difference;
  /** In the order in which one thing follows from another. */
  readonly first?: Difference;
}

/** A layer in the making: fields are compared one after the other, causes before effects. */
export class LayerBuilder {
  readonly found = new DifferenceList();
  readonly #name: LayerName;
  readonly #fields: FieldComparison[] = [];

  constructor(name: LayerName) {
    this.#name = name;
  }

  /** Compares frames of a field. */
  compare(pair: FieldPair, tolerance: Tolerance): void {
    this.#fields.push(compareField(pair, tolerance, this.found));
  }

  /** Takes what was compared elsewhere; its differences are in {@link found} already. */
  take(field: FieldComparison): void {
    this.#fields.push(field);
  }

  layer(): Layer {
    const differences = this.found.table();
    const largest = largestOf(differences);
    const cells = this.#fields.reduce((sum, field) => sum + field.cells, 0);
    const isIdentical = this.#fields.every(({maxAbsolute}) => maxAbsolute === 0);
    const status =
      differences.length > 0
        ? "differs"
        : cells === 0 && this.#name !== "config"
          ? "missing"
          : isIdentical
            ? "identical"
            : "within-tolerance";
    return {
      name: this.#name,
      status,
      fields: this.#fields,
      differences,
      ...(largest === undefined ? {} : {largest, first: differenceAt(differences, 0)}),
    };
  }
}
