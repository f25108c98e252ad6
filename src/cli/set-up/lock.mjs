import {createHash} from "node:crypto";
import * as fs from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {readText, root, SetUpError, say} from "./place.mjs";

const stepMs = 200;
const longestWaitMs = 15 * 60_000;

/**
 * Does `work` while no other process does so for this checkout; a second one waits for the first.
 *
 * The lock is a folder in the temporary folder, since npm ci deletes node_modules, and holds its
 * owner's process id; the lock of a process that has died is taken over.
 */
export function withLock(work) {
  const name = createHash("sha256").update(fs.realpathSync(root)).digest("hex").slice(0, 16);
  const lock = join(tmpdir(), `reckon-set-up-${name}`);
  for (let waitedMs = 0; !tryLock(lock); waitedMs += stepMs) {
    if (waitedMs === 0) {
      say("waiting for another set-up of this checkout");
    }
    if (waitedMs >= longestWaitMs) {
      throw new SetUpError(`${lock}: expected it to be free, found it taken; delete it`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stepMs);
  }
  try {
    return work();
  } finally {
    fs.rmSync(lock, {recursive: true, force: true});
  }
}

/** Renaming a filled folder onto an absent name is atomic: a lock always names its owner. */
function tryLock(lock) {
  const mine = fs.mkdtempSync(`${lock}.`);
  fs.writeFileSync(join(mine, "pid"), String(process.pid));
  try {
    fs.renameSync(mine, lock);
    return true;
  } catch (error) {
    fs.rmSync(mine, {recursive: true, force: true});
    if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) {
      throw error;
    }
  }
  removeDead(lock);
  return false;
}

function removeDead(lock) {
  const owner = Number(readText(join(lock, "pid")));
  if (owner > 0 && !isAlive(owner)) {
    fs.rmSync(lock, {recursive: true, force: true});
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
