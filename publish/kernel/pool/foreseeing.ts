import type {Foreseen} from "../kernel.js";
import {type PoolEffects, realPoolEffects} from "./pool-effects.js";

/**
 * Effects of a pool whose kernels, once they have started, get ready for what their users will run.
 * Kernels are handed out as soon as somebody asks, ready or not.
 *
 * @param runOf what the kernel will run that is the n-th to start, counted from 0; undefined
 *   leaves it to wait, and so does a rejection
 */
export function foreseeing(
  runOf: (n: number) => Promise<Foreseen | undefined>,
  effects: PoolEffects = realPoolEffects,
): PoolEffects {
  let started = 0;
  return {
    ...effects,
    start: async (options) => {
      const [kernel, foreseen] = await Promise.all([
        effects.start(options),
        runOf(started++).catch(() => undefined), // the run itself will tell
      ]);
      if (foreseen !== undefined) kernel.getReady(foreseen);
      return kernel;
    },
  };
}
