import {existsSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {rmdir} from "node:fs/promises";
import {hostname} from "node:os";
import {dirname, join, resolve} from "node:path";
import {PublishError} from "../errors.js";
import {isAlive, processStart} from "../live-process.js";
import {nowMs} from "../timers.js";
import {makeFolder, writeError} from "../whole-file.js";

/** Who writes to a result folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, as the system counts; null where it does not tell. */
  readonly processStart: string | null;
  /** ISO, UTC: when the folder was locked. */
  readonly since: string;
}

/** The lock of a result folder: a hidden file in it. */
const lockName = ".run.lock";

/** Locks of this process, by path. */
const held = new Set<string>();

/** Locks of dead processes that others take over at the same time; more in a row is no accident. */
const maxTries = 5;

/**
 * Makes a result folder and lets nobody else write to it meanwhile: two runs that share one would
 * leave the marker of the one beside the record of the other. The lock of a process of this host
 * that is no more is taken over; a process of another host cannot be asked, so its lock stands.
 *
 * @throws PublishError `folder-in-use`, with the folder as it was; `write-failed`; or what `use`
 *   throws, with folders that were made here removed where they are empty
 */
export async function withLockedFolder<T>(folder: string, use: () => Promise<T>): Promise<T> {
  const full = resolve(folder);
  const made = missingFolders(full);
  const path = join(full, lockName);
  try {
    await makeFolder(full).catch((cause) => {
      throw writeError(folder, cause);
    });
    lock(folder, path);
    try {
      return await use();
    } finally {
      held.delete(path);
      rmSync(path, {force: true});
    }
  } catch (error) {
    // One that something is in stays, and so do those above it; the error itself says more.
    for (const empty of made) await rmdir(empty).catch(() => {});
    throw error;
  }
}

/** The folder and those above it that are not there, the deepest first. */
function missingFolders(folder: string): string[] {
  const above = dirname(folder);
  if (existsSync(folder) || above === folder) return [];
  return [folder, ...missingFolders(above)];
}

function lock(folder: string, path: string): void {
  for (let tries = 0; tries < maxTries; ++tries) {
    if (create(path)) return;
    const text = textOf(path);
    if (text === undefined) continue; // given free since
    const holder = holderOf(text);
    if (holder === undefined || isHolding(path, holder)) throw inUse(folder, path, holder);
    removeStale(path, text);
  }
  throw inUse(folder, path, undefined);
}

/** False when there is a lock already. */
function create(path: string): boolean {
  const {pid} = process;
  const since = new Date(nowMs()).toISOString();
  const own: Holder = {pid, host: hostname(), processStart: processStart(pid), since};
  try {
    writeFileSync(path, `${JSON.stringify(own)}\n`, {flag: "wx"});
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    rmSync(path, {force: true}); // begun and not ended, as on a full disk
    throw writeError(path, cause);
  }
  held.add(path);
  return true;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Undefined for a lock that does not say whose it is. */
function holderOf(text: string): Holder | undefined {
  try {
    const {pid, host, processStart, since} = JSON.parse(text) as Record<keyof Holder, unknown>;
    if (!Number.isInteger(pid) || typeof host !== "string") return undefined;
    const start = typeof processStart === "string" ? processStart : null;
    return {pid: Number(pid), host, processStart: start, since: String(since)};
  } catch {
    return undefined;
  }
}

function isHolding(path: string, {pid, host, processStart: start}: Holder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(path);
  if (!isAlive(pid)) return false;
  const found = processStart(pid);
  return found === null || start === null || found === start;
}

/** Moves the lock away; puts it back when it is another one than was read. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (textOf(aside) === text) rmSync(aside, {force: true});
  else renameSync(aside, path);
}

function inUse(folder: string, path: string, holder: Holder | undefined): PublishError {
  const found =
    holder === undefined
      ? "a lock that does not say whose it is"
      : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  const fix = `wait for it, choose another --dst-dir, or remove ${path} when it is no more`;
  const message = `${folder}: expected a result folder no other run writes to, found ${found}`;
  return new PublishError("folder-in-use", `${message}; ${fix}`);
}
