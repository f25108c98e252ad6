import {existsSync, readdirSync, renameSync, rmSync} from "node:fs";
import {dirname, join} from "node:path";
import process from "node:process";
import {isAlive} from "../../live-process.js";
import {makeFolder} from "../../make-folder.js";
import {unlockTree} from "./write-permission.js";

/** Where the next `path` is made before it takes its name: beside it, where nothing is yet. */
export function startAside(path: string): string {
  makeFolder(dirname(path));
  sweepAsides([dirname(path)]);
  const aside = `${path}.${process.pid}.tmp`;
  removeTree(aside);
  return aside;
}

/** What is being written, and the lock of a run folder in the making, by the writer's process. */
const ASIDE = /\.(\d+)\.tmp(\.lock)?$/;

/** Removes what processes that are no more were writing right below these folders. */
export function sweepAsides(folders: readonly string[]): void {
  for (const folder of folders.filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      const pid = Number(ASIDE.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(pid) && !isAlive(pid)) {
        removeTree(join(folder, name));
      }
    }
  }
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
