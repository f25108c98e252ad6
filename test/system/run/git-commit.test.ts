import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {gitCommit} from "../../../src/system/run/git-commit.js";

let root: string;
let repo: string;
const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-git-"));
  repo = join(root, "repo");
  git(root, "init", repo);
  writeFileSync(join(repo, "a"), "a");
  git(repo, "add", "a");
  git(repo, "commit", "-m", "a");
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

describe("gitCommit", () => {
  it("is what git says: on a branch, packed, detached, in a worktree", () => {
    const wanted = git(repo, "rev-parse", "HEAD");
    expect(gitCommit(repo)).toBe(wanted);
    git(repo, "worktree", "add", "-b", "other", join(root, "tree"));
    expect(gitCommit(join(root, "tree"))).toBe(wanted);
    git(repo, "pack-refs", "--all");
    expect(gitCommit(repo)).toBe(wanted);
    expect(gitCommit(join(root, "tree"))).toBe(wanted);
    git(repo, "checkout", "--detach");
    expect(gitCommit(repo)).toBe(wanted);
  });

  it("is null where there is no checkout, nor a commit yet", () => {
    expect(gitCommit(root)).toBeNull();
    git(root, "init", join(root, "empty"));
    expect(gitCommit(join(root, "empty"))).toBeNull();
    expect(gitCommit(join(repo, "below"))).toBeNull();
  });
});
