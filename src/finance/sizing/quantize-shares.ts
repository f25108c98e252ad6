import {type Frame, mapColumns} from "../../table/frame.js";
import {NO_ROUNDING, roundHalfEven} from "./round-half-even.js";

/**
 * Digits after the point that share counts keep: one number for all (30 or null: no rounding;
 * negative: round lots of tens, hundreds) or one per column name.
 */
export type ShareDecimals = number | null | Readonly<Record<string, number>>;

/** Share counts rounded with `roundHalfEven`; a column the record does not name is not rounded. */
export function quantizeShares(shares: Frame, decimals: ShareDecimals): Frame {
  return mapColumns(shares, (column, j) => {
    const digits = shareDecimalsOf(decimals, shares.columns[j] as string);
    return digits >= NO_ROUNDING ? column : column.map((x) => roundHalfEven(x, digits));
  });
}

/** The digits kept for one column. */
export function shareDecimalsOf(decimals: ShareDecimals, column: string): number {
  if (decimals === null || typeof decimals === "number") {
    return decimals ?? NO_ROUNDING;
  }
  return decimals[column] ?? NO_ROUNDING;
}
