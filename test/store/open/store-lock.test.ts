import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {hostname, tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {takeLock} from "../../../src/store/open/store-lock.js";

describe("the lock of an embedded database", () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "reckon-lock-"));
    path = join(dir, "data", "sql.lock");
  });
  afterEach(() => rmSync(dir, {recursive: true, force: true}));

  const write = (holder: object | string) => {
    takeLock(path)();
    writeFileSync(path, typeof holder === "string" ? holder : JSON.stringify(holder));
  };

  it("names this process, and is gone when given back, twice if need be", () => {
    const release = takeLock(path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
    release();
    release();
    expect(existsSync(path)).toBe(false);
  });

  it("is refused to this process while it has it", () => {
    const release = takeLock(path);
    expect(() => takeLock(path)).toThrow(/open already in this process; pass the open store on/);
    release();
    takeLock(path)();
  });

  it("is refused while its holder lives, by number, and taken over after", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    try {
      const {pid} = child;
      write({pid, host: hostname(), started: ""});
      expect(() => takeLock(path)).toThrow(`it in use by process ${pid}; end that process`);
    } finally {
      child.stdin.end();
      await new Promise((resolve) => child.once("exit", resolve));
    }
    takeLock(path)();
    expect(existsSync(path)).toBe(false);
  });

  const stale: [what: string, holder: object | string][] = [
    ["of an earlier process of this number", {pid: process.pid, host: hostname(), started: "1"}],
    [
      "of a process whose number another has now",
      {pid: process.ppid, host: hostname(), started: "1"},
    ],
    ["that was half written", '{"pid": 1'],
    ["that is empty", ""],
  ];
  it.each(stale)("a lock %s is taken over", (_what, holder) => {
    write(holder);
    const release = takeLock(path);
    expect(JSON.parse(readFileSync(path, "utf8")).pid).toBe(process.pid);
    release();
  });

  it("of another machine is left alone, with what to do", () => {
    write({pid: 7, host: "elsewhere", started: ""});
    expect(() => takeLock(path)).toThrow(/process 7 on elsewhere \(delete the file if/);
    expect(existsSync(path)).toBe(true);
  });

  it("cannot be where a file is in the way", () => {
    writeFileSync(join(dir, "data"), "");
    expect(() => takeLock(path)).toThrow(/expected a folder that can be made/);
  });
});
