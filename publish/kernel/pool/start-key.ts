import type {KernelOptions} from "../kernel.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What Node, its engine or the loader read once, before any cell runs. */
const readAtStart = /^(NODE_|LD_|DYLD_|UV_|MALLOC_|OPENSSL_|SSL_CERT_|LANG$|LC_|ICU)/;

/** The environment that cells shall see: this process's own, with what was asked for. */
export function environmentOf({env}: KernelOptions): Environment {
  return {...process.env, ...env};
}

/**
 * Two kernels with the same key are alike but for what can still be given to them once they run:
 * same folder, same environment as far as it is only read at the start.
 */
export function startKey(options: KernelOptions): string {
  const fixed = Object.entries(environmentOf(options)).filter(([name]) => readAtStart.test(name));
  return JSON.stringify([options.cwd, fixed.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The options of another kernel with the same key, with nothing in them of this one's user. */
export function modelOf({cwd, env = {}, startMs}: KernelOptions): KernelOptions {
  const fixed = Object.entries(env).filter(([name]) => readAtStart.test(name));
  return {cwd, env: Object.fromEntries(fixed), startMs};
}
