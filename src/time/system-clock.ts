import {setTimeout as delay, setImmediate as turn} from "node:timers/promises";
import type {Clock} from "./clock.js";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. The one place that reads ambient time and sets timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleepUntil(time, signal) {
    try {
      for (let left = time - Date.now(); left > 0; left = time - Date.now()) {
        await delay(Math.min(left, LONGEST_TIMER_MS), undefined, signal ? {signal} : {});
      }
    } finally {
      signal?.throwIfAborted(); // a timer that is broken off gives a reason of its own
    }
  },
};

/** Milliseconds of a monotonic clock, for measuring durations only; never enters a result. */
export function stopwatchMs(): number {
  return performance.now();
}

/** Lets the process take in what waits outside: signals, sockets. A simulated run never sleeps. */
export async function letEventsIn(): Promise<void> {
  await turn();
}
