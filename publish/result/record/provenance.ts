import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {hostname} from "node:os";
import {dirname, join, resolve} from "node:path";
import {sha256} from "../../sha256.js";

/** Where a run came from, as far as this machine can tell. */
export interface Provenance {
  /** The commit that is checked out around the notebook; null outside a checkout. */
  readonly gitCommit: string | null;
  /** Whether tracked files differ from it; null when git does not say in time. */
  readonly gitDirty: boolean | null;
  /** SHA-256 of the nearest `package-lock.json` above the notebook; null where there is none. */
  readonly lockFileSha256: string | null;
  readonly host: string;
}

/** Git asks every tracked file; a checkout for which that takes longer is not waited for. */
const gitDeadlineMs = 5_000;

/** Reads it beside other work; what cannot be known is null, never an error. */
export async function readProvenance(notebookPath: string): Promise<Provenance> {
  const folder = dirname(resolve(notebookPath));
  const [status, lockFileSha256] = await Promise.all([gitStatus(folder), hashLockFile(folder)]);
  return {...parseGitStatus(status), lockFileSha256, host: hostname()};
}

function gitStatus(folder: string): Promise<string> {
  const args = ["status", "--porcelain=v2", "--branch", "--untracked-files=no"];
  return new Promise((done) => {
    const options = {cwd: folder, timeout: gitDeadlineMs, maxBuffer: 64 * 1024 * 1024};
    execFile("git", ["--no-optional-locks", ...args], options, (error, stdout) =>
      done(error === null ? stdout : ""),
    );
  });
}

/** Lines with `#` tell of the branch, each other line of a file that differs. */
function parseGitStatus(text: string): Pick<Provenance, "gitCommit" | "gitDirty"> {
  const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(text)?.[1];
  if (commit === undefined) {
    return {gitCommit: null, gitDirty: null};
  }
  const differs = text.split("\n").some((line) => line !== "" && !line.startsWith("#"));
  return {gitCommit: commit, gitDirty: differs};
}

async function hashLockFile(start: string): Promise<string | null> {
  for (let folder = start; ; folder = dirname(folder)) {
    const bytes = await readFile(join(folder, "package-lock.json")).catch(() => undefined);
    if (bytes !== undefined) {
      return sha256(bytes);
    }
    if (folder === dirname(folder)) {
      return null;
    }
  }
}
