import {type ContractTerms, positionValue} from "./holdings-value.js";

/**
 * The price that a position is valued at: the mark, or the last known one where it is missing.
 *
 * A missing mark says nothing about what a position is worth: the PnL of the bars without one is 0,
 * and that of all of them comes with the next mark. NaN when no mark was ever known.
 *
 * @param mark  the newest one; missing when it is not finite, or values the contract at infinity
 * @param known the last known one; NaN when there is none
 */
export function lastMark(mark: number, known: number, terms?: ContractTerms): number {
  return Number.isFinite(positionValue(1, mark, terms)) ? mark : known;
}
