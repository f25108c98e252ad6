import {ReckonError} from "../../errors.js";
import {roundToLot, wholeLots} from "../../finance/sizing/round-to-lot.js";

/** What an exchange takes as an order of one instrument. */
export interface ExchangeLimits {
  /** Of the instrument, for messages. */
  readonly id?: string;
  /** Smallest quantity; 0 when there is none. */
  readonly minAmount: number;
  /** An order must be worth more than this, in quote currency; 0 when there is none. */
  readonly minCost: number;
  /** Largest quantity; Infinity when there is none. */
  readonly maxAmount: number;
  /** Largest value, in quote currency; Infinity when there is none. */
  readonly maxCost: number;
  /** Smallest step of a quantity. */
  readonly lotSize: number;
}

/** How limits are met. */
export interface LimitRules {
  /** `local` is a test exchange, on which every trade is to go through. */
  readonly stage: "local" | "preprod" | "prod";
  /** `round` to the lot, or `check` that it is so already; `round` where left out. */
  readonly rounding?: "round" | "check";
}

/** On a `local` exchange a trade that is too small becomes worth this many times the minimum. */
const LOCAL_COST_MULTIPLE = 3;

/**
 * The trade that an exchange takes in place of a wanted one.
 *
 * In `preprod` and `prod` a trade of less than `minAmount`, or worth `minCost` or less, is not
 * made. On a `local` exchange one of less than `minAmount` is raised to 3 · minCost / price, sign
 * kept. One above a maximum is cut to it. What is left is rounded to the lot, halves to even.
 *
 * @param trade    signed shares
 * @param unitCost value of one share, positive
 * @throws ReckonError `failed` for a trade off the lot with the rounding `check`
 */
export function limitTrade(
  trade: number,
  unitCost: number,
  {limits, rules}: {readonly limits: ExchangeLimits; readonly rules: LimitRules},
): number {
  const {minAmount, minCost, lotSize} = limits;
  let size = Math.abs(trade);
  if (rules.stage === "local") {
    size = size !== 0 && size < minAmount ? (LOCAL_COST_MULTIPLE * minCost) / unitCost : size;
  } else if (size < minAmount || size * unitCost <= minCost) {
    size = 0;
  }
  const most = Math.min(limits.maxAmount, limits.maxCost / unitCost);
  const rounded = size > most ? wholeLots(most, lotSize) : roundToLot(size, lotSize);
  if (rules.rounding === "check" && rounded !== size) {
    throw new ReckonError("failed", {
      place: `apply_cc_limits${limits.id === undefined ? "" : ` of ${limits.id}`}`,
      expected: `a trade of whole lots of ${lotSize}, at most ${most}`,
      found: String(trade),
      fix: 'set optimizer_config.apply_cc_limits="round", or share_quantization="lot"',
    });
  }
  return rounded === 0 ? 0 : Math.sign(trade) * rounded;
}
