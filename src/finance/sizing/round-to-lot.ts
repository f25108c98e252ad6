import {roundHalfEven} from "./round-half-even.js";

/**
 * `shares` rounded to a whole number of lots, halves to the even number of lots.
 *
 * A lot that is a power of ten (0.001, 1, 10) rounds as `roundHalfEven` to its decimals, so that
 * the result is the double nearest to the decimal text; any other lot (0.25, 5, 25) counts lots.
 *
 * @param lotSize smallest step of a quantity, > 0
 */
export function roundToLot(shares: number, lotSize: number): number {
  return lotRounder(lotSize)(shares);
}

/**
 * The whole lots of `shares`, towards 0: what can be sold of a holding that is off the lot. What is
 * less than 1e-12 short of a lot, relative, is that lot.
 */
export function wholeLots(shares: number, lotSize: number): number {
  return wholeLotRounder(lotSize)(shares);
}

/** {@link wholeLots} for many quantities of one lot. */
export function wholeLotRounder(lotSize: number): (shares: number) => number {
  const round = lotRounder(lotSize);
  return (shares) => {
    const rounded = round(shares);
    const isBeyond = Math.abs(rounded) > Math.abs(shares) * (1 + 1e-12);
    return isBeyond ? round(rounded - Math.sign(shares) * lotSize) : rounded;
  };
}

/** {@link roundToLot} for many quantities of one lot. */
export function lotRounder(lotSize: number): (shares: number) => number {
  const decimals = Math.round(-Math.log10(lotSize));
  return Math.abs(10 ** -decimals / lotSize - 1) < 1e-9
    ? (shares) => roundHalfEven(shares, decimals)
    : (shares) => roundHalfEven(roundHalfEven(shares / lotSize) * lotSize, STEP_DECIMALS);
}

/** Lots that are no powers of ten have at most so many decimals; the rest is rounding noise. */
const STEP_DECIMALS = 12;
