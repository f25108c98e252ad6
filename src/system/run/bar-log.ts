import type {RunLog} from "../../runlog/writing/run-log.js";
import type {Clock} from "../../time/clock.js";
import {toIso} from "../../time/epoch.js";
import type {BarOutcome} from "../../trading/targets/process-forecasts.js";
import {formatCount} from "../../words.js";

/** Where a run's events go, and what time it is there. */
interface LogParts {
  readonly clock: Clock;
  readonly log: RunLog;
}

/** Logs why a bar was not traded, and what was out of the ordinary in it. */
export function logNotes({clock, log}: LogParts, {barEnd, kind, notes = []}: BarOutcome): void {
  const bar = toIso(barEnd);
  if (kind !== "traded") {
    log.event(clock.now(), `bar not traded: ${kind}`, {bar});
  }
  for (const {text, ...about} of notes) {
    log.event(clock.now(), text, {bar, ...about});
  }
}

/** Logs the orders that end after the run: nothing fills them. */
export function logOpenOrders({clock, log}: LogParts, orders: number): void {
  if (orders > 0) {
    const text = `${formatCount(orders, "order")} of the last bar end after the run: not filled`;
    log.event(clock.now(), text, {orders});
  }
}
