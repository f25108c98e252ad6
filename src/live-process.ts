import {readFileSync} from "node:fs";
import process from "node:process";
import {isErrno} from "./errors.js";

/** Whether there is such a process on this host; somebody else's is alive too. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, "EPERM");
  }
}

/**
 * Clock ticks from boot to the start of a process, which tell a number that is used again; null
 * where the system does not say (it is Linux that does).
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
