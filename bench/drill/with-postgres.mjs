import {spawn} from "node:child_process";
import process from "node:process";
import {fileURLToPath} from "node:url";

const SCRIPT = fileURLToPath(new URL("../../.ci/with-postgres", import.meta.url));

/** Runs this program again beside a PostgreSQL server of its own; gives its exit code. */
export async function withPostgres(args) {
  const program = 'RECKON_DATABASE_URL="$RECKON_TEST_DATABASE_URL" exec "$@"';
  const command = ["bash", "-c", program, "drill", process.execPath, ...args];
  // A group of its own, so that a signal reaches the drill and not only the shell that waits.
  const child = spawn("bash", [SCRIPT, ...command], {stdio: "inherit", detached: true});
  const forward = (signal) => process.kill(-child.pid, signal);
  process.on("SIGINT", forward);
  process.on("SIGTERM", forward);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
