import {readFileSync} from "node:fs";
import process from "node:process";

/** How much memory this process holds, bytes. */
export interface ProcessMemory {
  /** Resident. */
  readonly rss: number;
  /** Virtual; undefined where the system does not tell, as everywhere but on Linux. */
  readonly vms: number | undefined;
}

/** What nobody asked for. */
export const UNREAD_MEMORY: ProcessMemory = {rss: Number.NaN, vms: undefined};

/** What the process holds now. */
export function readProcessMemory(): ProcessMemory {
  return {rss: process.memoryUsage.rss(), vms: readVms()};
}

/** `vsize` of proc(5): the 21st field after the command, whose name may hold anything. */
function readVms(): number | undefined {
  if (process.platform !== "linux") {
    return undefined;
  }
  try {
    return vmsOf(readFileSync("/proc/self/stat", "utf8"));
  } catch {
    return undefined;
  }
}

/** The virtual memory that a line of `/proc/PID/stat` tells; undefined for any other text. */
export function vmsOf(stat: string): number | undefined {
  const fields = stat
    .slice(stat.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
  const bytes = Number(fields[20]);
  return Number.isFinite(bytes) ? bytes : undefined;
}
