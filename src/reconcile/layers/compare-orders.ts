import type {EpochMs} from "../../time/epoch.js";
import type {Order} from "../../trading/order.js";
import {DEFAULT_TOLERANCE, type Difference, type FieldComparison} from "../compare/difference.js";

type BarOrder = Order & {readonly barEnd: EpochMs};

/**
 * Compares orders bar by bar and instrument by instrument: type, times and quantity.
 *
 * Order ids are not compared: they count what each run did.
 */
export function compareOrders(
  prod: readonly BarOrder[],
  sim: readonly BarOrder[],
  tolerance: number = DEFAULT_TOLERANCE,
): FieldComparison[] {
  const keys = [...new Set([...prod, ...sim].map(keyOf))].sort();
  const [left, right] = [prod, sim].map(
    (orders) => new Map(orders.map((order) => [keyOf(order), order])),
  ) as [Map<string, BarOrder>, Map<string, BarOrder>];
  const fields = [
    {field: "order", of: (order?: BarOrder) => (order ? "sent" : "none")},
    {field: "type", of: (order?: BarOrder) => order?.type ?? ""},
    {field: "start", of: (order?: BarOrder) => order?.start ?? Number.NaN},
    {field: "end", of: (order?: BarOrder) => order?.end ?? Number.NaN},
    {field: "diff_shares", of: (order?: BarOrder) => order?.diffShares ?? Number.NaN},
  ];
  return fields.map(({field, of}) => {
    const differences: Difference[] = [];
    let maxAbsolute = 0;
    let maxRelative = 0;
    for (const key of keys) {
      const [a, b] = [left.get(key), right.get(key)];
      if (field !== "order" && (a === undefined || b === undefined)) {
        continue;
      }
      const [before, after] = [of(a), of(b)];
      const absolute =
        typeof before === "number" && typeof after === "number"
          ? Math.abs(before - after)
          : Number(before !== after);
      const relative =
        absolute === 0
          ? 0
          : absolute / Math.max(Math.abs(Number(before)) || 1, Math.abs(Number(after)) || 1);
      maxAbsolute = Math.max(maxAbsolute, absolute);
      maxRelative = Math.max(maxRelative, relative);
      const limit = field === "start" || field === "end" ? 0 : tolerance;
      if (relative > limit) {
        const {barEnd, instrumentId} = (a ?? b) as BarOrder;
        differences.push({barEnd, instrument: instrumentId, field, prod: before, sim: after});
      }
    }
    return {field, cells: keys.length, maxAbsolute, maxRelative, differences};
  });
}

/** Sorts by bar, then instrument. */
function keyOf({barEnd, instrumentId}: BarOrder): string {
  return `${String(barEnd).padStart(16, "0")} ${instrumentId}`;
}
