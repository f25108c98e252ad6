import {spawnSync} from "node:child_process";
import process from "node:process";
import {fileURLToPath} from "node:url";

const deadlineMs = 300_000;

/**
 * The JSON that a script of this folder prints for `args`, or why there is none: {answer} or
 * {missing}. Runs in the Python that RECKON_BENCH_PYTHON names, else in python3.
 */
export function callPeer(script, args) {
  const python = process.env.RECKON_BENCH_PYTHON ?? "python3";
  const path = fileURLToPath(new URL(script, import.meta.url));
  const {error, status, stdout, stderr} = spawnSync(python, [path, ...args], {
    encoding: "utf8",
    timeout: deadlineMs,
  });
  if (error !== undefined) {
    return {missing: `no ${python}`};
  }
  return status === 0
    ? {answer: JSON.parse(stdout.trim().split("\n").at(-1))}
    : {missing: stderr.trim().split("\n").at(-1) || `exit ${status}`};
}

/** How a peer's time and numbers stand to ours; its numbers are looked at first. */
export function compareWithPeer(name, {ms, values, tolerance = 1e-9}, {answer, missing}) {
  if (answer === undefined) {
    return `${name}: not measured (${missing})`;
  }
  const differ = Object.entries(values).filter(
    ([key, value]) => !isNear(value, answer.values[key], tolerance),
  );
  if (differ.length > 0) {
    const [key, value] = differ[0];
    return `${name}: another answer (${key} ${answer.values[key]}, ours ${value})`;
  }
  const count = `same ${Object.keys(values).length} numbers`;
  const ratio = (answer.ms / ms).toFixed(1);
  return `${ratio} x as fast as ${name} (${answer.ms.toFixed(0)} ms; ${count})`;
}

/** Within a tolerance, relative above 1. */
export function isNear(found, wanted, tolerance) {
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}
