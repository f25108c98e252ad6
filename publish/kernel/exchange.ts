import {monotonicMs, startTimer, type Timer} from "../timers.js";
import {type KernelOutput, readOutput} from "./kernel-output.js";
import type {Message} from "./wire.js";

/** How long after a reply its `idle` may still come, counted from the last message seen. */
const idleGraceMs = 1500;
/** How long after `idle` the reply may still come: they travel by different sockets. */
const replyGraceMs = 5000;

/**
 * One request and everything that belongs to it. It is settled by its reply and its `idle`, or,
 * since either can be lost, by one of them and a quiet while.
 */
export class Exchange {
  reply: Message | null = null;
  isIdle = false;
  readonly settled: Promise<void>;
  readonly #onOutput: (output: KernelOutput) => void;
  #settle: () => void = () => {};
  #lastSeenMs = monotonicMs();
  #timer: Timer | null = null;

  constructor(onOutput: (output: KernelOutput) => void) {
    this.#onOutput = onOutput;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Also after it is settled: what a promise or a timer puts out late is still the cell's. */
  publish(message: Message): void {
    this.#lastSeenMs = monotonicMs();
    const output = readOutput(message);
    if (output !== undefined) {
      this.#onOutput(output);
    } else if (message.type === "status" && message.content.execution_state === "idle") {
      this.isIdle = true;
      this.#advance();
    }
  }

  answer(message: Message): void {
    this.#lastSeenMs = monotonicMs();
    this.reply = message;
    this.#advance();
  }

  /** Nothing more is waited for. */
  close(): void {
    this.#timer?.clear();
    this.#settle();
  }

  /** Milliseconds since the last message of this exchange. */
  quietMs(): number {
    return monotonicMs() - this.#lastSeenMs;
  }

  #advance(): void {
    if (this.reply !== null && this.isIdle) {
      this.close();
    } else {
      this.#waitForOther(this.reply === null ? replyGraceMs : idleGraceMs);
    }
  }

  #waitForOther(graceMs: number): void {
    this.#timer?.clear();
    this.#timer = startTimer(graceMs - this.quietMs(), () => {
      if (this.quietMs() >= graceMs - 1) {
        this.#settle();
      } else {
        this.#waitForOther(graceMs);
      }
    });
  }
}
