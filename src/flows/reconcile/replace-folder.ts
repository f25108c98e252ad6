import {existsSync, readdirSync, renameSync, rmSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {makeFolder} from "../../make-folder.js";
import {unlockTree} from "./write-permission.js";

/**
 * Where the next `path` is made before it takes its name: a folder beside it that does not exist
 * yet. What processes that were killed left there is removed.
 */
export function startAside(path: string): string {
  const folder = dirname(path);
  makeFolder(folder);
  for (const name of readdirSync(folder)) {
    const rest = name.startsWith(`${basename(path)}.`) ? name.slice(basename(path).length) : "";
    if (/^\.\d+\.tmp$/.test(rest)) {
      removeTree(join(folder, name));
    }
  }
  return `${path}.${process.pid}.tmp`;
}

/** Gives what was made aside its name, in place of an older one. */
export function placeAside(aside: string, path: string): void {
  removeTree(path);
  renameSync(aside, path);
}

/** Removes a folder that may be read-only. */
export function removeTree(path: string): void {
  if (existsSync(path)) {
    unlockTree(path);
    rmSync(path, {recursive: true});
  }
}
