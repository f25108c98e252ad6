import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {dirname} from "node:path";
import {messageOf, ReckonError} from "../errors.js";
import {formatStamp} from "../time/epoch.js";

/**
 * Writes a file whole or not at all: aside first, then renamed into place.
 *
 * @throws ReckonError `failed` when the disk refuses (full, read-only); nothing is left behind
 */
export function writeWholeFile(path: string, content: string | Uint8Array): void {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, content);
    renameSync(aside, path);
  } catch (cause) {
    rmSync(aside, {force: true});
    throw new ReckonError(
      "failed",
      {
        place: path,
        expected: "to write the file",
        found: messageOf(cause),
        fix: "free space or choose another folder, then run again",
      },
      {cause},
    );
  }
}

/**
 * Makes a folder with its parents.
 *
 * @throws ReckonError `misuse` when something else stands there or writing is not allowed
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, {recursive: true});
  } catch (cause) {
    throw new ReckonError(
      "misuse",
      {place: path, expected: "a folder that can be made", found: messageOf(cause)},
      {cause},
    );
  }
}

/** True when something stands at `path` that is not an empty folder. */
export function isOccupied(path: string): boolean {
  return existsSync(path) && !(statSync(path).isDirectory() && readdirSync(path).length === 0);
}

/**
 * Renames what stands at `path`, so that a new folder can take its place: `{path}.{stamp of its
 * last change}`, counted on where that name is taken. Returns the new name; undefined when nothing
 * was there.
 */
export function preserveFolder(path: string): string | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  const stamp = formatStamp(Math.floor(statSync(path).mtimeMs));
  let kept = `${path}.${stamp}`;
  for (let n = 2; existsSync(kept); ++n) {
    kept = `${path}.${stamp}-${n}`;
  }
  makeFolder(dirname(kept));
  renameSync(path, kept);
  return kept;
}
