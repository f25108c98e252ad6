import type {KernelSource} from "../kernel.js";
import {KernelPool, type KernelPoolOptions} from "./kernel-pool.js";
import type {PoolEffects} from "./pool-effects.js";

/**
 * A source of kernels that are started ahead of need. A kernel runs for one user and then dies, so
 * nothing of one notebook reaches the next. When `use` is over, every kernel is gone.
 *
 * The environment that a user asks for reaches the kernel when it is handed over. Asking waits
 * while as many kernels as may be there are at work, or memory is short.
 *
 * @throws PublishError from the source: `kernel-not-started` or `interrupted`
 */
export async function withKernelPool<T>(
  options: KernelPoolOptions,
  use: (kernels: KernelSource) => Promise<T>,
  effects?: PoolEffects,
): Promise<T> {
  const pool = new KernelPool(options, effects);
  try {
    return await use((wanted, useKernel) => pool.use(wanted, useKernel));
  } finally {
    await pool.close();
  }
}
