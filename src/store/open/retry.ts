import {ReckonError} from "../../errors.js";
import type {Clock} from "../../time/clock.js";
import {SECOND_MS} from "../../time/epoch.js";
import {systemClock} from "../../time/system-clock.js";
import {formatCount} from "../../words.js";
import {errorText, isConnectionError} from "./store-errors.js";

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5 * SECOND_MS;

/** How long a lost database is waited for, and who hears of it. */
export interface RetryOptions {
  /** The machine's where left out: a server does not come back because a replay has jumped on. */
  readonly clock?: Clock;
  /** Give up this long after the first failure; 120 s when left out. */
  readonly deadlineMs?: number;
  /** Called before each wait. */
  readonly onRetry?: (retry: Retry) => void;
  readonly signal?: AbortSignal;
}

/** A failed try that will be followed by another. */
export interface Retry {
  /** 1 for the first. */
  readonly tries: number;
  readonly waitMs: number;
  readonly error: unknown;
}

/**
 * Does work on the database, again and again while the database cannot be reached.
 *
 * The work must be idempotent: a try may have been done although its answer was lost. Waits 0.1 s,
 * then twice as long each time, at most 5 s. An error of another kind is thrown at once.
 *
 * @throws ReckonError `failed` when the database stays away beyond the deadline
 */
export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const {clock = systemClock, deadlineMs = 120 * SECOND_MS, onRetry, signal} = options;
  let giveUp: number | undefined;
  for (let tries = 1; ; ++tries) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionError(error)) {
        throw error;
      }
      const now = clock.now();
      giveUp ??= now + deadlineMs;
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS, giveUp - now);
      if (waitMs <= 0) {
        throw gone(error, deadlineMs, tries);
      }
      onRetry?.({tries, waitMs, error});
      await clock.sleepUntil(now + waitMs, signal);
    }
  }
}

function gone(cause: unknown, deadlineMs: number, tries: number): ReckonError {
  return new ReckonError(
    "failed",
    {
      place: "the database",
      expected: `an answer within ${deadlineMs / SECOND_MS} s`,
      found: `${errorText(cause)}, after ${formatCount(tries, "attempt")}`,
      fix: "start the server again; what was stored is still there",
    },
    {cause},
  );
}
