import {execFile} from "node:child_process";
import {readdirSync, readFileSync} from "node:fs";
import {promisify} from "node:util";

/**
 * Resident memory in bytes of each of these processes together with all that it started. One that
 * is gone, or a system that does not tell, leaves it out.
 */
export async function residentMemory(
  pids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (pids.length === 0 || process.platform === "win32") {
    return new Map();
  }
  const table = process.platform === "linux" ? linuxTable(pids) : await psTable();
  const sizes = pids.map((pid) => [pid, sizeOf(pid, table)] as const);
  return new Map(sizes.filter(([, bytes]) => bytes > 0));
}

interface ProcessRow {
  readonly bytes: number;
  readonly children: readonly number[];
}

type ProcessTable = ReadonlyMap<number, ProcessRow>;

function sizeOf(pid: number, table: ProcessTable): number {
  const row = table.get(pid);
  return (row?.children ?? []).reduce((sum, child) => sum + sizeOf(child, table), row?.bytes ?? 0);
}

/** Only these processes and what they started, so that a crowded machine costs no more. */
function linuxTable(pids: readonly number[]): ProcessTable {
  const table = new Map<number, ProcessRow>();
  const waiting = [...pids];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const row = table.has(pid) ? undefined : linuxRow(pid);
    if (row !== undefined) {
      table.set(pid, row);
      waiting.push(...row.children);
    }
  }
  return table;
}

function linuxRow(pid: number): ProcessRow | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    // Children belong to the thread that started them.
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
    );
    return {bytes: Number(kilobytes ?? 0) * 1024, children: children.map(Number)};
  } catch {
    return undefined; // it ended meanwhile
  }
}

async function psTable(): Promise<ProcessTable> {
  const {stdout} = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  const table = new Map<number, {bytes: number; children: number[]}>();
  const rowOf = (pid: number) => {
    const row = table.get(pid) ?? {bytes: 0, children: []};
    table.set(pid, row);
    return row;
  };
  for (const line of stdout.trim().split("\n")) {
    const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
    rowOf(pid).bytes = kilobytes * 1024;
    rowOf(parent).children.push(pid);
  }
  return table;
}
