import {closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync} from "node:fs";
import {hostname} from "node:os";
import {dirname, resolve} from "node:path";
import {z} from "zod";
import {isErrno, messageOf, ReckonError} from "../../errors.js";
import {isAlive, processStart} from "../../live-process.js";
import {makeFolder} from "../../make-folder.js";

const holderSchema = z.object({
  pid: z.number().int(),
  host: z.string(),
  /** Tells the process from a later one of the same number; empty where the system has none. */
  started: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** Locks that this process holds, by full path. */
const held = new Set<string>();

/**
 * Takes the lock file of an embedded database, which one process at a time may open.
 *
 * The lock of a process that has ended is taken over.
 *
 * @returns gives the lock back; again is harmless
 * @throws ReckonError `misuse` naming the process that holds it
 */
export function takeLock(path: string): () => void {
  const full = resolve(path);
  if (held.has(full)) {
    throw inUse(full, "it open already in this process", "pass the open store on");
  }
  makeFolder(dirname(full));
  for (let tries = 0; !createLock(full); ++tries) {
    const text = readText(full);
    const holder = text === undefined ? undefined : parseHolder(text);
    if (holder !== undefined && holdsStill(holder)) {
      throw inUse(full, describeHolder(holder), "end that process, or choose another --data-dir");
    }
    if (tries > 10) {
      throw inUse(full, "other processes that start at the same time", "try again");
    }
    if (text !== undefined) {
      removeStale(full, text);
    }
  }
  held.add(full);
  return () => {
    if (held.delete(full)) {
      rmSync(full, {force: true});
    }
  };
}

function inUse(path: string, found: string, fix: string): ReckonError {
  return new ReckonError("misuse", {
    place: path,
    expected: "an embedded database that no other process has open",
    found,
    fix,
  });
}

function describeHolder({pid, host}: Holder): string {
  return host === hostname()
    ? `it in use by process ${pid}`
    : `it in use by process ${pid} on ${host} (delete the file if that has ended)`;
}

/** False when the file is there already. */
function createLock(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (cause) {
    if (isErrno(cause, "EEXIST")) {
      return false;
    }
    throw new ReckonError(
      "misuse",
      {place: path, expected: "a folder that can be written to", found: messageOf(cause)},
      {cause},
    );
  }
  const holder: Holder = {pid: process.pid, host: hostname(), started: startOf(process.pid)};
  try {
    writeSync(file, `${JSON.stringify(holder)}\n`);
  } finally {
    closeSync(file);
  }
  return true;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Undefined for a file that a process was killed in the middle of writing. */
function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Another machine's process cannot be asked, so it counts as alive. */
function holdsStill({pid, host, started}: Holder): boolean {
  if (host !== hostname()) {
    return true;
  }
  if (pid === process.pid) {
    return false;
  }
  return isAlive(pid) && (started === "" || startOf(pid) === started);
}

function startOf(pid: number): string {
  return processStart(pid) ?? "";
}

/** Removes a lock that was found stale, unless somebody has taken it over meanwhile. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (readText(aside) !== text) {
      linkSync(aside, path);
    }
  } catch (error) {
    if (!isErrno(error, "ENOENT") && !isErrno(error, "EEXIST")) {
      throw error;
    }
  } finally {
    rmSync(aside, {force: true});
  }
}
