import type {EpochMs} from "../../time/epoch.js";
import type {RecordedSide} from "../record/recorded-side.js";

/** What shows that a run handled a bar of which it has no record: its count, or its orders. */
export type ErasureWitness = "run.json" | "order ids";

/**
 * Bars between a run's first and last that the other run has and of which this one has no record of
 * any kind, though it handled them: its `run.json` counts them, or orders were numbered at them.
 */
export function erasedBars(
  {bars, record, orders = []}: RecordedSide,
  other: Pick<RecordedSide, "bars">,
): ReadonlyMap<EpochMs, ErasureWitness> {
  const own = new Set(bars);
  const [first, last] = [bars[0] ?? Number.NaN, bars.at(-1) ?? Number.NaN];
  const missing = other.bars.filter((bar) => bar > first && bar < last && !own.has(bar));
  if (missing.length === 0) {
    return new Map();
  }
  const hasEnded = record.exit_state === "done" || record.exit_state === "interrupted";
  if (hasEnded && Number(record.bars) >= bars.length + missing.length) {
    return new Map(Array.from(missing, (bar) => [bar, "run.json"]));
  }
  const jumps = jumpsOf(orders);
  const across = missing.filter((bar) => jumps.some(({from, to}) => from < bar && bar < to));
  const isOnlyThere = jumps.every(({from, to}) => missing.some((bar) => from < bar && bar < to));
  return new Map(isOnlyThere ? Array.from(across, (bar) => [bar, "order ids"]) : []);
}

/** Bars between which the numbers of orders, which are counted up, leave some out. */
function jumpsOf(orders: NonNullable<RecordedSide["orders"]>): {from: EpochMs; to: EpochMs}[] {
  const sorted = [...orders].sort((a, b) => a.orderId - b.orderId);
  return sorted.flatMap(({orderId, barEnd}, i) => {
    const before = sorted[i - 1];
    return before !== undefined && orderId > before.orderId + 1
      ? [{from: before.barEnd, to: barEnd}]
      : [];
  });
}
