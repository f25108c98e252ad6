import {SHARE_ROUNDING} from "./share-rounding.js";

/** What a fill changes: a holding, and the cash it is paid from. */
export interface Booked {
  readonly shares: number;
  /** Settlement currency. */
  readonly cash: number;
}

/** An execution, with its value at the price it was made at. */
export interface BookableFill {
  /** Signed: positive bought. */
  readonly shares: number;
  /** Signed value of these shares, settlement currency. */
  readonly traded: number;
  /** Settlement currency; positive is paid. */
  readonly fee: number;
}

/**
 * The holding and the cash after a fill: shares + bought, cash − (value traded + fee). Portfolios
 * and the OMS tables both go through here, so that they agree to the last bit.
 *
 * @param roundShares rounds a holding to the instrument's lot, see {@link addShares}
 */
export function bookFill(
  {shares, cash}: Booked,
  fill: BookableFill,
  roundShares: (shares: number) => number,
): Booked {
  return {
    shares: addShares(shares, fill.shares, roundShares),
    cash: cash - (fill.traded + fill.fee),
  };
}

/**
 * Shares held and traded, without the noise of adding them: whole lots stay whole. What is truly
 * off the lot (dust of fees, a lot that has changed) is kept as it is: it was paid for.
 *
 * @param roundShares rounds to the instrument's lot
 */
export function addShares(
  held: number,
  traded: number,
  roundShares: (shares: number) => number,
): number {
  const sum = held + traded;
  const rounded = roundShares(sum);
  const isNoise =
    Math.abs(sum - rounded) <= SHARE_ROUNDING * Math.max(Math.abs(held), Math.abs(traded));
  return isNoise ? rounded : sum;
}
