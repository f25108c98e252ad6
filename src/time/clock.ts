import type {EpochMs} from "./epoch.js";

/** What the system believes the time is, and the only way it waits. */
export interface Clock {
  /** The wall clock, UTC. */
  now(): EpochMs;
  /** Resolves when `now() >= time`, at once when it is. Rejects with the signal's reason. */
  sleepUntil(time: EpochMs, signal?: AbortSignal): Promise<void>;
}
