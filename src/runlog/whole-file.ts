import {
  appendFileSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {rename, writeFile} from "node:fs/promises";
import {dirname, resolve, sep} from "node:path";
import {messageOf, ReckonError} from "../errors.js";
import {makeFolder, tryWriting} from "../make-folder.js";
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
    throw notWritten(path, cause);
  }
}

/** {@link writeWholeFile} beside other work. */
export async function writeAside(path: string, content: string | Uint8Array): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(aside, content);
    await rename(aside, path);
  } catch (cause) {
    rmSync(aside, {force: true});
    throw notWritten(path, cause);
  }
}

/**
 * Appends to a file that is still beside its place.
 *
 * @param path the file aside, which is removed when the disk refuses
 * @param place where it will be put, for the message
 * @throws ReckonError `failed` when the disk refuses
 */
export function appendAside(path: string, content: Uint8Array, place: string): void {
  try {
    appendFileSync(path, content);
  } catch (cause) {
    dropAside(path);
    throw notWritten(place, cause);
  }
}

/** Puts a file that is whole in its place. */
export function putInPlace(aside: string, path: string): void {
  try {
    renameSync(aside, path);
  } catch (cause) {
    dropAside(aside);
    throw notWritten(path, cause);
  }
}

/** Removes a file aside, where there is one. */
export function dropAside(path: string): void {
  rmSync(path, {force: true});
}

/**
 * Appends a line to a file, whole or not at all.
 *
 * @throws ReckonError `failed` when the disk refuses; the file is as it was then
 */
export function appendWholeLine(path: string, line: string): void {
  const size = existsSync(path) ? statSync(path).size : 0;
  try {
    appendFileSync(path, `${line}\n`);
  } catch (cause) {
    cutBack(path, size);
    throw notWritten(path, cause);
  }
}

/** What was not written is the message, not that it could not be taken back either. */
function cutBack(path: string, size: number): void {
  try {
    truncateSync(path, size);
  } catch {}
}

function notWritten(path: string, cause: unknown): ReckonError {
  return new ReckonError(
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

/**
 * Refuses a place for an output folder where none can be put, before anything is done.
 *
 * @throws ReckonError `misuse`: a file stands there, the folder one works in is below it, or its
 *   parent cannot be written to
 */
export function checkPlace(path: string, place: string): void {
  const full = resolve(path);
  const complain = (found: string): never => {
    throw new ReckonError("misuse", {place, expected: "a folder of its own for the output", found});
  };
  if (path === "" || resolve(".").startsWith(full.endsWith(sep) ? full : `${full}${sep}`)) {
    complain(path === "" ? "nothing" : `${full}, which holds the folder you are in`);
  }
  if (resolve(".") === full) {
    complain(`${full}, the folder you are in`);
  }
  if (existsSync(full) && !statSync(full).isDirectory()) {
    complain(`${full}, a file`);
  }
  let parent = dirname(full);
  while (!existsSync(parent)) {
    parent = dirname(parent);
  }
  try {
    tryWriting(parent); // where nothing can be made, Node would make folders for ever
  } catch (cause) {
    complain(`${full}, where nothing can be written: ${messageOf(cause)}`);
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
