import {ReckonError} from "../../errors.js";
import {positionValue} from "../../finance/account/holdings-value.js";
import {type Column, columnOf, type Frame, makeFrame, zipCells} from "../../table/frame.js";
import {floorToBar} from "../../time/bar-grid.js";
import {type EpochMs, toIso} from "../../time/epoch.js";
import type {Order} from "./order.js";

/** What orders say of the target positions they were made from, one frame per column. */
export interface OrderTargets {
  readonly holdings_shares: Frame;
  readonly price: Frame;
  readonly holdings_notional: Frame;
  readonly target_holdings_notional: Frame;
  readonly target_trades_notional: Frame;
  readonly target_trades_shares: Frame;
  readonly target_holdings_shares: Frame;
}

/** What of an order this needs. */
export type TargetOrder = Pick<Order, "instrumentId" | "end" | "currentShares" | "diffShares">;

/**
 * Rebuilds target positions from an order log: holdings when each order was made, and the trade it
 * asked for, on the grid of bar ends the orders were made at.
 *
 * An order belongs to the bar one before its deadline; several of one bar add up. In a bar without
 * an order a name trades nothing and holds what its next order found. Before its first and after
 * its last order nothing is known of a name: NaN.
 *
 * @param price    marks in the money orders are valued in, at every bar from first to last order
 * @param barMs    length of a bar, which is also how long an order lasts at most
 * @returns frames with the instruments of the orders, in the columns' order of `price`
 * @throws ReckonError `bad-data` where `price` lacks an instrument or a bar
 */
export function ordersToTargets(
  orders: readonly TargetOrder[],
  price: Frame,
  barMs: number,
): OrderTargets {
  const traded = new Set(orders.map(({instrumentId}) => instrumentId));
  const ids = price.columns.filter((id) => traded.has(id));
  const missing = [...traded].filter((id) => !ids.includes(id));
  if (missing.length > 0) {
    throw new ReckonError("bad-data", {
      place: "prices of orders",
      expected: "a column for each instrument",
      found: `none for ${missing.join(", ")}`,
    });
  }
  const index = gridOf(orders, barMs);
  const columns = ids.map((id) =>
    columnsOf(
      orders.filter(({instrumentId}) => instrumentId === id),
      index,
      barMs,
    ),
  );
  const frame = (of: (one: OrderColumns) => Column) => makeFrame(index, ids, columns.map(of));
  const held = frame(({holdings}) => holdings);
  const trades = frame(({diff}) => diff);
  const target = zipCells(held, trades, (a, b) => a + b);
  const marks = pricesAt(price, ids, index);
  const worth = (shares: Frame): Frame => zipCells(shares, marks, positionValue);
  return {
    holdings_shares: held,
    price: marks,
    holdings_notional: worth(held),
    target_holdings_notional: worth(target),
    target_trades_notional: worth(trades),
    target_trades_shares: trades,
    target_holdings_shares: target,
  };
}

/** The end of the bar whose forecasts an order came from. */
function barOf({end}: TargetOrder, barMs: number): EpochMs {
  return floorToBar(end, barMs) - barMs;
}

function gridOf(orders: readonly TargetOrder[], barMs: number): Float64Array {
  const bars = orders.map((order) => barOf(order, barMs));
  const first = bars.reduce((least, bar) => Math.min(least, bar), Number.POSITIVE_INFINITY);
  const last = bars.reduce((most, bar) => Math.max(most, bar), Number.NEGATIVE_INFINITY);
  const rows = bars.length === 0 ? 0 : (last - first) / barMs + 1;
  return Float64Array.from({length: rows}, (_, t) => first + t * barMs);
}

interface OrderColumns {
  readonly holdings: Float64Array;
  readonly diff: Float64Array;
}

function columnsOf(
  orders: readonly TargetOrder[],
  index: Float64Array,
  barMs: number,
): OrderColumns {
  const holdings = new Float64Array(index.length).fill(Number.NaN);
  const diff = new Float64Array(index.length).fill(Number.NaN);
  for (const order of orders) {
    const t = (barOf(order, barMs) - (index[0] as number)) / barMs;
    const isFirst = Number.isNaN(diff[t]);
    holdings[t] = isFirst ? order.currentShares : (holdings[t] as number);
    diff[t] = (isFirst ? 0 : (diff[t] as number)) + order.diffShares;
  }
  const first = diff.findIndex((value) => !Number.isNaN(value));
  for (let t = index.length - 1; t > first; --t) {
    const isQuiet = Number.isNaN(diff[t - 1]) && !Number.isNaN(diff[t]);
    if (isQuiet && t - 1 > first) {
      diff[t - 1] = 0;
      holdings[t - 1] = holdings[t] as number;
    }
  }
  return {holdings, diff};
}

function pricesAt(price: Frame, ids: readonly string[], index: Float64Array): Frame {
  const rowOf = new Map(Array.from(price.index, (time, t) => [time, t]));
  const rows = Array.from(index, (time) => {
    const row = rowOf.get(time);
    if (row === undefined) {
      throw new ReckonError("bad-data", {
        place: "prices of orders",
        expected: `a row for the bar that ends at ${toIso(time)}`,
        found: "none",
      });
    }
    return row;
  });
  const data = ids.map((id) => {
    const column = columnOf(price, id);
    return Float64Array.from(rows, (row) => column[row] as number);
  });
  return makeFrame(index, ids, data);
}
