import {PublishError} from "../../../../publish/errors.js";
import type {Foreseen, KernelOptions} from "../../../../publish/kernel/kernel.js";
import type {PoolEffects, PoolKernel} from "../../../../publish/kernel/pool/pool-effects.js";

/** A kernel without a process, and what was done to it. */
export interface FakeKernel extends PoolKernel {
  readonly options: KernelOptions;
  readonly environments: Readonly<Record<string, string | undefined>>[];
  readonly foreseen: Foreseen[];
  bytes: number;
  isAlive: boolean;
  /** Whether it answers when it is handed over. */
  answers: boolean;
  end(how: string): void;
}

/** A world of fake kernels, each there one turn after it was asked for. */
export class FakeWorld implements PoolEffects {
  readonly kernels: FakeKernel[] = [];
  /** Most that were alive at one time. */
  most = 0;
  failing = 0;

  get alive(): FakeKernel[] {
    return this.kernels.filter(({isAlive}) => isAlive);
  }

  readonly start = async (options: KernelOptions): Promise<PoolKernel> => {
    await turn();
    if (options.signal?.aborted === true) {
      throw new PublishError("interrupted", "interrupted while the kernel was starting");
    }
    if (this.failing > 0) {
      this.failing -= 1;
      options.onStartFailed?.(1, "no luck");
      throw new PublishError("kernel-not-started", "no luck");
    }
    const kernel = fakeKernel(this.kernels.length + 1, options);
    this.kernels.push(kernel);
    this.most = Math.max(this.most, this.alive.length);
    return kernel;
  };

  readonly residentMemory = (pids: readonly number[]) => {
    const sizes = this.alive.filter(({pid}) => pids.includes(pid));
    return Promise.resolve(new Map(sizes.map(({pid, bytes}) => [pid, bytes])));
  };
}

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; ++i) {
    await turn();
  }
}

function fakeKernel(pid: number, options: KernelOptions): FakeKernel {
  let resolve: (how: string) => void = () => {};
  const ended = new Promise<string>((done) => {
    resolve = done;
  });
  const end = (how: string) => {
    kernel.isAlive = false;
    resolve(how);
  };
  const endLater = async (how: string) => {
    await turn();
    end(how);
  };
  const kernel: FakeKernel = {
    pid,
    options,
    startMs: 1,
    versions: {},
    ended,
    environments: [],
    foreseen: [],
    bytes: 0,
    isAlive: true,
    answers: true,
    end,
    execute: () => Promise.reject(new Error("a fake runs nothing")),
    facts: () => Promise.resolve(null),
    hear: () => {},
    rawTail: () => "",
    shutdown: () => endLater("exit 0"),
    kill: () => endLater("SIGKILL"),
    stop: (reason) => endLater(`SIGKILL: ${reason}`),
    getReady: (foreseen) => void kernel.foreseen.push(foreseen),
    replaceEnvironment: (environment) => {
      kernel.environments.push(environment);
      return Promise.resolve(kernel.answers && kernel.isAlive);
    },
  };
  return kernel;
}
