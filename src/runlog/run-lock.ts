import {readFileSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {hostname} from "node:os";
import {basename, dirname, join, resolve} from "node:path";
import {z} from "zod";
import {isErrno, messageOf, ReckonError} from "../errors.js";
import {isAlive, processStart} from "../live-process.js";
import {makeFolder} from "../make-folder.js";
import {type EpochMs, toIso} from "../time/epoch.js";

/** Who writes to a run folder. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, as the system counts; null where it does not tell. */
  readonly process_start: string | null;
  /** ISO 8601: when the folder was locked. */
  readonly start: string;
}

/** A run folder that no other run can have until it is released. */
export interface RunLock {
  /** A process of this host that died while it held the lock, which was taken over from it. */
  readonly takenOver?: LockHolder;
  /** Gives the folder free; twice is once. */
  release(): void;
}

const holderSchema: z.ZodType<LockHolder> = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  process_start: z.string().nullable(),
  start: z.string(),
});

/** Locks of this process, by path. */
const held = new Set<string>();

/** Stale locks that others may take over at the same time; more in a row is no accident. */
const MAX_TRIES = 5;

/** The lock of a run folder: a hidden file beside it, which stays when the folder is renamed. */
export function runLockPath(dir: string): string {
  const full = resolve(dir);
  return join(dirname(full), `.${basename(full)}.lock`);
}

/**
 * Locks a run folder, so that no second run writes to it: a file that is created exclusively.
 *
 * The lock of a process of this host that is no more is taken over; one of another host cannot be
 * asked, so it stands until somebody removes the file.
 *
 * @param now what the lock says about when it was taken
 * @throws ReckonError `misuse` when another run has the folder, `failed` when the disk refuses
 */
export function acquireRunLock(dir: string, now: EpochMs): RunLock {
  const path = runLockPath(dir);
  makeFolder(dirname(path));
  const own: LockHolder = {
    pid: process.pid,
    host: hostname(),
    process_start: processStart(process.pid),
    start: toIso(now),
  };
  let takenOver: LockHolder | undefined;
  for (let tries = 0; tries < MAX_TRIES; ++tries) {
    if (createLock(path, own)) {
      held.add(path);
      const release = (): void => {
        if (held.delete(path)) {
          rmSync(path, {force: true});
        }
      };
      return {...(takenOver === undefined ? {} : {takenOver}), release};
    }
    const text = readLock(path);
    const holder = parseHolder(text);
    if (text !== undefined && (holder === undefined || holdsStill(path, holder))) {
      throw inUse(dir, path, holder);
    }
    if (text !== undefined && removeStale(path, text)) {
      takenOver = holder;
    }
  }
  throw inUse(dir, path, takenOver);
}

/** False when there is a lock already. */
function createLock(path: string, holder: LockHolder): boolean {
  try {
    writeFileSync(path, `${JSON.stringify(holder)}\n`, {flag: "wx"});
    return true;
  } catch (cause) {
    if (isErrno(cause, "EEXIST")) {
      return false;
    }
    rmSync(path, {force: true});
    const found = messageOf(cause);
    throw new ReckonError(
      "failed",
      {place: path, expected: "to lock the run folder", found},
      {cause},
    );
  }
}

/** Undefined when the lock is gone by now. */
function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (isErrno(cause, "ENOENT")) {
      return undefined;
    }
    throw cause;
  }
}

function parseHolder(text: string | undefined): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

/** Moves the lock away; puts it back when it is another one than was read. */
function removeStale(path: string, text: string): boolean {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if (isErrno(cause, "ENOENT")) {
      return false;
    }
    throw cause;
  }
  if (readLock(aside) !== text) {
    renameSync(aside, path);
    return false;
  }
  rmSync(aside, {force: true});
  return true;
}

function holdsStill(path: string, {pid, host, process_start}: LockHolder): boolean {
  if (host !== hostname()) {
    return true;
  }
  if (pid === process.pid) {
    return held.has(path);
  }
  if (!isAlive(pid)) {
    return false;
  }
  const start = processStart(pid);
  return start === null || process_start === null || start === process_start;
}

function inUse(dir: string, path: string, holder: LockHolder | undefined): ReckonError {
  const who =
    holder === undefined
      ? "a lock that does not say whose it is"
      : `process ${holder.pid} on ${holder.host}, since ${holder.start}`;
  return new ReckonError("misuse", {
    place: dir,
    expected: "a run folder that no other run writes to",
    found: who,
    fix: `choose another folder, or remove ${path} when that run is no more`,
  });
}
