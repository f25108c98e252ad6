import {readFileSync} from "node:fs";

/** Whether there is such a process, anybody's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Clock ticks from boot to the start of a process, which tell a number that is used again; null
 * where the system does not say (it is Linux that does).
 */
export function processStart(pid: number): string | null {
  return statOf(pid)?.fields[19] ?? null;
}

/** The parent of a process, and what it is called; null where the system does not say. */
export function parentOf(pid: number): {readonly pid: number; readonly name: string} | null {
  const parent = Number(statOf(pid)?.fields[1]);
  const name = Number.isInteger(parent) ? statOf(parent)?.name : undefined;
  return name === undefined ? null : {pid: parent, name};
}

/** What Linux tells of a process: its name, and the fields that follow it. */
function statOf(pid: number): {readonly name: string; readonly fields: string[]} | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    return {name: stat.slice(stat.indexOf("(") + 1, end), fields: stat.slice(end + 2).split(" ")};
  } catch {
    return null;
  }
}
