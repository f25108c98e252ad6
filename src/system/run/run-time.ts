import type {Clock} from "../../time/clock.js";
import type {EpochMs} from "../../time/epoch.js";
import {forwardClock} from "../../time/forward-clock.js";
import {replayClock} from "../../time/replay-clock.js";
import {SimulatedClock} from "../../time/simulated-clock.js";
import {systemClock} from "../../time/system-clock.js";

/** The clock of a run, and how its tasks are run in that clock's time. */
export interface RunTime {
  readonly clock: Clock;
  readonly inTime: (...tasks: (() => Promise<void>)[]) => Promise<void>;
}

/**
 * Recorded time: a wall clock that starts at `start`, over a loop that jumps or the machine's time.
 *
 * Paper trading and simulation differ in nothing here: the replayed clock shows the recorded time.
 */
export function recordedTime(start: EpochMs, pace: "jump" | "real-time" = "jump"): RunTime {
  if (pace === "real-time") {
    return {inTime: sideBySide, clock: replayClock(start, systemClock)};
  }
  const loop = new SimulatedClock(start);
  return {inTime: (...tasks) => loop.run(...tasks), clock: replayClock(start, loop)};
}

/** The wall clock of a live run, which never goes back; being set back is logged. */
export function liveTime(base: Clock, log: (time: EpochMs, text: string) => void): RunTime {
  const clock = forwardClock(base, ({held, backMs}) => {
    log(held, `the clock was set back by ${backMs / 1_000} s: waiting until it has caught up`);
  });
  return {inTime: sideBySide, clock};
}

/** Runs tasks until all have ended; the first failure is thrown after that. */
async function sideBySide(...tasks: (() => Promise<void>)[]): Promise<void> {
  for (const end of await Promise.allSettled(tasks.map((task) => task()))) {
    if (end.status === "rejected") {
      throw end.reason;
    }
  }
}
