import process from "node:process";
import {parentOf} from "../../../publish/live-process.js";
import {startInterval, type Timer} from "../../../publish/timers.js";

const LOOK_EVERY_MS = 1_000;

/**
 * Calls once the `npx` that started this process is gone. Between the two stands a shell, which
 * npx ends without it ending what it runs; whoever killed npx would leave a server behind.
 *
 * A process that was started otherwise may outlive its parents: it is not watched.
 */
export function watchLauncher(
  env: Readonly<Record<string, string | undefined>>,
  onGone: () => void,
): Timer {
  if (env.npm_command !== "exec") return {clear: () => {}};
  const shell = process.ppid;
  const launcher = isShell() ? parentOf(shell)?.pid : undefined;
  const timer = startInterval(LOOK_EVERY_MS, () => {
    const isOrphan = process.ppid !== shell;
    if (!isOrphan && (launcher === undefined || parentOf(shell)?.pid === launcher)) return;
    timer.clear();
    onGone();
  });
  return timer;
}

/** Some shells give way to what they run: npx is the parent then, and its own may go. */
function isShell(): boolean {
  return /^(?:ba|da|k|z)?sh$/.test(parentOf(process.pid)?.name ?? "");
}
