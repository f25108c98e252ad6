/**
 * The only place in `publish/` that reads the clock or sets a timer: running a notebook is real
 * work in real time, and what depends on time should be easy to find.
 */

/** Epoch milliseconds, UTC. */
export function nowMs(): number {
  return Date.now();
}

/** Milliseconds of a clock that never jumps; for durations only. */
export function monotonicMs(): number {
  return performance.now();
}

/** Resolves after `ms`. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Resolves when the event loop has turned once more: what had arrived by now was read. */
export async function loopTurned(): Promise<void> {
  // The first may come in the turn that goes on, before anything is read.
  for (let i = 0; i < 2; ++i) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A deadline that can be taken back; `Infinity` never fires. */
export interface Timer {
  clear(): void;
}

/** Longest wait that one Node timer can hold (2^31 - 1 ms, 24.8 days); longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls `action` once after `ms`. */
export function startTimer(ms: number, action: () => void): Timer {
  if (ms > longestTimerMs) {
    return {clear: () => {}};
  }
  const timer = setTimeout(action, Math.max(0, ms));
  return {clear: () => clearTimeout(timer)};
}

/** Calls `action` every `ms` until it is cleared; keeps no process alive by itself. */
export function startInterval(ms: number, action: () => void): Timer {
  const interval = setInterval(action, ms);
  interval.unref();
  return {clear: () => clearInterval(interval)};
}

/** Resolves to true when `work` settles within `ms`, to false when time is up first. */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: Timer | undefined;
  const late = new Promise<false>((resolve) => {
    timer = startTimer(ms, () => resolve(false));
  });
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    timer?.clear();
  }
}
