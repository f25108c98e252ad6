import {accountPnl, pnlWithoutLost} from "../../finance/pnl/bar-pnl.js";
import type {PortfolioStream} from "../../runlog/layout.js";
import {
  columnOf,
  countUpTo,
  type Frame,
  frameRows,
  makeFrame,
  mapColumns,
  selectColumns,
  selectRows,
} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {toleranceOf} from "../compare/difference.js";
import type {NotCompared, RecordedSide} from "../record/recorded-side.js";
import type {Comparable} from "./comparable.js";
import {type Layer, LayerBuilder} from "./layer.js";

/** A ten-thousandth of a cent, or a millionth of a share: no account settles less. */
const MONEY_NOISE = 1e-6;
const SHARES_NOISE = 1e-9;

/** Columns of the target positions that say what was held, not what was wanted. */
const HELD = ["holdings_shares", "holdings_notional"];

/** How two frames of a side are found, and how exact they are. */
interface Field {
  readonly field: string;
  readonly frame: (side: RecordedSide) => Frame | undefined;
  readonly noise: number;
  readonly isAccount?: boolean;
  /** See {@link FieldPair}. */
  readonly scale?: (side: RecordedSide) => Frame | undefined;
  /** The stream it is read from; left out where several are needed, which are told themselves. */
  readonly source?: string;
}

/** What was wanted at each bar. */
export function compareTargets(both: Comparable): LayerFound {
  const names = new Set([both.prod, both.sim].flatMap(({targets}) => Object.keys(targets ?? {})));
  const fields = Array.from(names, (name): Field & {readonly rank: number} => ({
    field: name,
    frame: ({targets}) => targets?.[name],
    noise: name.includes("notional") ? MONEY_NOISE : SHARES_NOISE,
    rank: HELD.includes(name) ? 1 : 0,
    source: "target_positions",
  }));
  const layer = new LayerBuilder("target positions");
  return compareFields(
    layer,
    both,
    fields.sort((a, b) => a.rank - b.rank),
  );
}

/** Shares, cash and value at each bar's end. */
export function compareHoldings(both: Comparable): LayerFound {
  return compareFields(new LayerBuilder("holdings"), both, [
    stream("holdings_shares", SHARES_NOISE),
    account("cash", (name) => name === "cash"),
    stream("holdings_notional", MONEY_NOISE),
  ]);
}

/** Fees, then what the account earned and how large it was. */
export function comparePnl(both: Comparable): LayerFound {
  return compareFields(new LayerBuilder("PnL"), both, [
    account("fees", (name) => name === "fees"),
    {field: "pnl", frame: (side) => knownPnl(side, both), noise: MONEY_NOISE, scale: heldOrTraded},
    {
      ...account("account", (name) => name !== "cash" && name !== "fees"),
      scale: accountScale,
    },
  ]);
}

/** A layer, and what of it could not be compared. */
export interface LayerFound {
  readonly layer: Layer;
  readonly notCompared: readonly NotCompared[];
}

/** Compares what both sides have; a field that a side lacks altogether is told. */
export function compareFields(
  builder: LayerBuilder,
  {prod, sim, isComparable, relative, notCompared: known}: Comparable,
  fields: readonly Field[],
): LayerFound {
  const lacking = new Map<string, NotCompared>();
  for (const {field, frame, noise, isAccount = false, scale, source} of fields) {
    const [a, b] = [frame(prod), frame(sim)];
    if (a !== undefined && b !== undefined) {
      const size = scale?.(sim);
      const pair = {
        field,
        prod: frameRows(a, isComparable),
        sim: frameRows(b, isComparable),
        isAccount,
        ...(size === undefined ? {} : {scale: size}),
      };
      builder.compare(pair, toleranceOf(relative, noise));
    } else if (source !== undefined && (a !== undefined || b !== undefined)) {
      const {name: side} = a === undefined ? prod : sim;
      if (!known.some((one) => one.side === side && one.what === source)) {
        lacking.set(source, {what: source, side, why: `${side} did not record it`});
      }
    }
  }
  return {layer: builder.layer(), notCompared: [...lacking.values()]};
}

function stream(field: PortfolioStream, noise: number): Field {
  return {field, frame: ({portfolio}) => portfolio[field], noise, source: field};
}

/** Some columns of the bar metrics. */
function account(field: string, isWanted: (name: string) => boolean): Field {
  return {
    field,
    isAccount: true,
    noise: MONEY_NOISE,
    source: "statistics",
    frame: ({portfolio: {statistics}}) =>
      statistics && selectColumns(statistics, statistics.columns.filter(isWanted)),
  };
}

/** PnL of each instrument from the second bar on where one run begins later: before, it held. */
function knownPnl(side: RecordedSide, {prod, sim}: Comparable): Frame | undefined {
  const pnl = pnlOf(side);
  const [a = Number.NaN, b = Number.NaN] = [prod.bars[0], sim.bars[0]];
  return pnl === undefined || a === b ? pnl : frameRows(pnl, (bar) => bar > Math.max(a, b));
}

/**
 * Gross PnL of each instrument; undefined where the portfolio was not recorded whole. A bar whose
 * record was lost from one of its streams leaves it and the next one out: neither is known.
 */
function pnlOf({portfolio, lost}: RecordedSide): Frame | undefined {
  const {holdings_notional, executed_trades_notional, holdings_shares} = portfolio;
  const [value, traded, shares] = [holdings_notional, executed_trades_notional, holdings_shares];
  if (value === undefined || traded === undefined || shares === undefined) {
    return undefined;
  }
  const lostBars = Float64Array.from(
    PNL_STREAMS.flatMap((name) => [...(lost.get(name) ?? [])]),
  ).sort();
  const isLost = new Set(lostBars);
  const isKept = (bar: EpochMs): boolean => !isLost.has(bar);
  const [a, b, c] = [value, traded, shares].map((frame) =>
    selectColumns(frameRows(frame, isKept), value.columns),
  ) as [Frame, Frame, Frame];
  const isWhole = [b, c].every(
    ({index}) => index.length === a.index.length && index.every((bar, t) => bar === a.index[t]),
  );
  if (!isWhole) {
    return undefined;
  }
  const pnl = accountPnl(a, b, c);
  const isBehindLost = pnl.index.map((bar, t) =>
    Number(countUpTo(lostBars, bar) > countUpTo(lostBars, pnl.index[t - 1] ?? -Infinity)),
  );
  return pnlWithoutLost(pnl, isBehindLost);
}

const PNL_STREAMS = ["holdings_notional", "executed_trades_notional", "holdings_shares"] as const;

/** Value held before or after, or traded: what a bar's PnL is a difference of. */
function heldOrTraded({portfolio}: RecordedSide): Frame | undefined {
  const {holdings_notional: value, executed_trades_notional: traded} = portfolio;
  if (value === undefined || traded === undefined) {
    return undefined;
  }
  const paid = selectRows(selectColumns(traded, value.columns), value.index);
  return mapColumns(value, (column, j) =>
    column.map((after, t) =>
      Math.max(
        Math.abs(after || 0),
        Math.abs(column[t - 1] || 0),
        Math.abs(paid.data[j]?.[t] || 0),
      ),
    ),
  );
}

/** Sums over instruments cancel: net volume against gross volume, the others against GMV. */
function accountScale({portfolio: {statistics}}: RecordedSide): Frame | undefined {
  const has = (name: string): boolean => statistics?.columns.includes(name) ?? false;
  if (statistics === undefined || !has("gmv") || !has("gross_volume")) {
    return undefined;
  }
  const [gmv, volume] = [columnOf(statistics, "gmv"), columnOf(statistics, "gross_volume")];
  const both = gmv.map((x, t) => Math.max(x || 0, gmv[t - 1] || 0, volume[t] || 0));
  const scales = new Map([
    ["net_volume", volume],
    ["nmv", gmv],
    ["pnl", both],
  ]);
  const columns = statistics.columns.filter((name) => scales.has(name));
  return makeFrame(
    statistics.index,
    columns,
    columns.map((name) => scales.get(name) as Float64Array),
  );
}
