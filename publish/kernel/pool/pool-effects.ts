import type {Foreseen, Kernel, KernelOptions} from "../kernel.js";
import {startWithRetries} from "../start-with-retries.js";
import {residentMemory} from "./resident-memory.js";
import type {Environment} from "./start-key.js";

/** A kernel as a pool holds it: one that may be handed over, or ended while in use. */
export interface PoolKernel extends Kernel {
  /** Gives it another environment as a whole; false when it did not take it in time. */
  replaceEnvironment(environment: Environment, timeoutMs: number): Promise<boolean>;
  /** Lets it prepare for this while it waits for its user; what it did not get to it does then. */
  getReady(foreseen: Foreseen): void;
  /** Kills it while it is in use; whoever uses it is told why, and releases it. */
  stop(reason: string): Promise<void>;
  /** Kills it and releases what it used. */
  kill(): Promise<void>;
}

/** What a pool does to the world. */
export interface PoolEffects {
  start(options: KernelOptions): Promise<PoolKernel>;
  /** In bytes, by process id, with what each started. */
  residentMemory(pids: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

export const realPoolEffects: PoolEffects = {start: startWithRetries, residentMemory};
