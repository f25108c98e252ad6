import {totalmem} from "node:os";
import {startInterval, type Timer} from "../../timers.js";
import type {PoolEffects, PoolKernel} from "./pool-effects.js";

export interface MemoryCapOptions {
  /** Most memory that all kernels together may hold, in bytes; defaults to 3/4 of the machine's. */
  readonly maxTotalBytes?: number | undefined;
  /** Most that one kernel and what it started may hold, in bytes; defaults to `maxTotalBytes`. */
  readonly maxKernelBytes?: number | undefined;
}

interface Watched {
  /** Kernels that nobody uses yet, and those in use. */
  readonly idle: readonly PoolKernel[];
  readonly working: readonly PoolKernel[];
}

interface CapActions extends Pick<PoolEffects, "residentMemory"> {
  watched(): Watched;
  /** Ends a kernel that nobody uses. */
  endIdle(kernel: PoolKernel): void;
  /** Called after each measurement. */
  onMeasured(): void;
}

const measureEveryMs = 500;
/** What a kernel holds once it has started (measured: 180 to 200 MB). */
const freshKernelBytes = 200 * 2 ** 20;

/** Measures what kernels hold; ends those that hold too much, idle ones first. */
export class MemoryCap {
  readonly #maxTotalBytes: number;
  readonly #maxKernelBytes: number;
  readonly #actions: CapActions;
  readonly #interval: Timer;
  #totalBytes = 0;
  #isMeasuring = false;

  constructor(options: MemoryCapOptions, actions: CapActions) {
    this.#maxTotalBytes = options.maxTotalBytes ?? machineBytes() * 0.75;
    this.#maxKernelBytes = options.maxKernelBytes ?? this.#maxTotalBytes;
    this.#actions = actions;
    this.#interval = startInterval(measureEveryMs, () => void this.#measure());
  }

  /** Whether one more kernel may start beside those that were measured and those starting. */
  hasRoom(starting: number): boolean {
    return this.#totalBytes + (starting + 1) * freshKernelBytes <= this.#maxTotalBytes;
  }

  close(): void {
    this.#interval.clear();
  }

  async #measure(): Promise<void> {
    if (this.#isMeasuring) {
      return;
    }
    this.#isMeasuring = true;
    try {
      const {idle, working} = this.#actions.watched();
      const sizes = await this.#actions.residentMemory([...idle, ...working].map(({pid}) => pid));
      this.#judge({idle, working}, sizes);
      this.#actions.onMeasured();
    } catch {
      // A system that cannot tell what a process holds has no cap.
    } finally {
      this.#isMeasuring = false;
    }
  }

  #judge({idle, working}: Watched, sizes: ReadonlyMap<number, number>): void {
    const sizeOf = ({pid}: PoolKernel) => sizes.get(pid) ?? 0;
    let total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    const tooLarge = working.filter((kernel) => sizeOf(kernel) > this.#maxKernelBytes);
    for (const kernel of tooLarge) {
      const limit = `more than the ${megabytes(this.#maxKernelBytes)} that one kernel may`;
      void kernel.stop(`it held ${megabytes(sizeOf(kernel))} of memory, ${limit}`);
      total -= sizeOf(kernel);
    }
    for (const kernel of idle) {
      if (total > this.#maxTotalBytes) {
        this.#actions.endIdle(kernel);
        total -= sizeOf(kernel);
      }
    }
    if (total > this.#maxTotalBytes) {
      const rest = working.filter((kernel) => !tooLarge.includes(kernel));
      const [largest] = rest.sort((a, b) => sizeOf(b) - sizeOf(a));
      const limit = `and all kernels together more than the ${megabytes(this.#maxTotalBytes)}`;
      const held = megabytes(largest === undefined ? 0 : sizeOf(largest));
      void largest?.stop(`it held ${held} of memory, ${limit} they may`);
    }
    this.#totalBytes = total;
  }
}

/** What this process may use: a container's limit where there is one. */
function machineBytes(): number {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return limit > 0 && limit < total ? limit : total;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
