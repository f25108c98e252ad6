import {existsSync} from "node:fs";
import {type FileHandle, mkdir, open, readdir, rename, rm} from "node:fs/promises";
import {dirname, join, resolve} from "node:path";
import {PublishError} from "./errors.js";
import {isAlive} from "./live-process.js";

let writes = 0;

/** Writes a file; a test puts one here that fails. */
export type WriteFile = (path: string, content: string | Uint8Array) => Promise<void>;

/**
 * Writes a file so that a reader sees the whole of it or nothing: aside, to disk, then renamed.
 *
 * @throws PublishError `write-failed`; the half-written file is gone, an older one is untouched
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const aside = `${path}.${process.pid}-${++writes}.tmp`; // see asideName
  try {
    await makeFolder(dirname(path));
    await withFile(aside, async (file) => {
      await file.writeFile(content);
      await file.sync();
    });
    await rename(aside, path);
  } catch (cause) {
    await rm(aside, {force: true}).catch(() => {}); // the first error says more
    throw writeError(path, cause);
  }
}

/**
 * Makes a folder with its parents, step by step: where nothing can be made, as below /proc, Node's
 * own way never ends.
 */
export async function makeFolder(path: string): Promise<void> {
  const full = resolve(path);
  if (existsSync(full)) return;
  await makeFolder(dirname(full));
  await mkdir(full).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error; // somebody else made it
  });
}

const asideName = /\.(\d+)-\d+\.tmp$/;

/** Removes what writers that were killed left half-written in a folder. */
export async function removeHalfWritten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = asideName.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(folder, name), {force: true});
    }
  }
}

/** The error of a file that could not be written, in the words of a message. */
export function writeError(path: string, cause: unknown): PublishError {
  if (cause instanceof PublishError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${path}: expected to write it, found ${reason}; check the disk and the rights`;
  return new PublishError("write-failed", message, {cause});
}

async function withFile(path: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, "w");
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
