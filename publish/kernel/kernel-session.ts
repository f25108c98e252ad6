import {loopTurned, monotonicMs, settlesWithin, sleep, startTimer} from "../timers.js";
import type {Channels} from "./channels.js";
import type {Connection} from "./connection.js";
import {Exchange} from "./exchange.js";
import type {ExecuteOptions, ExecuteReply, Foreseen, Kernel, KernelFacts} from "./kernel.js";
import {readError, type StreamOutput} from "./kernel-output.js";
import type {KernelProcess} from "./kernel-process.js";

interface SessionParts {
  readonly process: KernelProcess;
  readonly connection: Connection;
  readonly channels: Channels;
  /** By id of the request. */
  readonly exchanges: Map<string, Exchange>;
  /** Whether anything was published that we received. */
  readonly heard: {readonly publishing: boolean};
  readonly startedMs: number;
}

type Stop = "settled" | "died" | "timeout" | "interrupted";

/** How long an interrupted cell may take to end before its kernel is killed. */
const interruptGraceMs = 1000;
/** How long a kernel that was asked to may take to end. */
const shutdownGraceMs = 1000;
/** After a kernel's death its last messages may still be on their way. */
const lastWordsMs = 50;
const longestLastWordsMs = 3000;

/** A kernel that is spoken to over its sockets. */
export class KernelSession implements Kernel {
  readonly pid: number;
  readonly ended: Promise<string>;
  startMs = 0;
  versions: Readonly<Record<string, string>> = {};
  readonly #parts: SessionParts;
  #hasEnded = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.pid = parts.process.pid;
    this.ended = parts.process.ended;
    void this.ended.then(() => {
      this.#hasEnded = true;
    });
  }

  get isHeard(): boolean {
    return this.#parts.heard.publishing;
  }

  ready({reply}: Exchange): void {
    this.startMs = monotonicMs() - this.#parts.startedMs;
    this.versions = readFacts(reply?.content.reckon)?.versions ?? {};
  }

  /** One round trip; resolves when the kernel has answered. */
  async ask(content: Readonly<Record<string, unknown>> = {}): Promise<Exchange> {
    const exchange = new Exchange(() => {});
    const id = this.#parts.channels.request("kernel_info_request", content);
    this.#parts.exchanges.set(id, exchange);
    await exchange.settled;
    this.#parts.exchanges.delete(id);
    return exchange;
  }

  async execute(code: string, options: ExecuteOptions): Promise<ExecuteReply> {
    const exchange = new Exchange(options.onOutput);
    const {channels, exchanges, process} = this.#parts;
    const wishes = {silent: false, store_history: true, allow_stdin: false, stop_on_error: false};
    const content = {code, ...wishes, reckon: {cell: options.name}};
    process.raw.enterCell(options.onOutput);
    exchanges.set(channels.request("execute_request", content), exchange);
    const stop = await this.#stopOf(exchange, options);
    if (stop === "timeout" || stop === "interrupted") {
      process.interrupt();
      const isOver = Promise.race([exchange.settled, process.ended]);
      if (!(await settlesWithin(isOver, interruptGraceMs))) {
        await process.kill();
      }
    }
    if (this.#hasEnded) {
      await this.#lastWords(exchange);
    }
    // Written before the reply was sent, but perhaps not read before the reply was.
    await loopTurned();
    process.raw.leaveCell();
    exchange.close();
    return readReply(stop, exchange);
  }

  async facts(timeoutMs: number): Promise<KernelFacts | null> {
    const asked = this.ask();
    const isAnswered = await settlesWithin(Promise.race([asked, this.ended]), timeoutMs);
    return isAnswered && !this.#hasEnded ? readFacts((await asked).reply?.content.reckon) : null;
  }

  /** Gives it another environment as a whole; false when it did not take it in time. */
  async replaceEnvironment(
    environment: Readonly<Record<string, string | undefined>>,
    timeoutMs: number,
  ): Promise<boolean> {
    const taken = this.ask({reckon: {environment}});
    const isAnswered = await settlesWithin(Promise.race([taken, this.ended]), timeoutMs);
    return isAnswered && !this.#hasEnded;
  }

  /** Lets it prepare for this while it waits; see `inside/ahead.cjs`. */
  getReady(foreseen: Foreseen): void {
    void this.ask({reckon: {foreseen}});
  }

  /** Kills it while it is in use; whoever uses it is told why, and releases it. */
  stop(reason: string): Promise<void> {
    return this.#parts.process.kill(reason);
  }

  hear(listener: (output: StreamOutput) => void): void {
    this.#parts.process.raw.hear(listener);
  }

  rawTail(): string {
    return this.#parts.process.raw.tail();
  }

  async shutdown(): Promise<void> {
    if (!this.#hasEnded) {
      this.#parts.channels.request("shutdown_request", {restart: false});
    }
    await this.#release(() => this.#parts.process.end(shutdownGraceMs));
  }

  async kill(): Promise<void> {
    await this.#release(() => this.#parts.process.kill());
  }

  async #release(end: () => Promise<void>): Promise<void> {
    try {
      await end();
    } finally {
      this.#parts.channels.close();
      for (const exchange of this.#parts.exchanges.values()) {
        exchange.close();
      }
      await this.#parts.connection.remove();
    }
  }

  /** Waits for the cell's end, or for what comes before it. */
  async #stopOf(exchange: Exchange, {timeoutMs = Infinity, signal}: ExecuteOptions): Promise<Stop> {
    let onAbort = () => {};
    let clear = () => {};
    const stop = new Promise<Stop>((resolve) => {
      exchange.settled.then(() => resolve("settled"));
      this.ended.then(() => resolve("died"));
      onAbort = () => resolve("interrupted");
      signal?.addEventListener("abort", onAbort, {once: true});
      if (signal?.aborted === true) {
        onAbort();
      }
      clear = startTimer(timeoutMs, () => resolve("timeout")).clear;
    });
    try {
      return await stop;
    } finally {
      clear();
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #lastWords(exchange: Exchange): Promise<void> {
    const start = monotonicMs();
    // The process may be gone before this one, or ZeroMQ's thread in it, has got round to reading.
    await settlesWithin(this.#parts.channels.hungUp, longestLastWordsMs);
    await sleep(lastWordsMs);
    while (exchange.quietMs() < lastWordsMs && monotonicMs() - start < longestLastWordsMs) {
      await sleep(lastWordsMs);
    }
  }
}

function readReply(stop: Stop, exchange: Exchange): ExecuteReply {
  const content = exchange.reply?.content ?? {};
  const count = content.execution_count;
  const isOk = content.status === "ok";
  return {
    status: stop === "settled" ? (isOk ? "ok" : "error") : stop,
    executionCount: typeof count === "number" ? count : null,
    outputComplete: exchange.isIdle && exchange.reply !== null,
    error: typeof content.ename === "string" ? readError(content) : null,
  };
}

function readFacts(value: unknown): KernelFacts | null {
  if (typeof value !== "object" || value === null) {
    return null;
  }
  const {versions, peakRssBytes, waits} = value as Record<string, unknown>;
  return {
    versions: (versions ?? {}) as Record<string, string>,
    peakRssBytes: typeof peakRssBytes === "number" ? peakRssBytes : null,
    waits: typeof waits === "number" ? waits : 0,
  };
}
