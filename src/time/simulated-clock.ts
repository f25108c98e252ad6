import type {Clock} from "./clock.js";
import type {EpochMs} from "./epoch.js";

interface Sleeper {
  readonly time: EpochMs;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * An event loop in simulated time: nobody waits for real, the clock jumps to the next wake-up.
 *
 * Time moves only when every task that {@link run} started is asleep, so real input and output
 * inside a task costs no simulated time. Sleepers with one wake-up time wake in the order they
 * went to sleep, one after the other: the same tasks always interleave in the same way.
 */
export class SimulatedClock implements Clock {
  #now: EpochMs;
  #order = 0;
  #running = 0;
  readonly #sleepers: Sleeper[] = [];

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  async sleepUntil(time: EpochMs, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (time <= this.#now) {
      return;
    }
    if (this.#running === 0) {
      this.#now = time;
      return;
    }
    await new Promise<void>((wake) => {
      this.#sleepers.push({time, order: this.#order++, wake});
      this.#stopped();
    });
    signal?.throwIfAborted();
  }

  /** Runs tasks side by side until all have ended; the first failure is thrown after that. */
  async run(...tasks: (() => Promise<void>)[]): Promise<void> {
    this.#running += tasks.length;
    const ends = tasks.map(async (task) => {
      try {
        await task();
      } finally {
        this.#stopped();
      }
    });
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === "rejected") {
        throw end.reason;
      }
    }
  }

  /** One task has gone to sleep or ended; when it was the last one awake, time jumps. */
  #stopped(): void {
    this.#running -= 1;
    if (this.#running > 0 || this.#sleepers.length === 0) {
      return;
    }
    this.#sleepers.sort((a, b) => a.time - b.time || a.order - b.order);
    const next = this.#sleepers.shift() as Sleeper;
    this.#now = Math.max(this.#now, next.time);
    this.#running = 1;
    next.wake();
  }
}
