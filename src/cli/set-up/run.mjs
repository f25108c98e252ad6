import {spawn} from "node:child_process";
import {constants} from "node:os";
import {root} from "./place.mjs";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs Node on `args` in the foreground; its exit code becomes ours, our signals reach it. */
export function follow(args, cwd) {
  const child = spawn(process.execPath, args, {cwd, stdio: "inherit"});
  const forward = (signal) => {
    // A terminal sends Ctrl-C to both processes; once more would look like a second press.
    if (signal !== "SIGINT" || process.stdin.isTTY !== true) {
      child.kill(signal);
    }
  };
  for (const signal of signals) {
    process.on(signal, forward);
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * Runs every check, two at a time, and prints the output of those that fail.
 *
 * @returns 0 when all pass, else 1
 */
export async function runChecks(checks) {
  const waiting = Object.entries(checks);
  const failed = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, args] = next;
      const {code, output} = await capture(args);
      process.stdout.write(code === 0 ? `ok      ${name}\n` : `${output.trimEnd()}\n`);
      if (code !== 0) {
        process.stdout.write(`FAILED  ${name} (exit code ${code}; its output is above)\n`);
        failed.push(name);
      }
    }
  };
  await Promise.all([work(), work()]);
  const total = Object.keys(checks).length;
  const names = failed.length > 0 ? `: ${failed.join(", ")}` : "";
  process.stdout.write(`check: ${total - failed.length} passed, ${failed.length} failed${names}\n`);
  return failed.length > 0 ? 1 : 0;
}

/** Runs Node on `args` and keeps what it writes; it ends with us. */
function capture(args) {
  const child = spawn(process.execPath, args, {cwd: root, stdio: ["ignore", "pipe", "pipe"]});
  const stop = () => child.kill();
  process.on("exit", stop);
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", stop);
      resolve({code: code ?? 1, output: Buffer.concat(chunks).toString("utf8")});
    });
  });
}
