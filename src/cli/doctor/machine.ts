import {existsSync, mkdtempSync, rmdirSync} from "node:fs";
import {statfs} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";

/** What `reckon doctor` asks of the machine it runs on. */
export interface Machine {
  /** As `process.versions.node` says: `20.20.2`. */
  readonly nodeVersion: string;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** The folder of sockets, locks and the browser's profile. */
  readonly temporary: string;
  /** Loads an installed package, its binary part too; rejects when it cannot. */
  load(name: string): Promise<unknown>;
  /** The file that a specifier means to code in `from`; throws when there is none. */
  locate(name: string, from: string): string;
  /** Starts a kernel, runs a cell and ends it; what it is. Rejects when it does not start. */
  tryKernel(): Promise<string>;
  /** Opens and closes the SQL store; which it is. Rejects when a named server cannot be used. */
  tryStore(dataDir: string): Promise<string>;
  /** Starts and ends a browser; its path and version. Rejects when there is none or it fails. */
  tryBrowser(): Promise<string>;
  /** Throws when the user may not write into an existing folder. */
  requireWritable(folder: string): void;
  /** Bytes this user may still write on the disk of an existing folder. */
  freeBytes(folder: string): Promise<number>;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return {
    nodeVersion: process.versions.node,
    cwd: process.cwd(),
    temporary: tmpdir(),
    load: (name) => import(name),
    locate: (name, from) => createRequire(join(from, "any.js")).resolve(name),
    tryKernel,
    tryStore,
    tryBrowser,
    // A permission alone says little: the disk may be read-only, or no disk at all.
    requireWritable: (folder) => rmdirSync(mkdtempSync(join(folder, ".reckon-doctor-"))),
    async freeBytes(folder) {
      const {bavail, bsize} = await statfs(folder);
      return bavail * bsize;
    },
  };
}

async function tryKernel(): Promise<string> {
  const {withKernel} = await import("../../../publish/kernel/with-kernel.js");
  const {packageRoot} = await import("../../../publish/kernel/package-root.js");
  let reason: string | undefined;
  const onStartFailed = (_attempt: number, message: string) => {
    reason = message;
  };
  const options = {cwd: packageRoot, attempts: 1, onStartFailed};
  const started = withKernel(options, async (kernel) => {
    const {status} = await kernel.execute("1 + 1;", {onOutput: () => {}, timeoutMs: 20_000});
    if (status !== "ok") {
      throw new Error(`expected a cell to run, found it ended with ${status}`);
    }
    const {tslab, typescript} = kernel.versions;
    return `tslab ${tslab}, TypeScript ${typescript}, starts in ${Math.round(kernel.startMs)} ms`;
  });
  return await started.catch((error: unknown) => {
    throw reason === undefined ? error : new Error(reason, {cause: error});
  });
}

async function tryStore(dataDir: string): Promise<string> {
  const {openStore, storeChoice} = await import("../../store/open/open-store.js");
  const choice = storeChoice(dataDir);
  if (choice.databaseUrl === undefined) {
    return "embedded, in the data folder; RECKON_DATABASE_URL names a server";
  }
  const store = await openStore(choice, {pending: "leave"});
  await store.close();
  return "the server that RECKON_DATABASE_URL names answers";
}

async function tryBrowser(): Promise<string> {
  const {findBrowser, withBrowser} = await import("../../../publish/render/picture/browser.js");
  const found = findBrowser();
  if ("reason" in found) {
    throw new Error(found.reason);
  }
  const version = await withBrowser((browser) => browser.version(), {deadlineMs: 30_000});
  return `${version}, ${found.path}`;
}

/** The folder itself, or the nearest one above it that exists: where creating it would write. */
export function nearestFolder(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
