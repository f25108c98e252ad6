import {existsSync, readdirSync, renameSync, rmSync, statSync} from "node:fs";
import {dirname, join} from "node:path";
import process from "node:process";
import {messageOf, ReckonError} from "../../errors.js";
import {isAlive} from "../../live-process.js";
import {makeFolder, tryWriting} from "../../make-folder.js";
import {OWNER_WRITE_BIT, unlockTree} from "./write-permission.js";

/**
 * Where the next `path` is made before it takes its name: beside it, where nothing is yet.
 *
 * @throws ReckonError `misuse` where nothing can be written
 */
export function startAside(path: string): string {
  openFolder(dirname(path));
  sweepAsides([dirname(path)]);
  const aside = `${path}.${process.pid}.tmp`;
  removeTree(aside);
  return aside;
}

/**
 * Makes a folder that will be written to.
 *
 * @throws ReckonError `misuse` where nothing can be written
 */
export function openFolder(dir: string): void {
  makeFolder(dir);
  try {
    tryWriting(dir);
  } catch (cause) {
    throw new ReckonError(
      "misuse",
      {
        place: dir,
        expected: "a folder that can be written to",
        found: messageOf(cause),
        fix: "give write permission back (chmod u+w), or choose another --dst-root-dir",
      },
      {cause},
    );
  }
}

/**
 * Refuses to replace what was made read-only, unless that is asked for.
 *
 * @throws ReckonError `misuse`
 */
export function checkReplaceable(path: string, replaces: boolean): void {
  if (!replaces && existsSync(path) && (statSync(path).mode & OWNER_WRITE_BIT) === 0) {
    throw new ReckonError("misuse", {
      place: path,
      expected: "nothing there, or something that may be replaced",
      found: "a read-only result",
      fix: "--incremental keeps it, --no-prevent-overwriting replaces it",
    });
  }
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
