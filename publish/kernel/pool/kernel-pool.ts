import {availableParallelism} from "node:os";
import {PublishError} from "../../errors.js";
import type {Kernel, KernelOptions} from "../kernel.js";
import {MemoryCap, type MemoryCapOptions} from "./memory-cap.js";
import {type PoolEffects, type PoolKernel, realPoolEffects} from "./pool-effects.js";
import {environmentOf, modelOf, startKey} from "./start-key.js";

export interface KernelPoolOptions extends MemoryCapOptions {
  /** Most kernels at one time, in whatever state; defaults to the number of cores. */
  readonly maxKernels?: number;
  /** Most kernels that wait for a user; defaults to `maxKernels`. */
  readonly ahead?: number;
  /** How many users are expected; no more are started ahead. Defaults to no end of them. */
  readonly runs?: number;
  /** Folder of the first kernels to start; by default none starts before one is asked for. */
  readonly cwd?: string;
  /** Deadline of one attempt to start a kernel ahead. */
  readonly startMs?: number | undefined;
  /** Then kernels that nobody uses end, and none is handed out any more. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly key: string;
  readonly options: KernelOptions;
  readonly resolve: (kernel: PoolKernel) => void;
  readonly reject: (error: unknown) => void;
  isGone: boolean;
}

interface IdleKernel {
  readonly key: string;
  readonly kernel: PoolKernel;
}

/** How long a waiting kernel may take to accept its user. */
const handOverMs = 5000;
/** After so many kernels in a row that ended unused, none is started ahead. */
const mostLost = 3;

/** Kernels in their four states: starting, idle, working, and changing, which are on their way. */
export class KernelPool {
  readonly #options: KernelPoolOptions;
  readonly #effects: PoolEffects;
  readonly #maxKernels: number;
  readonly #memory: MemoryCap;
  readonly #closing = new AbortController();
  readonly #waiters: Waiter[] = [];
  readonly #idle: IdleKernel[] = [];
  readonly #working = new Set<PoolKernel>();
  /** Keys of the kernels that are starting, by what resolves when they have. */
  readonly #starting = new Map<Promise<void>, string>();
  /** Being handed over, or being ended. */
  readonly #changing = new Set<Promise<void>>();
  /** What a kernel started ahead shall be like: as the last one asked for. */
  #model: KernelOptions | null;
  #expected: number;
  #lost = 0;

  constructor(options: KernelPoolOptions, effects: PoolEffects = realPoolEffects) {
    const {cwd, maxKernels = availableParallelism(), runs = Infinity, signal, startMs} = options;
    this.#options = options;
    this.#effects = effects;
    this.#maxKernels = Math.max(1, maxKernels);
    this.#expected = runs;
    this.#model = cwd === undefined ? null : {cwd, startMs};
    this.#memory = new MemoryCap(options, {
      residentMemory: effects.residentMemory,
      watched: () => ({idle: this.#idle.map(({kernel}) => kernel), working: [...this.#working]}),
      endIdle: (kernel) => this.#dropIdle(kernel),
      onMeasured: () => this.#balance(),
    });
    signal?.addEventListener("abort", this.#stop, {once: true});
    if (signal?.aborted === true) {
      this.#stop();
    }
    this.#balance();
  }

  /** Waits for a kernel, hands it to `use` and ends it. */
  async use<T>(options: KernelOptions, use: (kernel: Kernel) => Promise<T>): Promise<T> {
    const kernel = await this.#take(options);
    try {
      return await use(kernel);
    } finally {
      await kernel.shutdown().finally(() => {
        this.#working.delete(kernel);
        this.#balance();
      });
    }
  }

  /** Ends every kernel, also one that is still in use. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#stop();
    this.#memory.close();
    await Promise.allSettled([...this.#working].map((kernel) => kernel.kill()));
    await Promise.all([...this.#starting.keys(), ...this.#changing]);
  }

  readonly #stop = () => {
    this.#closing.abort();
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(interrupted());
    }
    for (const {kernel} of [...this.#idle]) {
      this.#dropIdle(kernel);
    }
  };

  #take(options: KernelOptions): Promise<PoolKernel> {
    const {signal} = options;
    if (this.#closing.signal.aborted || signal?.aborted === true) {
      return Promise.reject(interrupted());
    }
    const key = startKey(options);
    this.#model = modelOf(options);
    this.#expected -= 1;
    return this.#wait(key, options);
  }

  async #wait(key: string, options: KernelOptions): Promise<PoolKernel> {
    let leave = () => {};
    const wait = new Promise<PoolKernel>((resolve, reject) => {
      const waiter: Waiter = {key, options, isGone: false, resolve, reject};
      leave = () => {
        waiter.isGone = true;
        remove(this.#waiters, waiter);
        reject(interrupted());
      };
      this.#waiters.push(waiter);
    });
    options.signal?.addEventListener("abort", leave, {once: true});
    this.#balance();
    try {
      return await wait;
    } finally {
      options.signal?.removeEventListener("abort", leave);
    }
  }

  /** Hands out what is there and starts what is wanted, as far as the caps allow. */
  #balance(): void {
    if (this.#closing.signal.aborted) {
      return;
    }
    for (const waiter of [...this.#waiters]) {
      const idle = this.#idle.find(({key}) => key === waiter.key);
      if (idle !== undefined) {
        this.#track(this.#handOver(idle, waiter));
      }
    }
    for (let wanted = this.#nextStart(); wanted !== null; wanted = this.#nextStart()) {
      if (!this.#mayStart()) {
        this.#makeRoom();
        break;
      }
      this.#start(wanted);
    }
  }

  /** The options of the next kernel to start: of one who waits, else of one started ahead. */
  #nextStart(): KernelOptions | null {
    const starting = [...this.#starting.values()];
    for (const {key, options} of this.#waiters) {
      const at = starting.indexOf(key);
      if (at < 0) {
        return options;
      }
      starting.splice(at, 1);
    }
    const spare = this.#idle.length + starting.length;
    const {ahead = this.#maxKernels} = this.#options;
    return spare < Math.min(ahead, this.#expected) && this.#lost < mostLost ? this.#model : null;
  }

  #mayStart(): boolean {
    const alive = this.#idle.length + this.#working.size + this.#starting.size;
    const all = alive + this.#changing.size;
    // With no kernel at all nobody would ever give memory back.
    return all < this.#maxKernels && (all === 0 || this.#memory.hasRoom(this.#starting.size));
  }

  /** An idle kernel that does not suit those who wait goes for one that does. */
  #makeRoom(): void {
    const [unsuitable] = this.#idle;
    if (this.#waiters.length > this.#starting.size && unsuitable !== undefined) {
      this.#dropIdle(unsuitable.kernel);
    }
  }

  #start(wanted: KernelOptions): void {
    const key = startKey(wanted);
    const started = this.#effects.start({
      ...wanted,
      signal: this.#closing.signal,
      onStartFailed: (attempt, message) =>
        this.#firstWaiter(key)?.options.onStartFailed?.(attempt, message),
    });
    const done = started.then(
      (kernel) => {
        this.#starting.delete(done);
        this.#addIdle({key, kernel});
      },
      (error: unknown) => {
        this.#starting.delete(done);
        this.#failStart(key, error);
      },
    );
    this.#starting.set(done, key);
  }

  #firstWaiter(key: string): Waiter | undefined {
    return this.#waiters.find((waiter) => waiter.key === key);
  }

  #failStart(key: string, error: unknown): void {
    const waiter = this.#firstWaiter(key);
    if (waiter === undefined) {
      this.#lost += 1;
    } else {
      remove(this.#waiters, waiter);
      waiter.reject(error);
    }
    this.#balance();
  }

  #addIdle(idle: IdleKernel): void {
    this.#idle.push(idle);
    if (this.#closing.signal.aborted) {
      this.#dropIdle(idle.kernel);
      return;
    }
    void idle.kernel.ended.then(() => {
      if (this.#idle.includes(idle)) {
        this.#lost += 1;
        this.#dropIdle(idle.kernel);
      }
    });
    this.#balance();
  }

  /** Only a kernel that answers is handed out; he who waits for another is served first. */
  async #handOver(idle: IdleKernel, waiter: Waiter): Promise<void> {
    const {kernel} = idle;
    remove(this.#idle, idle);
    remove(this.#waiters, waiter);
    const isThere = await kernel.replaceEnvironment(environmentOf(waiter.options), handOverMs);
    if (isThere && !waiter.isGone && !this.#closing.signal.aborted) {
      this.#lost = 0;
      this.#working.add(kernel);
      waiter.resolve(kernel);
      return;
    }
    if (this.#closing.signal.aborted) {
      waiter.reject(interrupted());
    } else if (!waiter.isGone) {
      this.#waiters.unshift(waiter);
    }
    await kernel.kill();
  }

  #dropIdle(kernel: PoolKernel): void {
    const idle = this.#idle.find((one) => one.kernel === kernel);
    if (idle !== undefined) {
      remove(this.#idle, idle);
      this.#track(kernel.kill());
    }
  }

  #track(work: Promise<void>): void {
    const settle = () => {
      this.#changing.delete(done);
      this.#balance();
    };
    // A socket's folder that cannot be removed keeps nobody from going on.
    const done = work.then(settle, settle);
    this.#changing.add(done);
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) {
    list.splice(at, 1);
  }
}

function interrupted(): PublishError {
  return new PublishError("interrupted", "interrupted while waiting for a kernel");
}
