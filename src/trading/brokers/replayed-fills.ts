import {ReckonError} from "../../errors.js";
import type {Clock} from "../../time/clock.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Fill} from "../orders/fill.js";
import {checkOrder} from "../orders/order.js";
import type {Broker} from "./broker.js";

/** A fill as a run recorded it. */
export interface RecordedFill extends Fill {
  /** The bar at which the run took it. */
  readonly barEnd: EpochMs;
}

/**
 * A broker that gives back the fills of a recorded run, each from the bar on at which that run took
 * it. Orders are checked and then forgotten: what becomes of them is what became of the others.
 *
 * @throws ReckonError `bad-data` naming the instruments that were filled but are not in this run
 */
export function replayedFills(options: {
  readonly clock: Clock;
  readonly instrumentIds: readonly string[];
  readonly fills: readonly RecordedFill[];
}): Broker {
  const {clock, instrumentIds} = options;
  checkInstruments(options.fills, instrumentIds);
  const fills = [...options.fills].sort((a, b) => a.barEnd - b.barEnd || a.fillId - b.fillId);
  let given = 0;
  return {
    async submitOrders(orders) {
      for (const order of orders) {
        checkOrder(order);
      }
    },
    async takeFills() {
      const first = given;
      const now = clock.now();
      while (given < fills.length && (fills[given] as RecordedFill).barEnd <= now) {
        given += 1;
      }
      return fills.slice(first, given).map(({barEnd: _, ...fill}): Fill => fill);
    },
  };
}

function checkInstruments(fills: readonly RecordedFill[], instrumentIds: readonly string[]): void {
  const known = new Set(instrumentIds);
  const strange = new Set(
    fills.map(({instrumentId}) => instrumentId).filter((id) => !known.has(id)),
  );
  if (strange.size > 0) {
    throw new ReckonError("bad-data", {
      place: "replayed fills",
      expected: `fills of the run's instruments (${instrumentIds.join(", ")})`,
      found: `fills of ${[...strange].join(", ")}`,
      fix: "add these instruments to the run",
    });
  }
}
