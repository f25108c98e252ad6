import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {hostname, tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {withLockedFolder} from "../../../publish/result/locked-folder.js";

const root = mkdtempSync(join(tmpdir(), "reckon-locked-"));
afterAll(() => rmSync(root, {recursive: true, force: true}));
let count = 0;
const freshFolder = () => join(root, `f${++count}`, "result_0");
const lockOf = (folder: string) => join(folder, ".run.lock");

/** A folder that was locked by somebody else. */
async function lockedBy(text: string): Promise<string> {
  const folder = freshFolder();
  await withLockedFolder(folder, async () => writeFileSync(join(folder, "kept"), ""));
  writeFileSync(lockOf(folder), text);
  return folder;
}

/** A process number that nobody has: above what Linux gives out. */
const deadPid = 2 ** 22 + 7;
const holder = (part: object) =>
  JSON.stringify({pid: deadPid, host: hostname(), processStart: null, since: "2025", ...part});

describe("a locked result folder", () => {
  it("is made, names its process, and has no lock afterwards", async () => {
    const folder = freshFolder();
    const text = await withLockedFolder(folder, async () => readFileSync(lockOf(folder), "utf8"));
    expect(JSON.parse(text)).toMatchObject({pid: process.pid, host: hostname()});
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is refused to a second run of the same process, and given free for the next", async () => {
    const folder = freshFolder();
    await withLockedFolder(folder, async () => {
      await expect(withLockedFolder(folder, async () => 1)).rejects.toMatchObject({
        code: "folder-in-use",
        message: expect.stringContaining(`found process ${process.pid} on ${hostname()}, since 2`),
      });
      expect(existsSync(lockOf(folder))).toBe(true);
    });
    expect(await withLockedFolder(folder, async () => 2)).toBe(2);
  });

  it.each([
    ["a process that is no more", holder({})],
    ["an earlier process of this number", holder({pid: process.pid, processStart: "1"})],
    ["an earlier process of another's number", holder({pid: process.ppid, processStart: "1"})],
  ])("is taken over from %s", async (_name, text) => {
    const folder = await lockedBy(text);
    expect(await withLockedFolder(folder, async () => 3)).toBe(3);
    expect(readdirSync(folder)).toEqual(["kept"]);
  });

  it.each([
    ["a process that lives", holder({pid: process.ppid}), `process ${process.ppid} on `],
    ["a process of another host", holder({host: "elsewhere"}), `process ${deadPid} on elsewhere`],
    ["a lock that says nothing", "", "a lock that does not say whose it is"],
  ])("is left to %s", async (_name, text, found) => {
    const folder = await lockedBy(text);
    await expect(withLockedFolder(folder, async () => 3)).rejects.toThrow(`found ${found}`);
    expect(readFileSync(lockOf(folder), "utf8")).toBe(text);
  });

  it("leaves nothing of a run that ended before it wrote, but all that others wrote", async () => {
    const folder = freshFolder();
    const fail = async () => Promise.reject(new Error("no"));
    await expect(withLockedFolder(folder, fail)).rejects.toThrow("no");
    expect(existsSync(join(folder, ".."))).toBe(false);
    const used = await lockedBy(holder({}));
    await expect(withLockedFolder(used, fail)).rejects.toThrow("no");
    expect(readdirSync(used)).toEqual(["kept"]);
  });
});
