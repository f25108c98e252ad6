import {type Column, type Frame, makeFrame, requireSameAxes} from "../../table/frame.js";

/** What the difference of two accounts' PnL is split into. */
export const PNL_PARTS = [
  "price slippage",
  "underfill",
  "fees",
  "funding",
  "timing",
  "carried position",
  "marking",
  "unexplained",
] as const;
const SPLIT_PARTS = PNL_PARTS.filter((part) => part !== "unexplained");
/** One of {@link PNL_PARTS}. */
export type PnlPart = (typeof PNL_PARTS)[number];

/** An account bar by bar and instrument by instrument; all frames have the same axes. */
export interface PnlBook {
  readonly holdings_shares: Frame;
  /** At each bar's mark, settlement currency. */
  readonly holdings_notional: Frame;
  /** Signed, during the bar. */
  readonly executed_trades_shares: Frame;
  /** At fill prices, buys positive. */
  readonly executed_trades_notional: Frame;
  /** Shares that were asked for, to be filled during the bar; left out where not known. */
  readonly ordered_shares?: Frame;
  /** Paid positive. */
  readonly fees?: Frame;
  /** Received positive. */
  readonly funding?: Frame;
}

/** The difference of two accounts' net PnL per bar and instrument, and its parts. */
export interface PnlExplanation {
  /** Net PnL of prod less that of the simulation; the first bar is 0: nothing led into it. */
  readonly total: Frame;
  /** Each on the axes of the total; they add up to it. */
  readonly parts: Readonly<Record<PnlPart, Frame>>;
}

/**
 * Splits prod − sim net PnL of each bar and instrument.
 *
 * A contract's value is linear in its quantity, whatever its kind. With H shares held at the bar's
 * end, x traded at the mean unit value w, f fees and g funding, m the unit value both are marked at
 * (the simulation's; prod's where it holds nothing), Δ = prod − sim, and r = the simulation's w
 * (prod's where the simulation did not trade):
 *
 *     net PnL          = H[t]·m[t] − H[t−1]·m[t−1] − x·w − f + g
 *     carried position = ΔH[t−1] · (m[t] − m[t−1])      what earlier differences earned
 *     price slippage   = −x_prod · (w_prod − r)         the same shares at another price
 *     underfill        = −Δ(ordered − x) · (m[t] − r)   ordered and not filled
 *     timing           = Δordered · (m[t] − r)          ordered at another bar than in the other
 *     fees             = −Δf,  funding = Δg
 *     marking          = what prod's holdings gain by its own marks, where they are not m
 *     unexplained      = the rest: shares that changed without a trade
 *
 * Where orders are not known, what was traded counts as ordered. A missing value counts as 0. This
 * is the arithmetic (Brinson-like) attribution of a fill against its simulated twin; each part is
 * exact, none is a residual but the last.
 */
export function explainPnl(prod: PnlBook, sim: PnlBook): PnlExplanation {
  const {index, columns} = prod.holdings_shares;
  const blank = (): Float64Array[] => columns.map(() => new Float64Array(index.length));
  const total = blank();
  const parts = Object.fromEntries(PNL_PARTS.map((part) => [part, blank()])) as Record<
    PnlPart,
    Float64Array[]
  >;
  for (const frame of [...framesOf(prod), ...framesOf(sim)]) {
    requireSameAxes(prod.holdings_shares, frame);
  }
  for (let j = 0; j < columns.length; ++j) {
    const into = Object.fromEntries(
      PNL_PARTS.map((part) => [part, parts[part][j] as Float64Array]),
    ) as Record<PnlPart, Float64Array>;
    explainColumn(columnsOf(prod, j), columnsOf(sim, j), {total: total[j] as Float64Array, into});
  }
  const frame = (data: Float64Array[]): Frame => makeFrame(index, columns, data);
  return {
    total: frame(total),
    parts: Object.fromEntries(PNL_PARTS.map((part) => [part, frame(parts[part])])) as Record<
      PnlPart,
      Frame
    >,
  };
}

interface BookColumns {
  readonly held: Column;
  readonly value: Column;
  readonly shares: Column;
  readonly traded: Column;
  readonly ordered: Column;
  readonly fees: Column | undefined;
  readonly funding: Column | undefined;
}

function framesOf(book: PnlBook): Frame[] {
  return Object.values(book).filter((frame): frame is Frame => frame !== undefined);
}

function columnsOf(book: PnlBook, j: number): BookColumns {
  const column = (frame: Frame): Column => frame.data[j] as Column;
  return {
    held: column(book.holdings_shares),
    value: column(book.holdings_notional),
    shares: column(book.executed_trades_shares),
    traded: column(book.executed_trades_notional),
    ordered: column(book.ordered_shares ?? book.executed_trades_shares),
    fees: book.fees && column(book.fees),
    funding: book.funding && column(book.funding),
  };
}

function explainColumn(
  prod: BookColumns,
  sim: BookColumns,
  {
    total,
    into,
  }: {
    readonly total: Float64Array;
    readonly into: Readonly<Record<PnlPart, Float64Array>>;
  },
): void {
  let before = Number.NaN;
  let pBefore: BookBar | undefined;
  let sBefore: BookBar | undefined;
  for (let t = 0; t < total.length; ++t) {
    const p = barOf(prod, t);
    const s = barOf(sim, t);
    const benchmark = s.shares !== 0 ? s.traded / s.shares : p.traded / p.shares;
    const mark = firstKnown(s.value / s.held, p.value / p.held, benchmark, before);
    if (pBefore !== undefined && sBefore !== undefined) {
      total[t] = netOf(p, pBefore) - netOf(s, sBefore);
      const isTraded = p.shares !== 0 || s.shares !== 0 || p.ordered !== s.ordered;
      const gain = isTraded ? known(mark - benchmark) : 0;
      const unfilled = p.ordered - p.shares - (s.ordered - s.shares);
      const parts = {
        "price slippage": s.shares === 0 ? 0 : -known(p.traded - p.shares * benchmark),
        underfill: -unfilled * gain,
        fees: s.fees - p.fees,
        funding: p.funding - s.funding,
        timing: (p.ordered - s.ordered) * gain,
        "carried position": known((pBefore.held - sBefore.held) * (mark - before)),
        marking:
          offMark(p, mark) - offMark(pBefore, before) - offMark(s, mark) + offMark(sBefore, before),
      };
      let rest = total[t] as number;
      for (const part of SPLIT_PARTS) {
        into[part][t] = parts[part] + 0;
        rest -= parts[part];
      }
      into.unexplained[t] = rest;
    }
    [before, pBefore, sBefore] = [mark, p, s];
  }
}

interface BookBar {
  readonly held: number;
  readonly value: number;
  readonly shares: number;
  readonly traded: number;
  readonly ordered: number;
  readonly fees: number;
  readonly funding: number;
}

function barOf(
  {held, value, shares, traded, ordered, fees, funding}: BookColumns,
  t: number,
): BookBar {
  return {
    held: known(held[t] as number),
    value: known(value[t] as number),
    shares: known(shares[t] as number),
    traded: known(traded[t] as number),
    ordered: known(ordered[t] as number),
    fees: known(fees?.[t] as number),
    funding: known(funding?.[t] as number),
  };
}

function netOf(now: BookBar, before: BookBar): number {
  return now.value - before.value - now.traded - now.fees + now.funding;
}

/** What holdings are worth beyond the shared mark. */
function offMark({held, value}: BookBar, mark: number): number {
  return held === 0 ? 0 : known(value - held * mark);
}

function firstKnown(...values: readonly number[]): number {
  return values.find(Number.isFinite) ?? Number.NaN;
}

/** Missing, or a ratio to 0, is 0. */
function known(x: number): number {
  return Number.isFinite(x) ? x : 0;
}
