import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {replaceFile} from "../../../src/market/parquet/replace-file.js";
import {withFolder} from "../sample-bars.js";

describe("replaceFile", () => {
  it("makes the folder and the file", async () => {
    await withFolder(async (dir) => {
      const path = join(dir, "a", "b.txt");
      await replaceFile(path, (aside) => writeFile(aside, "new"));
      expect(readFileSync(path, "utf8")).toBe("new");
      expect(readdirSync(join(dir, "a"))).toEqual(["b.txt"]);
    });
  });

  it("leaves the old file when the disk fills up half way", async () => {
    await withFolder(async (dir) => {
      const path = join(dir, "b.txt");
      writeFileSync(path, "old");
      const failure = replaceFile(path, async (aside) => {
        await writeFile(aside, "ne");
        throw Object.assign(new Error("ENOSPC: no space left on device"), {code: "ENOSPC"});
      });
      await expect(failure).rejects.toThrow(/b\.txt: could not be written: ENOSPC/);
      await expect(failure).rejects.toMatchObject({code: "failed"});
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(dir)).toEqual(["b.txt"]);
    });
  });
});

it.skipIf(!existsSync("/proc/self"))("ends where no folder can be made", async () => {
  const work = replaceFile("/proc/x/y/bars.parquet", () => Promise.resolve());
  await expect(work).rejects.toThrow(/bars\.parquet: could not be written: .*\/proc\/x/);
});
