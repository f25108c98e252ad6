import {accessSync, constants, existsSync} from "node:fs";
import {statfs} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join, resolve} from "node:path";

/** What `reckon doctor` asks of the machine it runs on. */
export interface Machine {
  /** As `process.versions.node` says: `20.20.2`. */
  readonly nodeVersion: string;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Loads an installed package, its binary part too; rejects when it cannot. */
  load(name: string): Promise<unknown>;
  /** The file that a specifier means to code in `from`; throws when there is none. */
  locate(name: string, from: string): string;
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
    load: (name) => import(name),
    locate: (name, from) => createRequire(join(from, "any.js")).resolve(name),
    tryBrowser,
    requireWritable: (folder) => accessSync(folder, constants.W_OK | constants.X_OK),
    async freeBytes(folder) {
      const {bavail, bsize} = await statfs(folder);
      return bavail * bsize;
    },
  };
}

async function tryBrowser(): Promise<string> {
  const {findBrowser, withBrowser} = await import("../../publish/render/browser.js");
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
