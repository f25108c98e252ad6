import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {RunFolder} from "../../src/runlog/run-folder.js";
import {
  isOccupied,
  makeFolder,
  preserveFolder,
  writeWholeFile,
} from "../../src/runlog/whole-file.js";
import {runSample} from "../system/sample-run.js";

const disk = vi.hoisted(() => ({bytesLeft: Number.POSITIVE_INFINITY}));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeFileSync: typeof fs.writeFileSync = (path, data, options) => {
    const size = typeof data === "string" ? data.length : data.byteLength;
    if (size > disk.bytesLeft) {
      fs.writeFileSync(path, typeof data === "string" ? data.slice(0, 3) : new Uint8Array(3));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), {code: "ENOSPC"});
    }
    disk.bytesLeft -= size;
    fs.writeFileSync(path, data, options);
  };
  return {...fs, writeFileSync};
});

vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof import("node:fs/promises")>();
  const writeFile = async (path: string, data: string | Uint8Array) => {
    if (data.length > disk.bytesLeft) {
      await fs.writeFile(path, data.slice(0, 3));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), {code: "ENOSPC"});
    }
    disk.bytesLeft -= data.length;
    await fs.writeFile(path, data);
  };
  return {...fs, writeFile};
});

let dir: string;
beforeEach(() => {
  disk.bytesLeft = Number.POSITIVE_INFINITY;
  dir = mkdtempSync(join(tmpdir(), "reckon-file-"));
});
afterEach(() => {
  rmSync(dir, {recursive: true, force: true});
});

describe("writeWholeFile", () => {
  it("replaces a file and leaves nothing else", () => {
    const path = join(dir, "a.txt");
    writeWholeFile(path, "one");
    writeWholeFile(path, "two");
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(dir)).toEqual(["a.txt"]);
  });

  it("on a full disk keeps the old file, removes the half-written one and says what to do", () => {
    const path = join(dir, "a.txt");
    writeWholeFile(path, "old");
    disk.bytesLeft = 2;
    expect(() => writeWholeFile(path, "much longer")).toThrow(
      /a\.txt: expected to write the file, found ENOSPC.*; free space or choose another folder/,
    );
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(dir)).toEqual(["a.txt"]);
  });
});

describe("preserveFolder", () => {
  it("renames what is there by its last change, and counts on where that is taken", () => {
    const path = join(dir, "run");
    const kept = [1, 2].map(() => {
      makeFolder(path);
      writeFileSync(join(path, "x"), "1");
      return preserveFolder(path) as string;
    });
    expect(kept[0]).toMatch(/run\.\d{8}_\d{6}$/);
    expect(new Set(kept).size).toBe(2);
    expect(existsSync(path)).toBe(false);
    expect(preserveFolder(path)).toBeUndefined();
  });

  it("an empty folder is not in the way", () => {
    makeFolder(join(dir, "empty"));
    expect(isOccupied(join(dir, "empty"))).toBe(false);
    expect(isOccupied(join(dir, "nothing"))).toBe(false);
  });

  it("says what stands where a folder should be made", () => {
    writeFileSync(join(dir, "file"), "");
    expect(() => makeFolder(join(dir, "file", "below"))).toThrow(
      /expected a folder that can be made/,
    );
  });
});

describe("a run on a disk that fills up", () => {
  it("fails with the file's name, half-writes nothing, and what it wrote reads back", async () => {
    const at = join(dir, "run");
    disk.bytesLeft = 120_000;
    await expect(runSample(at, {files: "per-bar"})).rejects.toThrow(
      /expected to write the file, found ENOSPC/,
    );
    const files = readdirSync(at, {recursive: true, encoding: "utf8"});
    expect(files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    disk.bytesLeft = Number.POSITIVE_INFINITY;
    const {exit_state} = new RunFolder(at).runRecord() ?? {};
    expect(["failed", "running"]).toContain(exit_state);
    const {statistics} = await new RunFolder(at).portfolio();
    expect(statistics.index.length).toBeGreaterThan(0);
    expect(statistics.index.length).toBeLessThan(24);
  });
});
