import type {Kernel, KernelOptions} from "./kernel.js";
import {startWithRetries} from "./start-with-retries.js";

/**
 * Starts a kernel, uses it and ends it, whatever happens in between.
 *
 * @throws PublishError `kernel-not-started` after the last attempt, `interrupted` on the signal
 */
export async function withKernel<T>(
  options: KernelOptions,
  use: (kernel: Kernel) => Promise<T>,
): Promise<T> {
  const kernel = await startWithRetries(options);
  try {
    return await use(kernel);
  } finally {
    await kernel.shutdown();
  }
}
