import type {Kernel, KernelOptions, KernelSource} from "../../../publish/kernel/kernel.js";
import type {PoolKernel} from "../../../publish/kernel/pool/pool-effects.js";
import {environmentOf, startKey} from "../../../publish/kernel/pool/start-key.js";
import {startWithRetries} from "../../../publish/kernel/start-with-retries.js";

/** By start key, the kernel that waits for its next user. */
const idle = new Map<string, PoolKernel>();

/** How long a kept kernel may take to accept its next user. */
const handOverMs = 5000;

/**
 * A source of kernels for tests whose cells may find the names of other tests' cells: one user
 * after the other gets the same kernel for as long as it lives, which spares each the seconds of a
 * start. A kept kernel ends with the process of the tests.
 */
export const keptKernels: KernelSource = async (options, use) => {
  const kernel = await takeKernel(options);
  let release = () => {};
  const released = new Promise<string>((resolve) => {
    release = () => resolve("kept");
  });
  try {
    return await use(lend(kernel, released));
  } finally {
    release();
    await keep(kernel, startKey(options));
  }
};

async function takeKernel(options: KernelOptions): Promise<PoolKernel> {
  const key = startKey(options);
  const kept = idle.get(key);
  idle.delete(key);
  if (kept !== undefined && (await kept.replaceEnvironment(environmentOf(options), handOverMs))) {
    return kept;
  }
  await kept?.kill();
  return startWithRetries(options);
}

/** What a user sees of it: a shutdown that leaves it alive, and an end with the use. */
function lend(kernel: PoolKernel, released: Promise<string>): Kernel {
  return {
    pid: kernel.pid,
    startMs: kernel.startMs,
    versions: kernel.versions,
    ended: Promise.race([kernel.ended, released]),
    execute: (code, options) => kernel.execute(code, options),
    facts: (timeoutMs) => kernel.facts(timeoutMs),
    hear: (listener) => kernel.hear(listener),
    rawTail: () => kernel.rawTail(),
    shutdown: async () => {},
  };
}

async function keep(kernel: PoolKernel, key: string): Promise<void> {
  const isAlive = (await kernel.facts(handOverMs)) !== null;
  if (isAlive && !idle.has(key)) {
    idle.set(key, kernel);
  } else {
    await kernel.shutdown();
  }
}
