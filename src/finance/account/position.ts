import {type ContractTerms, PLAIN_TERMS, positionValue} from "./holdings-value.js";
import {SHARE_ROUNDING} from "./share-rounding.js";

/** What is held of one instrument, by average cost; money in settlement currency. */
export interface Position {
  /** Signed: negative means short. */
  readonly quantity: number;
  /** What the held quantity was opened at on average; NaN when nothing is held. */
  readonly averagePrice: number;
  /** Realised since the first fill, before fees. */
  readonly realised: number;
  /** Paid since the first fill; positive is paid. */
  readonly fees: number;
  /** Realised, before fees, since the position was last opened: from nothing, or by a flip. */
  readonly cycleRealised: number;
  /** Paid since then; a fill that flips counts for the part of it that opens. */
  readonly cycleFees: number;
}

/** A trade as a position sees it. */
export interface PositionFill {
  /** Signed, not 0: positive bought. */
  readonly quantity: number;
  /** > 0. */
  readonly price: number;
  /** In settlement currency; positive is paid. 0 where left out. */
  readonly fee?: number;
}

/** Nothing held and nothing earned. */
export const NO_POSITION: Position = {
  quantity: 0,
  averagePrice: Number.NaN,
  realised: 0,
  fees: 0,
  cycleRealised: 0,
  cycleFees: 0,
};

/**
 * The position after a fill.
 *
 * A fill on the held side moves the average price so that the value at cost adds up:
 * v(q₁ + q₂, a) = v(q₁, a₁) + v(q₂, p), which is the quantity-weighted mean price of linear
 * contracts and the harmonic one of inverse contracts. A fill on the other side keeps the average
 * price and realises v(closed, p) − v(closed, a); what it has beyond the held quantity opens the
 * other side at its price. v is {@link positionValue}.
 */
export function fillPosition(
  position: Position,
  {quantity, price, fee = 0}: PositionFill,
  terms: ContractTerms = PLAIN_TERMS,
): Position {
  const held = position.quantity;
  const fees = position.fees + fee;
  if (held === 0) {
    return {...opened(quantity, price), realised: position.realised, fees, cycleFees: fee};
  }
  const sum = held + quantity;
  if (held > 0 === quantity > 0) {
    return {
      ...position,
      quantity: sum,
      averagePrice: meanPrice(position, {quantity, price}, terms),
      fees,
      cycleFees: position.cycleFees + fee,
    };
  }
  // What is left by a close that meant all of it.
  const isClosed = Math.abs(sum) <= SHARE_ROUNDING * Math.max(Math.abs(held), Math.abs(quantity));
  const isFlip = !isClosed && sum > 0 !== held > 0;
  const closed = isClosed || isFlip ? held : -quantity;
  const gain = realisedBy(closed, {from: position.averagePrice, to: price}, terms);
  const realised = position.realised + gain;
  if (isFlip) {
    return {...opened(sum, price), realised, fees, cycleFees: (fee * sum) / quantity};
  }
  return {
    quantity: isClosed ? 0 : sum,
    averagePrice: isClosed ? Number.NaN : position.averagePrice,
    realised,
    fees,
    cycleRealised: position.cycleRealised + gain,
    cycleFees: position.cycleFees + fee,
  };
}

/** What closing everything at `mark` would realise, before fees; 0 when nothing is held. */
export function unrealisedPnl(
  {quantity, averagePrice}: Pick<Position, "quantity" | "averagePrice">,
  mark: number,
  terms: ContractTerms = PLAIN_TERMS,
): number {
  return quantity === 0 ? 0 : realisedBy(quantity, {from: averagePrice, to: mark}, terms);
}

function opened(quantity: number, price: number): Position {
  return {...NO_POSITION, quantity, averagePrice: price};
}

/** The price at which both quantities together have the value they have at their own prices. */
function meanPrice(
  {quantity: held, averagePrice}: Position,
  {quantity, price}: PositionFill,
  {kind}: ContractTerms,
): number {
  const sum = held + quantity;
  return kind === "inverse"
    ? sum / (held / averagePrice + quantity / price)
    : (held * averagePrice + quantity * price) / sum;
}

/** What `quantity`, held from one price to another, earned: v(q, to) − v(q, from). */
function realisedBy(
  quantity: number,
  {from, to}: {readonly from: number; readonly to: number},
  terms: ContractTerms,
): number {
  return positionValue(quantity, to, terms) - positionValue(quantity, from, terms);
}
