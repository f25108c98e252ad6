import {type ChildProcess, spawn} from "node:child_process";
import {settlesWithin} from "../timers.js";
import {kernelCommand} from "./kernel-command.js";
import {RawOutput} from "./raw-output.js";

export interface KernelProcessOptions {
  readonly connectionPath: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The kernel's process, from start to the certain end of its whole group. */
export interface KernelProcess {
  readonly pid: number;
  /**
   * Resolves when the process is gone, with how: `exit 3`, `SIGKILL`, `SIGKILL: too much memory`,
   * or why it never began.
   */
  readonly ended: Promise<string>;
  /** What the process itself writes: child processes, aborts of the engine. */
  readonly raw: RawOutput;
  interrupt(): void;
  /** Kills the group at once and waits until the process is gone; a reason is told with its end. */
  kill(reason?: string): Promise<void>;
  /** Lets it end by itself for `graceMs`, then kills it; what a cell left behind goes too. */
  end(graceMs: number): Promise<void>;
}

/** How long the pipes of a process that is gone may take to run dry. */
const pipeGraceMs = 200;
/** What a watched pipe is called inside the kernel; see the preload. */
const parentFd = 3;

/** Starts tslab with the preload, in a process group of its own. */
export function spawnKernel({connectionPath, cwd, env}: KernelProcessOptions): KernelProcess {
  const [node, ...args] = kernelCommand(connectionPath);
  const child = spawn(node, args, {
    cwd,
    env: {...env, RECKON_PARENT_FD: String(parentFd)},
    detached: true, // a group of its own, so that what a cell starts can be ended with it
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const raw = new RawOutput(child);
  // When the kernel dies first, its end of the watched pipe closes under us; that is no error.
  child.stdio[parentFd]?.on("error", () => {});
  let killedFor: string | undefined;
  const ended = endOf(child, cwd).then((how) => (killedFor ? `${how}: ${killedFor}` : how));
  const closed = new Promise((resolve) => child.once("close", resolve));
  const kill = async (reason?: string) => {
    killedFor ??= reason;
    killGroup(child);
    await ended;
    // A process that left the group may hold our pipes open; it shall not hold us.
    await settlesWithin(closed, pipeGraceMs);
    for (const stream of child.stdio) {
      stream?.destroy();
    }
  };
  return {
    pid: child.pid ?? -1,
    ended,
    raw,
    interrupt: () => void child.kill("SIGINT"),
    kill,
    end: async (graceMs) => {
      await settlesWithin(ended, graceMs);
      await kill();
    },
  };
}

function endOf(child: ChildProcess, cwd: string): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`${error.message}, in ${cwd}`));
    child.once("exit", (code, signal) => resolve(signal ?? `exit ${code}`));
  });
}

/** Also after the process itself is gone: its children may still be there. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left in the group, or the system has no groups.
    child.kill("SIGKILL");
  }
}
