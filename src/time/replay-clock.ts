import type {Clock} from "./clock.js";
import type {EpochMs} from "./epoch.js";

/**
 * Recorded time, replayed: a wall clock that reads `start` now and runs as fast as `loop` does.
 *
 * Over the system clock a replay takes as long as the recording did; over a simulated clock it
 * jumps from wake-up to wake-up.
 */
export function replayClock(start: EpochMs, loop: Clock): Clock {
  const offset = start - loop.now();
  return {
    now: () => loop.now() + offset,
    sleepUntil: (time, signal) => loop.sleepUntil(time - offset, signal),
  };
}
