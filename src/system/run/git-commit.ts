import {readFileSync} from "node:fs";
import {join, resolve} from "node:path";

const COMMIT = /^[0-9a-f]{40,64}$/;

/**
 * The commit that is checked out in a folder, read from git's own files: starting git would cost
 * more than a day's simulation. Null where the folder is no checkout of its own.
 */
export function gitCommit(dir: string): string | null {
  try {
    const gitDir = gitDirOf(dir);
    const head = readFileSync(join(gitDir, "HEAD"), "utf8").trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    const commit = ref === undefined ? head : commitOf(ref, gitDir);
    return commit !== undefined && COMMIT.test(commit) ? commit : null;
  } catch {
    return null;
  }
}

/** A worktree has a file in the place of the folder, which says where it is. */
function gitDirOf(dir: string): string {
  const path = join(dir, ".git");
  const text = readText(path);
  const elsewhere = /^gitdir: (.+)$/m.exec(text ?? "")?.[1];
  return elsewhere === undefined ? path : resolve(dir, elsewhere);
}

/** Of a branch: in a file of its own, or in the list of packed ones; a worktree shares both. */
function commitOf(ref: string, gitDir: string): string | undefined {
  const shared = readText(join(gitDir, "commondir"))?.trim();
  const common = shared === undefined ? gitDir : resolve(gitDir, shared);
  const loose = readText(join(gitDir, ref)) ?? readText(join(common, ref));
  const packed = readText(join(common, "packed-refs")) ?? "";
  return (
    loose?.trim() ??
    packed
      .split("\n")
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(" ")[0]
  );
}

/** Undefined where there is no such file. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
