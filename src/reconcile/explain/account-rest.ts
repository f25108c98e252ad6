import {PNL_PARTS, type PnlExplanation, type PnlPart} from "../../finance/pnl/explain-pnl.js";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {sum} from "../../stats/distribution/moments.js";
import {
  columnOf,
  countUpTo,
  type Frame,
  makeFrame,
  mapColumns,
  selectRows,
} from "../../table/frame.js";
import type {RecordedSide} from "../record/recorded-side.js";

/** Under this name stands what the accounts booked beside holdings, trades and fees. */
const ACCOUNT_REST = "account";

/** Less than this part of the money that moved is what sums leave. */
const NOISE = 1e-9;

/**
 * An explanation with what the accounts recorded beyond it: where the difference of their own net
 * PnL is not that of holdings, trades and fills, the rest is a column of its own, so that the total
 * is what the accounts say: fees that no fill tells of are fees, all else is unexplained. As it
 * was, where they agree or do not tell.
 *
 * @param hasFees whether the explanation is of PnL after fees
 */
export function withAccountRest(
  explanation: PnlExplanation,
  {prod, sim, hasFees}: {prod: RecordedSide; sim: RecordedSide; hasFees: boolean},
): PnlExplanation {
  const {index} = explanation.total;
  const [a, b] = [prod, sim].map((side) => recordedPnl(side, index, hasFees));
  if (a === undefined || b === undefined) {
    return explanation;
  }
  const explained = index.map((_, t) => rowSum(explanation.total, t));
  // Nothing led into the first bar, of which the accounts may know more.
  const isKnown = explained.map((_, t) => Number(t > 0 && a.isTold[t] === 1 && b.isTold[t] === 1));
  const rest = explained.map((x, t) =>
    isKnown[t] === 1 ? (a.pnl[t] as number) - (b.pnl[t] as number) - x : 0,
  );
  const moved = Math.max(a.moved, b.moved);
  if (rest.every((x) => Math.abs(x) <= NOISE * moved)) {
    return explanation;
  }
  const fees = rest.map((_, t) => {
    const more = -((a.fees[t] as number) - (b.fees[t] as number));
    const told = more - rowSum(explanation.parts.fees, t);
    return isKnown[t] === 0 || !hasFees || !(Math.abs(told) > NOISE * moved) ? 0 : told;
  });
  const unexplained = rest.map((x, t) => x - (fees[t] as number));
  return withAccount(explanation, {total: rest, fees, unexplained});
}

/**
 * An explanation in which rows of which instruments tell nothing are 0, and what the accounts
 * gained over them in net wealth is the account's, unexplained, where both tell.
 *
 * @param sides prod and sim; left out where PnL is before fees, which net wealth is not
 */
export function withGapRows(
  explanation: PnlExplanation,
  isKnown: Float64Array,
  sides?: readonly RecordedSide[],
): PnlExplanation {
  if (!isKnown.includes(0)) {
    return explanation;
  }
  const masked = eachFrame(explanation, (frame) =>
    mapColumns(frame, (column) => column.map((x, t) => (isKnown[t] === 1 ? x : 0))),
  );
  const {index} = explanation.total;
  const [a, b] = (sides ?? []).map((side) => wealthOf(side, index));
  const gained = index.map((_, t) => {
    const [before, now] = [t - 1, t].map((row) => (a?.[row] as number) - (b?.[row] as number));
    return isKnown[t] === 1 ? 0 : (now as number) - (before as number) || 0;
  });
  const scale = Math.max(1, ...(a ?? []).map((x) => Math.abs(x) || 0));
  return gained.every((x) => Math.abs(x) <= NOISE * scale)
    ? masked
    : withAccount(masked, {total: gained, unexplained: gained});
}

function wealthOf({portfolio: {statistics}}: RecordedSide, index: Float64Array): Float64Array {
  const has = statistics?.columns.includes("net_wealth") ?? false;
  return statistics === undefined || !has
    ? index.map(() => Number.NaN)
    : columnOf(selectRows(statistics, index), "net_wealth");
}

/** An explanation with these amounts added to the account's. */
function withAccount(
  {total, parts}: PnlExplanation,
  added: Readonly<{total: Float64Array} & {[part in PnlPart]?: Float64Array}>,
): PnlExplanation {
  const none = new Float64Array(total.index.length);
  return {
    total: withColumn(total, added.total),
    parts: Object.fromEntries(
      PNL_PARTS.map((part) => [part, withColumn(parts[part], added[part] ?? none)]),
    ) as Record<PnlPart, Frame>,
  };
}

/** An explanation with each of its frames changed. */
export function eachFrame(
  {total, parts}: PnlExplanation,
  f: (frame: Frame) => Frame,
): PnlExplanation {
  return {
    total: f(total),
    parts: Object.fromEntries(
      Object.entries(parts).map(([part, frame]) => [part, f(frame)]),
    ) as PnlExplanation["parts"],
  };
}

interface RecordedPnl {
  /** 1 where the account tells the PnL of the bar. */
  readonly isTold: Uint8Array;
  /** Sums of the bars since the one before in the index. */
  readonly pnl: Float64Array;
  /** Of the same bars, paid; 0 where the account does not tell. */
  readonly fees: Float64Array;
  /** The most that was held, money: the scale of what sums leave. */
  readonly moved: number;
}

/** Undefined where the account did not tell its PnL, or not its fees. */
function recordedPnl(
  {portfolio: {statistics}}: RecordedSide,
  index: Float64Array,
  hasFees: boolean,
): RecordedPnl | undefined {
  if (statistics === undefined || !statistics.columns.includes("pnl")) {
    return undefined;
  }
  if (hasFees && !statistics.columns.includes("fees")) {
    return undefined;
  }
  const bars = hasFees ? netPnl(statistics) : columnOf(statistics, "pnl");
  const upTo = Array.from(index, (bar) => countUpTo(statistics.index, bar));
  const summed = (column: Float64Array) =>
    index.map((_, t) => sum(column.subarray(upTo[t - 1] ?? 0, upTo[t])));
  const fees = statistics.columns.includes("fees")
    ? columnOf(statistics, "fees")
    : bars.map(() => 0);
  const sizes = ["gmv", "gross_volume"].filter((name) => statistics.columns.includes(name));
  const moved = sizes.reduce(
    (most, name) => columnOf(statistics, name).reduce((m, x) => Math.max(m, x || 0), most),
    1,
  );
  const told = new Set(statistics.index.filter((_, t) => !Number.isNaN(bars[t])));
  const isTold = Uint8Array.from(index, (bar) => Number(told.has(bar)));
  return {isTold, pnl: summed(bars), fees: summed(fees), moved};
}

function rowSum({data}: Frame, t: number): number {
  return data.reduce((sum, column) => sum + (column[t] as number), 0);
}

function withColumn({index, columns, data}: Frame, column: Float64Array): Frame {
  const at = columns.indexOf(ACCOUNT_REST);
  return at < 0
    ? makeFrame(index, [...columns, ACCOUNT_REST], [...data, column])
    : mapColumns({index, columns, data}, (own, j) =>
        j === at ? own.map((x, t) => x + (column[t] as number)) : own,
      );
}
