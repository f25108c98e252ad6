import type {Frame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Fill} from "../../trading/orders/fill.js";
import type {Order} from "../../trading/orders/order.js";
import {
  distance,
  type FieldComparison,
  type Tolerance,
  toleranceOf,
} from "../compare/difference.js";
import type {NotCompared, OfBar, RecordedSide} from "../record/recorded-side.js";
import {compareFields, type LayerFound} from "./account-layers.js";
import type {Comparable} from "./comparable.js";
import {LayerBuilder} from "./layer.js";

/**
 * The orders of each bar and what was filled of those of the bar before, by instrument.
 *
 * Ids are not compared: they count what each run did. Fills of one bar and instrument are added up:
 * their shares, their mean price and their fees.
 */
export function compareOrders(both: Comparable): LayerFound {
  const builder = new LayerBuilder("orders and fills");
  const notCompared: NotCompared[] = [];
  const fills = compareFields(
    builder,
    both,
    (["fill_shares", "fill_price", "fill_fee"] as const).map((field) => ({
      field,
      frame: (side: RecordedSide) => fillFrames(side)?.[field],
      noise: 1e-9,
      source: "fills",
    })),
  );
  const trades = compareFields(
    builder,
    both,
    (["executed_trades_shares", "executed_trades_notional"] as const).map((field) => ({
      field,
      frame: ({portfolio}: RecordedSide) => portfolio[field],
      noise: field === "executed_trades_shares" ? 1e-9 : 1e-6,
      source: field,
    })),
  );
  notCompared.push(...fills.notCompared, ...trades.notCompared);
  notCompared.push(...compareOrderLists(builder, both));
  return {layer: builder.layer(), notCompared};
}

interface FillFrames {
  readonly fill_shares: Frame;
  readonly fill_price: Frame;
  readonly fill_fee: Frame;
}

const framesOfSide = new WeakMap<RecordedSide, FillFrames>();

/** Shares, mean price and fees of the fills of each bar; undefined where none were recorded. */
export function fillFrames(side: RecordedSide): FillFrames | undefined {
  if (side.fills === undefined) {
    return undefined;
  }
  const known = framesOfSide.get(side);
  if (known !== undefined) {
    return known;
  }
  const made = framesOfFills(side.fills);
  framesOfSide.set(side, made);
  return made;
}

function framesOfFills(fills: readonly OfBar<Fill>[]): FillFrames {
  const index = Float64Array.from(new Set(fills.map(({barEnd}) => barEnd))).sort();
  const ids = [...new Set(fills.map(({instrumentId}) => instrumentId))].sort();
  const rowAt = new Map(Array.from(index, (bar, t) => [bar, t]));
  const columnAt = new Map(ids.map((id, j) => [id, j]));
  const blank = () => ids.map(() => new Float64Array(index.length).fill(Number.NaN));
  const [shares, paid, size, fee] = [blank(), blank(), blank(), blank()];
  const add = (column: Float64Array, t: number, x: number): void => {
    column[t] = (Number.isNaN(column[t]) ? 0 : (column[t] as number)) + x;
  };
  for (const fill of fills) {
    const [t, j] = [rowAt.get(fill.barEnd), columnAt.get(fill.instrumentId)] as [number, number];
    add(shares[j] as Float64Array, t, fill.shares);
    add(size[j] as Float64Array, t, Math.abs(fill.shares));
    add(paid[j] as Float64Array, t, Math.abs(fill.shares) * fill.price);
    add(fee[j] as Float64Array, t, fill.fee);
  }
  const price = paid.map((column, j) =>
    column.map((x, t) => x / ((size[j] as Float64Array)[t] as number)),
  );
  const frame = (data: readonly Float64Array[]): Frame => ({index, columns: ids, data});
  return {fill_shares: frame(shares), fill_price: frame(price), fill_fee: frame(fee)};
}

const ORDER_FIELDS = ["order_shares", "order_type", "order_start", "order_end"] as const;

/** A missing order is missing shares; times are exact. */
function compareOrderLists(
  builder: LayerBuilder,
  {prod, sim, isComparable, relative, notCompared: known}: Comparable,
): NotCompared[] {
  if (prod.orders === undefined || sim.orders === undefined) {
    const side = prod.orders === undefined ? prod : sim;
    const isBoth = prod.orders === sim.orders;
    const isKnown = known.some((one) => one.side === side.name && one.what === "orders");
    if (!isBoth) {
      const why = `${side.name} did not record any`;
      return isKnown ? [] : [{what: "orders", side: side.name, why}];
    }
    if (prod.targets === undefined) {
      return [];
    }
  }
  const pairs = pairsOf(
    (prod.orders ?? []).filter(({barEnd}) => isComparable(barEnd)),
    (sim.orders ?? []).filter(({barEnd}) => isComparable(barEnd)),
  );
  for (const field of ORDER_FIELDS) {
    const tolerance =
      field === "order_shares" ? toleranceOf(relative, 1e-9) : {relative: 0, absolute: 0};
    builder.take(compareOrderField(builder, field, {pairs, tolerance}));
  }
  return [];
}

/** Orders of one bar and instrument; one is missing where the other side made none. */
interface OrderPair {
  readonly prod: OfBar<Order> | undefined;
  readonly sim: OfBar<Order> | undefined;
}

function compareOrderField(
  builder: LayerBuilder,
  field: (typeof ORDER_FIELDS)[number],
  {pairs, tolerance}: {readonly pairs: readonly OrderPair[]; readonly tolerance: Tolerance},
): FieldComparison {
  const before = builder.found.length;
  let [cells, maxAbsolute, maxRelative] = [0, 0, 0];
  for (const {prod, sim} of pairs) {
    if (field === "order_shares" || (prod !== undefined && sim !== undefined)) {
      cells += 1;
      const [x, y] = [cellOf(prod, field), cellOf(sim, field)];
      if (x !== y) {
        const {absolute, relative} = distance(x, y);
        maxAbsolute = Math.max(maxAbsolute, absolute);
        maxRelative = absolute > tolerance.absolute ? Math.max(maxRelative, relative) : maxRelative;
        if (relative > tolerance.relative && absolute > tolerance.absolute) {
          const {barEnd, instrumentId: instrument} = (prod ?? sim) as OfBar<Order>;
          builder.found.add({barEnd, node: "", instrument, field}, x, y);
        }
      }
    }
  }
  const differing = builder.found.length - before;
  return {node: "", field, cells, differing, maxAbsolute, maxRelative};
}

function cellOf(order: Order | undefined, field: (typeof ORDER_FIELDS)[number]): number | string {
  if (order === undefined) {
    return Number.NaN;
  }
  switch (field) {
    case "order_shares":
      return order.diffShares;
    case "order_type":
      return order.type;
    case "order_start":
      return order.start;
    case "order_end":
      return order.end;
  }
}

/** Each order of prod with the simulation's of the same bar, instrument and, of several, turn. */
function pairsOf(prod: readonly OfBar<Order>[], sim: readonly OfBar<Order>[]): OrderPair[] {
  const open = new Map<EpochMs, Map<string, OfBar<Order>[]>>();
  for (const order of sim) {
    const ofBar = open.get(order.barEnd) ?? new Map<string, OfBar<Order>[]>();
    open.set(order.barEnd, ofBar);
    const own = ofBar.get(order.instrumentId) ?? [];
    ofBar.set(order.instrumentId, own);
    own.push(order);
  }
  const pairs = prod.map(
    (order): OrderPair => ({
      prod: order,
      sim: open.get(order.barEnd)?.get(order.instrumentId)?.shift(),
    }),
  );
  for (const ofBar of open.values()) {
    for (const rest of ofBar.values()) {
      pairs.push(...rest.map((order): OrderPair => ({prod: undefined, sim: order})));
    }
  }
  return pairs;
}
