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
 * @param roundShares rounds a holding to the instrument's lot, so that sums of trades stay on it
 */
export function bookFill(
  {shares, cash}: Booked,
  fill: BookableFill,
  roundShares: (shares: number) => number,
): Booked {
  return {shares: roundShares(shares + fill.shares), cash: cash - (fill.traded + fill.fee)};
}
