import type {Clock} from "./clock.js";
import type {EpochMs} from "./epoch.js";

/** A wall clock that was set back. */
export interface ClockJump {
  /** What the clock had read, and goes on reading until the machine's clock is there again. */
  readonly held: EpochMs;
  /** How far it was set back, ms. */
  readonly backMs: number;
}

/**
 * A clock that never goes backwards.
 *
 * Where the machine's clock is set back, this one stands still until the machine's has caught up:
 * no bar is handled twice, and no row that was known becomes unknown.
 *
 * @param onJump told once of each jump
 */
export function forwardClock(base: Clock, onJump: (jump: ClockJump) => void): Clock {
  let latest = Number.NEGATIVE_INFINITY;
  let isHeld = false;
  const now = (): EpochMs => {
    const read = base.now();
    if (read >= latest) {
      latest = read;
      isHeld = false;
    } else if (!isHeld) {
      isHeld = true;
      onJump({held: latest, backMs: latest - read});
    }
    return latest;
  };
  return {
    now,
    async sleepUntil(time, signal) {
      while (now() < time) {
        await base.sleepUntil(time, signal);
      }
      signal?.throwIfAborted();
    },
  };
}
