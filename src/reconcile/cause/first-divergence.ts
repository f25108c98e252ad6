import type {Difference} from "../compare/difference.js";
import {differenceAt} from "../compare/difference.js";
import type {Layer, LayerName} from "../layers/layer.js";
import type {Divergence} from "./cause.js";

/**
 * The order in which the things of one bar come about. Orders are filled until the bar ends, so a
 * bar's fills are of the orders of the bar before; then holdings are marked, new targets sized from
 * them, and orders sent.
 */
const STAGES: Readonly<Record<LayerName, number>> = {
  config: 0,
  "market data": 1,
  "DAG nodes": 2,
  "orders and fills": 3,
  holdings: 4,
  PnL: 5,
  "target positions": 6,
};
const ORDERS_STAGE = 7;

/**
 * The first difference: in the config, else by bar and, within a bar, by what comes about first.
 *
 * Layer by layer would not do: a fill that differs at one bar changes the targets of the next, and
 * targets come before fills in the order of the layers.
 *
 * @param layers   to look at
 * @param isPassed rows of a layer that do not count
 */
export function firstDivergence(
  layers: readonly Layer[],
  isPassed: (layer: LayerName, row: number) => boolean = () => false,
): Divergence | undefined {
  let found: {readonly row: Divergence; readonly key: readonly [number, number]} | undefined;
  for (const {name, differences} of layers) {
    for (const row of leadingRows(name, differences, isPassed)) {
      const bar = Number.isNaN(row.barEnd) ? Number.NEGATIVE_INFINITY : row.barEnd;
      const key = [bar, stageOf(name, row.field)] as const;
      if (found === undefined || isBefore(key, found.key)) {
        found = {row: {...row, layer: name}, key};
      }
    }
  }
  return found?.row;
}

/** A layer's first row; of orders and fills, the first of each. */
function leadingRows(
  name: LayerName,
  differences: Layer["differences"],
  isPassed: (layer: LayerName, row: number) => boolean,
): Difference[] {
  const isOrder = (field: string): boolean => field.startsWith("order_");
  const kinds =
    name === "orders and fills"
      ? [(field: string) => !isOrder(field), isOrder]
      : [(_field: string) => true];
  const rows = kinds.map((isMeant) =>
    differences.field.findIndex((field, row) => isMeant(field) && !isPassed(name, row)),
  );
  return rows.filter((row) => row >= 0).map((row) => differenceAt(differences, row));
}

function stageOf(name: LayerName, field: string): number {
  return field.startsWith("order_") ? ORDERS_STAGE : STAGES[name];
}

function isBefore(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
