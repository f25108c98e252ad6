import {messageOf} from "../../../errors.js";
import type {Clock} from "../../../time/clock.js";
import type {EpochMs} from "../../../time/epoch.js";
import {backOffMs} from "../ask-exchange.js";
import type {BarWriter, CollectedBar} from "./bar-writer.js";

/** Bars written in one go. */
const BATCH_BARS = 1_000;

/** A bar on its way to the store. */
export interface OutgoingBar {
  readonly bar: CollectedBar;
  readonly isCorrection: boolean;
  /** Asked for after it was missed: it is late by nature. */
  readonly isBackfill: boolean;
}

/** What an outbox stands on and whom it tells. */
export interface OutboxOptions {
  readonly writer: BarWriter;
  readonly clock: Clock;
  /** Bars kept in memory while the store is out of reach. */
  readonly limit: number;
  /** A batch is written. */
  readonly onWritten: (bars: readonly OutgoingBar[]) => void;
  /** An attempt failed; `failures` counts those in a row. */
  readonly onFailure: (error: unknown, failures: number) => void;
  /** The store is back after this many failures. */
  readonly onRecovered: (failures: number) => void;
  /** A bar no longer fits; it is the oldest. */
  readonly onDropped: (bar: OutgoingBar) => void;
}

/**
 * Bars that are received and not yet written, oldest first. While the store is out of reach they
 * wait in memory; a batch whose fate is unknown is written again, which the store takes as no news.
 */
export class BarOutbox {
  readonly #options: OutboxOptions;
  readonly #waiting: OutgoingBar[] = [];
  #wake: () => void = () => undefined;
  #inFlight = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Bars received and not yet written. */
  get pending(): number {
    return this.#waiting.length;
  }

  push(bars: readonly OutgoingBar[]): void {
    this.#waiting.push(...bars);
    while (this.#waiting.length > Math.max(this.#options.limit, this.#inFlight)) {
      // What is being written now is not dropped.
      const [oldest] = this.#waiting.splice(this.#inFlight, 1) as [OutgoingBar];
      this.#options.onDropped(oldest);
    }
    this.#wake();
  }

  /** Writes what comes until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#waiting.length > 0) {
        await this.#drain(signal);
      } else {
        await this.#nextBar(signal);
      }
    }
  }

  /** Writes what is left; bars that could not be written by the deadline stay pending. */
  async flush(deadline: EpochMs): Promise<void> {
    const {clock} = this.#options;
    const ending = new AbortController();
    const timer = clock.sleepUntil(deadline, ending.signal).then(
      () => ending.abort(),
      () => undefined,
    );
    await this.#drain(ending.signal);
    ending.abort();
    await timer;
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const {writer, clock, onFailure, onWritten, onRecovered} = this.#options;
    for (let failures = 0; this.#waiting.length > 0 && !signal.aborted; ) {
      const batch = this.#waiting.slice(0, BATCH_BARS);
      this.#inFlight = batch.length;
      try {
        await writer.append(batch.map(({bar}) => bar));
        this.#waiting.splice(0, batch.length);
        this.#inFlight = 0;
        onWritten(batch);
        if (failures > 0) {
          onRecovered(failures);
        }
        failures = 0;
      } catch (error) {
        this.#inFlight = 0;
        failures += 1;
        onFailure(error, failures);
        await clock.sleepUntil(clock.now() + backOffMs(failures), signal).catch(() => undefined);
      }
    }
  }

  async #nextBar(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener("abort", wake);
    });
  }
}

/** What failed, for people. */
export function describeFailure(error: unknown): string {
  return messageOf(error).split("\n")[0] ?? "unknown error";
}
