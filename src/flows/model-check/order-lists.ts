import type {EpochMs} from "../../time/epoch.js";
import type {Order} from "../../trading/orders/order.js";
import {CheckFailure} from "./model-check.js";

/** What an order processor should have done, and what it says it did. */
export interface ProcessorAccount {
  /** Every order of the run; those of one bar make one list. */
  readonly orders: readonly Order[];
  /** When the run ended: a list whose deadline comes later is still open then. */
  readonly end: EpochMs;
  /** The lines of `order_processor.json`. */
  readonly signature: readonly string[];
}

/**
 * Refuses what was not accepted, or not filled by its deadline.
 *
 * @returns what was seen, in words
 * @throws CheckFailure with the counts, and the first refusal's reason
 */
export function refuseOpenLists({orders, end, signature}: ProcessorAccount): string {
  const deadlines = new Map<EpochMs, EpochMs>();
  for (const {creationTime, end: deadline} of orders) {
    deadlines.set(creationTime, Math.max(deadline, deadlines.get(creationTime) ?? deadline));
  }
  const due = [...deadlines.values()].filter((deadline) => deadline <= end).length;
  const [accepted, filled] = [countOf(signature, "accepted"), countOf(signature, "filled")];
  const refusal = signature.find((line) => line.includes(": refused "));
  const open = deadlines.size - due;
  const still = open === 0 ? "" : `, ${open} still open at the end`;
  if (refusal !== undefined || accepted !== deadlines.size || filled < due) {
    const why = refusal === undefined ? "" : `; ${refusal}`;
    throw new CheckFailure(
      `of ${deadlines.size} lists ${accepted} accepted, ${filled} filled${still}${why}`,
    );
  }
  return `${accepted} lists accepted, ${filled} filled${still}`;
}

/** `num_filled_orders=11`: despite its name, a count of lists. */
function countOf(signature: readonly string[], what: "accepted" | "filled"): number {
  const prefix = `num_${what}_orders=`;
  const line = signature.find((text) => text.startsWith(prefix));
  return Number(line?.slice(prefix.length) ?? Number.NaN);
}
