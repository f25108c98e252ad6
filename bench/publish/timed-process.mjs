import {spawn} from "node:child_process";
import {readdirSync, readFileSync} from "node:fs";

const deadlineMs = 5 * 60_000;
const sampleEveryMs = 20;

/**
 * Runs a command to its end: {ms, exitCode, stdout, stderr}, and with `isSampled` also `peakMb`,
 * the most memory that it and all below it held at once, shared pages counted once (PSS; Linux).
 * Sampling costs time: measure one or the other.
 */
export async function runTimed({file, args, env = process.env, cwd}, {isSampled = false} = {}) {
  const start = performance.now();
  const child = spawn(file, args, {env, cwd, stdio: ["ignore", "pipe", "pipe"]});
  let peakMb;
  const sampler = isSampled
    ? setInterval(() => {
        peakMb = Math.max(peakMb ?? 0, memoryOf(child.pid) ?? 0);
      }, sampleEveryMs)
    : undefined;
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const text = {stdout: "", stderr: ""};
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (chunk) => {
      text[name] += chunk;
    });
  }
  try {
    const exitCode = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    return {ms: performance.now() - start, exitCode, ...text, peakMb};
  } finally {
    clearTimeout(timer);
    clearInterval(sampler);
  }
}

/** In MB, of a process and its descendants; undefined where the system does not tell. */
function memoryOf(pid) {
  const pids = [pid];
  const children = childrenByParent();
  for (const parent of pids) pids.push(...(children.get(parent) ?? []));
  const kilobytes = pids.map(proportionalKb).filter((kb) => kb !== undefined);
  return kilobytes.length === 0 ? undefined : kilobytes.reduce((sum, kb) => sum + kb, 0) / 1024;
}

function childrenByParent() {
  const children = new Map();
  for (const name of readProcFolder()) {
    const parent = parentOf(name);
    if (parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function readProcFolder() {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A process may end at any moment; then there is nothing to read. */
function readProc(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The name in front, in brackets, may hold spaces. */
function parentOf(pid) {
  const parent = readProc(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ")[1];
  return parent === undefined ? undefined : Number(parent);
}

function proportionalKb(pid) {
  const kb = /^Pss:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? "")?.[1];
  return kb === undefined ? undefined : Number(kb);
}
