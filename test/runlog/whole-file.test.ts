import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {makeFolder} from "../../src/make-folder.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {
  appendWholeLine,
  isOccupied,
  preserveFolder,
  writeWholeFile,
} from "../../src/runlog/whole-file.js";
import {RunLog} from "../../src/runlog/writing/run-log.js";
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
  /** Gives room back, as the reserve does. */
  const rmSync: typeof fs.rmSync = (path, options) => {
    const size = fs.existsSync(path) && fs.statSync(path).isFile() ? fs.statSync(path).size : 0;
    fs.rmSync(path, options);
    disk.bytesLeft += String(path).endsWith(".reserve") ? size : 0;
  };
  const appendFileSync: typeof fs.appendFileSync = (path, data) => {
    const text = String(data);
    if (text.length > disk.bytesLeft) {
      fs.appendFileSync(path, text.slice(0, 3));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), {code: "ENOSPC"});
    }
    disk.bytesLeft -= text.length;
    fs.appendFileSync(path, text);
  };
  return {...fs, writeFileSync, rmSync, appendFileSync};
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

describe("appendWholeLine", () => {
  it("on a full disk leaves the lines that were there, none half", () => {
    const path = join(dir, "log.txt");
    appendWholeLine(path, "one");
    disk.bytesLeft = 2;
    expect(() => appendWholeLine(path, "another")).toThrow(/log\.txt: expected to write the file/);
    expect(readFileSync(path, "utf8")).toBe("one\n");
  });
});

describe("a run on a disk that fills up", () => {
  it("has room kept for its last word, however full the disk is", () => {
    const log = new RunLog({
      dir,
      files: "per-bar",
      instrumentIds: [],
      nodeRows: 0,
      isProfiled: false,
    });
    log.open();
    log.json("run.json", {exit_state: "running"});
    disk.bytesLeft = 0;
    expect(() => log.json("run.json", {exit_state: "failed"})).toThrow(/ENOSPC/);
    const record = {exit_state: "failed", bars: 0, error: "no room"};
    log.finish(record, 0);
    expect(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))).toEqual(record);
    const [line] = readFileSync(join(dir, "log.txt"), "utf8").split("\n") as [string];
    expect(JSON.parse(line)).toMatchObject({message: "run ended", state: "failed", bars: 0});
    expect(readdirSync(dir).sort()).toEqual(["log.txt", "run.json"]);
  });

  it.each(["per-bar", "per-stream"] as const)(
    "fails with the file's name, half-writes nothing and says that it failed, %s",
    async (files) => {
      const at = join(dir, "run");
      disk.bytesLeft = files === "per-bar" ? 160_000 : 60_000;
      await expect(runSample(at, {files})).rejects.toThrow(
        /expected to write the file, found ENOSPC.*free space/,
      );
      expect(disk.bytesLeft).toBeLessThan(20_000);
      const names = readdirSync(at, {recursive: true, encoding: "utf8"});
      expect(names.filter((name) => /\.(tmp|reserve)$/.test(name))).toEqual([]);
      const run = new RunFolder(at);
      expect(run.runRecord()).toMatchObject({
        exit_state: "failed",
        error: expect.stringMatching(/ENOSPC/),
      });
      const {statistics} = await run.portfolio();
      const bars = statistics.index.length;
      expect(files === "per-bar" ? bars > 0 && bars < 24 : bars === 0 || bars === 24).toBe(true);
    },
  );
});
