import {messageOf, ReckonError} from "../../errors.js";
import type {Clock} from "../../time/clock.js";
import {type EpochMs, MINUTE_MS, SECOND_MS} from "../../time/epoch.js";
import type {ExchangeClient} from "./exchange-client.js";

const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = MINUTE_MS;

/** How long to go on asking an exchange that is busy or out of reach. */
export interface Patience {
  readonly clock: Clock;
  /** No question is asked again after this instant. */
  readonly deadlineMs: EpochMs;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((error: unknown, waitMs: number) => void) | undefined;
}

/**
 * An answer of the exchange. Rate limits, maintenance, timeouts, broken connections and unreadable
 * answers are waited out (1 s, 2 s, 4 s … 60 s); every other complaint is final.
 *
 * @throws ReckonError `failed` with the exchange's words; the signal's reason when it is aborted
 */
export async function askExchange<T>(
  {id}: Pick<ExchangeClient, "id">,
  ask: () => Promise<T>,
  {clock, deadlineMs, signal, onRetry}: Patience,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    signal?.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      signal?.throwIfAborted();
      const waitMs = backOffMs(tries);
      if (!isPassing(error) || clock.now() + waitMs > deadlineMs) {
        const after = tries === 1 ? "" : ` (after ${tries} tries)`;
        throw new ReckonError("failed", `${id}: ${messageOf(error)}${after}`, {cause: error});
      }
      onRetry?.(error, waitMs);
      await clock.sleepUntil(clock.now() + waitMs, signal);
    }
  }
}

/** What people are told before each wait: `binance GET … fetch failed; asking again in 2 s`. */
export function retryText(error: unknown, waitMs: number): string {
  return `${messageOf(error)}; asking again in ${waitMs / SECOND_MS} s`;
}

/** The wait after this many failures in a row: doubles from 1 s up to 60 s. */
export function backOffMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
}

/** Whether ccxt's error says that the same question may be answered later. */
export function isPassing(error: unknown): boolean {
  // By name along the prototypes, so that telling errors apart does not load ccxt.
  for (let type = Object(error); type !== null; type = Object.getPrototypeOf(type)) {
    if (type.constructor?.name === "OperationFailed") {
      return true;
    }
  }
  return false;
}
