import {PublishError} from "../errors.js";
import type {Kernel, KernelOptions} from "./kernel.js";
import {startKernel} from "./start-kernel.js";

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

async function startWithRetries(options: KernelOptions): Promise<Kernel> {
  const {attempts = 3, onStartFailed, signal} = options;
  const failures: string[] = [];
  for (let attempt = 1; attempt <= attempts; ++attempt) {
    const transport = attempt < attempts || attempts === 1 ? "ipc" : "tcp";
    const started = await startKernel({...options, transport});
    if (typeof started !== "string") {
      return started;
    }
    if (signal?.aborted === true) {
      throw new PublishError("interrupted", "interrupted while the kernel was starting");
    }
    failures.push(started);
    onStartFailed?.(attempt, started);
  }
  const text = failures.map((failure, i) => `attempt ${i + 1}: ${failure}`).join("\n");
  const hint = "`reckon doctor` says what this machine lacks";
  const message = `kernel: expected one to start, found none after ${attempts} attempts; ${hint}`;
  throw new PublishError("kernel-not-started", `${message}\n${text}`);
}
