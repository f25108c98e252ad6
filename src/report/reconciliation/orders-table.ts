import type {ColumnTable} from "arquero";
import {columnOf, type Frame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Order} from "../../trading/orders/order.js";
import {type Figure, MONEY_TICKS, timeAxis, valueAxis} from "../figure.js";
import {plotPoints} from "../plot-points.js";
import type {RecordedRun} from "../recorded-run.js";
import {type ByRole, presentRoles} from "../roles.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

/** What became of an order: `open` when the run ended before its next bar. */
export type OrderFate = "filled" | "partly filled" | "unfilled" | "open";

type BarOrder = Order & {readonly barEnd: EpochMs};
type OrderBook = Pick<RecordedRun, "orders" | "targets" | "portfolio">;

/**
 * How many orders each run sent, their worth at the price of their bar, and what became of them.
 * An order is filled by the trade that the next recorded bar reports for its instrument; nothing is
 * known of it where no trades were recorded at all.
 */
export function ordersSummary({prod, sim}: ByRole<OrderBook>): ColumnTable {
  const present = presentRoles({prod, sim}).map(([role, run]) => ({role, ...summaryOf(run)}));
  const column = (f: (row: (typeof present)[number]) => number): number[] => present.map(f);
  return makeTable({
    Run: present.map(({role}) => role),
    Orders: column(({orders}) => orders),
    Buys: column(({buys}) => buys),
    Sells: column(({sells}) => sells),
    "Bought ($)": column(({bought}) => bought),
    "Sold ($)": column(({sold}) => sold),
    Filled: column(({fates}) => fates.filled),
    "Partly filled": column(({fates}) => fates["partly filled"]),
    Unfilled: column(({fates}) => fates.unfilled),
    "Open at the end": column(({fates}) => fates.open),
  });
}

/**
 * What was ordered at each bar, buys upward and sells downward, at the price of the bar; or the
 * sentence that nothing was.
 */
export function orderNotionalFigure(run: OrderBook): Figure | Sentence {
  if (run.orders.length === 0) {
    return note("No order was sent.");
  }
  if (run.targets.price === undefined) {
    return note("What the orders were worth is not known: no record tells a price.");
  }
  const ordered = run.orders.map(({barEnd}) => barEnd);
  const bars = Float64Array.from(new Set([...run.portfolio.statistics.index, ...ordered])).sort();
  const side = (name: string, sign: 1 | -1): Record<string, unknown> => ({
    type: "bar",
    name,
    ...plotPoints(bars, notionalPerBar(run, bars, sign)),
  });
  return {
    data: [side("buys", 1), side("sells", -1)],
    layout: {
      title: {text: "Value ordered per bar"},
      height: 320,
      barmode: "relative",
      xaxis: timeAxis(),
      yaxis: valueAxis("$ per bar", MONEY_TICKS),
    },
  };
}

/** No account was recorded that could tell. */
const UNKNOWN_FATES: Record<OrderFate, number> = {
  filled: Number.NaN,
  "partly filled": Number.NaN,
  unfilled: Number.NaN,
  open: Number.NaN,
};

function summaryOf(run: OrderBook) {
  const fates: Record<OrderFate, number> = {
    filled: 0,
    "partly filled": 0,
    unfilled: 0,
    open: 0,
  };
  const totals = {orders: run.orders.length, buys: 0, sells: 0, bought: 0, sold: 0};
  for (const order of run.orders) {
    const value = Math.abs(notionalOf(order, run.targets.price));
    const isBuy = order.diffShares > 0;
    totals.buys += isBuy ? 1 : 0;
    totals.sells += isBuy ? 0 : 1;
    totals.bought += isBuy ? value : 0;
    totals.sold += isBuy ? 0 : value;
    fates[fateOf(order, run.portfolio.executed_trades_shares)] += 1;
  }
  if (run.orders.length > 0 && run.portfolio.executed_trades_shares.index.length === 0) {
    return {...totals, fates: UNKNOWN_FATES};
  }
  return {...totals, fates};
}

/** What became of an order, from the trades that were recorded at bar ends. */
export function fateOf(order: BarOrder, trades: Frame): OrderFate {
  const next = trades.index.findIndex((time) => time > order.barEnd);
  if (next < 0 || !trades.columns.includes(order.instrumentId)) {
    return "open";
  }
  const traded = columnOf(trades, order.instrumentId)[next] as number;
  const share = traded / order.diffShares;
  if (!(share > 1e-9)) {
    return "unfilled";
  }
  return share >= 1 - 1e-9 ? "filled" : "partly filled";
}

/** Signed value of an order at the price of its bar; 0 where that price is not known. */
function notionalOf(order: BarOrder, price: Frame | undefined): number {
  const t = price?.index.indexOf(order.barEnd) ?? -1;
  if (price === undefined || t < 0 || !price.columns.includes(order.instrumentId)) {
    return 0;
  }
  const value = order.diffShares * (columnOf(price, order.instrumentId)[t] as number);
  return Number.isNaN(value) ? 0 : value;
}

function notionalPerBar(run: OrderBook, bars: Float64Array, sign: 1 | -1): Float64Array {
  const at = new Map(Array.from(bars, (time, t) => [time, t]));
  const sums = new Float64Array(bars.length);
  for (const order of run.orders) {
    const t = at.get(order.barEnd);
    const value = notionalOf(order, run.targets.price);
    if (t !== undefined && Math.sign(value) === sign) {
      sums[t] = (sums[t] as number) + value;
    }
  }
  return sums;
}
