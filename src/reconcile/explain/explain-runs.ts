import {valueAcrossGaps} from "../../finance/pnl/bar-pnl.js";
import {explainPnl, type PnlBook, type PnlExplanation} from "../../finance/pnl/explain-pnl.js";
import {
  type Column,
  columnOf,
  countUpTo,
  type Frame,
  makeFrame,
  mapColumns,
} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {fillFrames} from "../layers/order-layer.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {eachFrame, withAccountRest, withGapRows} from "./account-rest.js";
import {type Account, accountOf, lostBars} from "./side-account.js";

/**
 * Prod − sim net PnL and its parts, over the bars and instruments of both accounts; undefined where
 * either account was not recorded.
 *
 * A bar that one side lacks is taken together with the next that both have. Fees are those of the
 * fills; where fills were not recorded, the account's, shared out by value traded. Where neither
 * was, nothing is known of that side's fees, and the PnL is explained before fees. What an account
 * booked beyond that is a column of its own, see {@link withAccountRest}.
 *
 * Where a side's account lacks a bar and the trades of it, what instruments earned over that bar
 * and the next recorded one is not known: it is 0 here, and the change of net wealth stands for all
 * of them. Likewise 0 is what an instrument earned that only
 * some streams of an account name, and from where on one that is held has no value any more; where
 * the value comes back, the PnL since falls on that bar. `unknownPnl` tells of all these.
 */
export function explainRuns(prod: RecordedSide, sim: RecordedSide): PnlExplanation | undefined {
  const [a, b] = [accountOf(prod), accountOf(sim)];
  if (a === undefined || b === undefined) {
    return undefined;
  }
  const inB = new Set(b.bars);
  const index = a.bars.filter((bar) => inB.has(bar));
  const columns = [...new Set([...a.told, ...b.told])].filter(
    (id) => !a.untold.has(id) && !b.untold.has(id),
  );
  if (columns.length === 0 && a.untold.size + b.untold.size > 0) {
    return undefined;
  }
  const hasFees = knowsFees(prod) && knowsFees(sim);
  const explained = explainPnl(
    bookOf(prod, a, {index, columns, hasFees}),
    bookOf(sim, b, {index, columns, hasFees}),
  );
  const lost = [lostBars(prod, a, sim), lostBars(sim, b, prod)].flatMap(({told, erased}) => [
    told,
    erased,
  ]);
  const isKnown = index.map((bar, t) =>
    Number(!lost.some((bars) => isWithin(bars, index[t - 1], bar))),
  );
  const valued = valuedCells(explained, [a, b]);
  const whole = withAccountRest(valued, {prod, sim, hasFees});
  return withGapRows(whole, isKnown, hasFees ? [prod, sim] : undefined);
}

function isWithin(bars: Float64Array, after = Number.NEGATIVE_INFINITY, upTo: EpochMs): boolean {
  return countUpTo(bars, upTo) > countUpTo(bars, after);
}

/** An explanation in which cells count as 0 that come after the last value of what is held. */
function valuedCells(explanation: PnlExplanation, accounts: readonly Account[]): PnlExplanation {
  const {index, columns} = explanation.total;
  const upTo = columns.map((id) =>
    Math.min(...accounts.map(({lastKnown}) => lastKnown.get(id) ?? Number.POSITIVE_INFINITY)),
  );
  return eachFrame(explanation, (frame) =>
    mapColumns(frame, (column, j) =>
      column.map((x, t) => ((index[t] as number) <= (upTo[j] as number) ? x : 0)),
    ),
  );
}

interface Grid {
  readonly index: Float64Array;
  readonly columns: readonly string[];
}

/** True where a side recorded what it paid. */
export function knowsFees(side: RecordedSide): boolean {
  const {statistics} = side.portfolio;
  const paid = statistics?.columns.includes("fees") ? columnOf(statistics, "fees") : [];
  return side.fills !== undefined || paid.some((fee) => !Number.isNaN(fee));
}

function bookOf(
  side: RecordedSide,
  {held, value, shares, traded}: Account,
  {hasFees, ...grid}: Grid & {readonly hasFees: boolean},
): PnlBook {
  const trades = summed(shares, grid);
  const paid = summed(traded, grid);
  const ordered = side.orders && orderedFrame(side, grid);
  const holdings = sampled(held, grid);
  return {
    holdings_shares: holdings,
    holdings_notional: mapColumns(sampled(value, grid), (worth, j) =>
      valueAcrossGaps({
        shares: holdings.data[j] as Column,
        value: worth,
        traded: paid.data[j] as Column,
      }),
    ),
    executed_trades_shares: trades,
    executed_trades_notional: paid,
    ...(ordered === undefined ? {} : {ordered_shares: ordered}),
    ...(hasFees ? {fees: feesOf(side, {traded, grid})} : {}),
  };
}

/** What a frame says at the bars of the grid. */
function sampled(frame: Frame, {index, columns}: Grid): Frame {
  const rows = Int32Array.from(index, (bar) => {
    const at = countUpTo(frame.index, bar) - 1;
    return frame.index[at] === bar ? at : -1;
  });
  const data = columns.map((id) => {
    const column = frame.columns.includes(id) ? columnOf(frame, id) : undefined;
    return Float64Array.from(rows, (row) => column?.[row] ?? 0);
  });
  return makeFrame(index, columns, data);
}

/** The sum of a frame's bars since the grid's bar before. */
function summed(frame: Frame, {index, columns}: Grid): Frame {
  const upTo = Array.from(index, (bar) => countUpTo(frame.index, bar));
  const data = columns.map((id) => {
    const sums = new Float64Array(index.length);
    const column = frame.columns.includes(id) ? columnOf(frame, id) : new Float64Array();
    for (let t = 0; t < index.length; ++t) {
      for (let row = upTo[t - 1] ?? 0; row < (upTo[t] as number); ++row) {
        const x = column[row] ?? Number.NaN;
        sums[t] = (sums[t] as number) + (Number.isNaN(x) ? 0 : x);
      }
    }
    return sums;
  });
  return makeFrame(index, columns, data);
}

/** Shares of the orders to be filled by each bar: those sent since the bar before, it included. */
function orderedFrame({orders = []}: RecordedSide, {index, columns}: Grid): Frame {
  const at = new Map(columns.map((id, j) => [id, j]));
  const data = columns.map(() => new Float64Array(index.length));
  for (const {barEnd, instrumentId, diffShares} of orders) {
    const column = data[at.get(instrumentId) ?? -1];
    const t = countUpTo(index, barEnd);
    if (column !== undefined && t < index.length) {
      column[t] = (column[t] as number) + diffShares;
    }
  }
  return makeFrame(index, columns, data);
}

function feesOf(
  side: RecordedSide,
  {traded, grid}: {readonly traded: Frame; readonly grid: Grid},
): Frame {
  const fees = fillFrames(side)?.fill_fee;
  return summed(fees ?? sharedOut(side, traded), grid);
}

/** The account's fees by each instrument's part of the value traded at the bar. */
function sharedOut({portfolio: {statistics}}: RecordedSide, traded: Frame): Frame {
  const fees = statistics?.columns.includes("fees") ? columnOf(statistics, "fees") : undefined;
  const total = traded.index.map((_, t) =>
    traded.data.reduce((sum, column) => sum + Math.abs(column[t] || 0), 0),
  );
  const paid = traded.index.map((bar) => fees?.[statistics?.index.indexOf(bar) ?? -1] ?? 0);
  const data = traded.data.map((column) =>
    column.map((x, t) => ((paid[t] as number) * Math.abs(x || 0)) / (total[t] || 1)),
  );
  return makeFrame(traded.index, traded.columns, data);
}
