import {barEnds} from "../../time/bar-grid.js";
import type {Order} from "./order.js";

/** When an order is filled: whole at its deadline, or in equal parts spread over its interval. */
export type FillMode =
  | {readonly kind: "at-once"}
  /** One part per `sliceMs` of the clock: `1T` is minutes. */
  | {readonly kind: "twap"; readonly sliceMs: number};

/**
 * The parts of an order, each an order of its own with the same id; one for `at-once`.
 *
 * Parts end on the grid of `sliceMs` and at the order's deadline. They are equal but for rounding:
 * the sum of the first k is k/n of the order, rounded, so that all of them are the whole order.
 * A part of no shares is left out.
 *
 * @param roundShares rounds a quantity to the instrument's lot
 */
export function orderSlices(
  order: Order,
  mode: FillMode,
  roundShares: (instrumentId: string, shares: number) => number,
): Order[] {
  if (mode.kind === "at-once") {
    return [order];
  }
  const ends = Array.from(barEnds(order.start, order.end, mode.sliceMs));
  if (ends.at(-1) !== order.end) {
    ends.push(order.end);
  }
  const round = (shares: number): number => roundShares(order.instrumentId, shares);
  const slices: Order[] = [];
  let done = 0;
  for (const [k, end] of ends.entries()) {
    const isLast = k === ends.length - 1;
    const share = round((order.diffShares * (k + 1)) / ends.length - done);
    const diffShares = isLast ? round(order.diffShares - done) : share;
    if (diffShares !== 0) {
      slices.push({...order, start: ends[k - 1] ?? order.start, end, diffShares});
      done += diffShares;
    }
  }
  return slices;
}
