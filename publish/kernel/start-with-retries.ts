import {PublishError} from "../errors.js";
import type {KernelOptions} from "./kernel.js";
import type {KernelSession} from "./kernel-session.js";
import {startKernel} from "./start-kernel.js";

/**
 * Starts a kernel, which is then the caller's to end.
 *
 * @throws PublishError `kernel-not-started` after the last attempt, `interrupted` on the signal
 */
export async function startWithRetries(options: KernelOptions): Promise<KernelSession> {
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
