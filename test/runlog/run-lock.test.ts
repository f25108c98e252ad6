import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {hostname, tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {makeFolder} from "../../src/make-folder.js";
import {acquireRunLock, type LockHolder, runLockPath} from "../../src/runlog/run-lock.js";
import {preserveFolder} from "../../src/runlog/whole-file.js";

const NOW = Date.UTC(2025, 8, 1);

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-lock-"));
  dir = join(root, "run", "system_log_dir");
});
afterEach(() => {
  rmSync(root, {recursive: true, force: true});
});

/** A lock as a process left it. */
function leaveLock(changes: Partial<LockHolder>): LockHolder {
  const holder = {
    pid: process.pid,
    host: hostname(),
    process_start: null,
    start: "2025-08-31T00:00:00.000Z",
    ...changes,
  };
  makeFolder(join(root, "run"));
  writeFileSync(runLockPath(dir), JSON.stringify(holder));
  return holder;
}

/** The number of a process that has ended. */
function deadPid(): number {
  const {pid} = spawnSync(process.execPath, ["--version"]);
  return pid;
}

describe("acquireRunLock", () => {
  it("keeps a second run out until it is released, also when the folder is renamed", () => {
    const lock = acquireRunLock(dir, NOW);
    expect(lock.takenOver).toBeUndefined();
    expect(() => acquireRunLock(dir, NOW)).toThrow(
      /expected a run folder that no other run writes to, found process \d+ on .*2025-09-01T00/,
    );
    makeFolder(dir);
    preserveFolder(dir);
    expect(() => acquireRunLock(`${dir}/`, NOW)).toThrow(/no other run/);
    lock.release();
    lock.release();
    expect(existsSync(runLockPath(dir))).toBe(false);
    acquireRunLock(dir, NOW).release();
  });

  it("locks one folder and not its neighbour", () => {
    const locks = [acquireRunLock(dir, NOW), acquireRunLock(`${dir}.2`, NOW)];
    expect(readdirSync(join(root, "run"))).toHaveLength(2);
    for (const lock of locks) {
      lock.release();
    }
    expect(readdirSync(join(root, "run"))).toEqual([]);
  });

  it("takes over from a process of this host that is no more, and says from which", () => {
    const holder = leaveLock({pid: deadPid()});
    const lock = acquireRunLock(dir, NOW);
    expect(lock.takenOver).toEqual(holder);
    expect(JSON.parse(readFileSync(runLockPath(dir), "utf8"))).toMatchObject({pid: process.pid});
    lock.release();
    expect(readdirSync(join(root, "run"))).toEqual([]);
  });

  it("takes over from a process whose number this one has now", () => {
    leaveLock({pid: process.pid});
    const lock = acquireRunLock(dir, NOW);
    expect(lock.takenOver?.pid).toBe(process.pid);
    lock.release();
  });

  it("stands before a process that lives, one of another host, and what it cannot read", () => {
    leaveLock({pid: process.ppid});
    expect(() => acquireRunLock(dir, NOW)).toThrow(/found process/);
    leaveLock({pid: deadPid(), host: "elsewhere"});
    expect(() => acquireRunLock(dir, NOW)).toThrow(/on elsewhere, since 2025-08-31.*remove/);
    writeFileSync(runLockPath(dir), "");
    expect(() => acquireRunLock(dir, NOW)).toThrow(/a lock that does not say whose it is/);
  });

  it("knows that a living process is another one by when it was started", () => {
    const isTold = existsSync("/proc/self/stat");
    leaveLock({pid: process.ppid, process_start: "1"});
    if (isTold) {
      acquireRunLock(dir, NOW).release();
    } else {
      expect(() => acquireRunLock(dir, NOW)).toThrow(/found process/);
    }
  });
});
