import {chmodSync, mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {formatFindings, formatJson} from "../../../src/cli/doctor/doctor.js";
import {type Machine, nearestFolder, thisMachine} from "../../../src/cli/doctor/machine.js";
import {inspectMachine} from "../../../src/cli/doctor/machine-checks.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-doctor-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const throwing = (message: string) => () => {
  throw new Error(message);
};
const healthy: Machine = {
  nodeVersion: "20.19.0",
  cwd: folder,
  load: async () => ({}),
  locate: (name) => `/packages/${name}`,
  temporary: folder,
  tryKernel: async () => "starts",
  tryStore: async () => "embedded",
  tryBrowser: async () => "/usr/bin/chromium",
  requireWritable: () => {},
  freeBytes: async () => 2 ** 30,
};

const inspect = (machine: Partial<Machine> = {}) =>
  inspectMachine({dataDir: "./data", machine: {...healthy, ...machine}});

const lacks: [name: string, machine: Partial<Machine>, found: string][] = [
  ["Node.js", {nodeVersion: "20.18.3"}, "expected 20.19 or newer, found 20.18.3"],
  ["Node.js", {nodeVersion: "18.20.0"}, "expected 20.19 or newer, found 18.20.0"],
  ["zeromq binary", {load: async (name) => name === "zeromq" && throwing("no zmq")()}, "no zmq"],
  [
    "tslab kernel",
    {locate: (name) => (name === "reckon" ? "" : throwing("no kernel")())},
    "no kernel",
  ],
  ["kernel starts", {tryKernel: async () => throwing("exit 1\nmore")()}, "exit 1"],
  ["SQL store", {tryStore: async () => throwing("no answer")()}, "no answer"],
  ["DuckDB", {load: async (name) => name.includes("duckdb") && throwing("a\nb")()}, "a"],
  ["browser", {tryBrowser: async () => throwing("no browser")()}, "no browser"],
  ['import "reckon"', {locate: (name) => (name === "reckon" ? throwing("no")() : "")}, "no"],
  ["disk space", {freeBytes: async () => 2 ** 30 - 1}, "expected 1024 MiB free, found 1023 MiB"],
];

describe("reckon doctor", () => {
  it("finds nothing missing on a healthy machine, and lists what is not needed yet", async () => {
    const findings = await inspect();
    expect(findings.filter(({state}) => state === "missing")).toEqual([]);
    expect(findings.filter(({state}) => state === "not needed yet").map(({name}) => name)).toEqual([
      "Redis",
    ]);
    expect(formatFindings(findings)).toMatch(/\n\nThis machine has all that Reckon needs\.\n$/);
    expect(JSON.parse(formatJson(findings))).toMatchObject({ok: true});
  });

  it.each(lacks)("names a missing %s with its fix (%o)", async (name, machine, found) => {
    const findings = await inspect(machine);
    const missing = findings.filter(({state}) => state === "missing");
    expect(missing).toEqual([{name, state: "missing", found, fix: expect.stringMatching(/\w/)}]);
    expect(formatFindings(findings)).toMatch(
      new RegExp(`fix: .*\\n[^]*\\nMissing: ${name}\\.\\n$`),
    );
    expect(JSON.parse(formatJson(findings))).toMatchObject({ok: false});
  });

  it("asks for write access where the data folder would be made", async () => {
    mkdirSync(join(folder, "there"));
    const asked: string[] = [];
    const dataDir = join(folder, "there/not/yet");
    const requireWritable = (path: string) => asked.push(path);
    await inspectMachine({dataDir, machine: {...healthy, requireWritable}});
    expect(asked).toEqual([folder, join(folder, "there"), folder]);
    expect(nearestFolder("/")).toBe("/");
  });

  it.skipIf(process.getuid?.() === 0)("sees a read-only folder (root may write anywhere)", () => {
    const sealed = join(folder, "sealed");
    mkdirSync(sealed);
    chmodSync(sealed, 0o555);
    expect(() => thisMachine().requireWritable(sealed)).toThrow("EACCES");
  });

  it("looks at this machine: the packages it tests with are there", async () => {
    const findings = await inspectMachine({dataDir: folder});
    const states = Object.fromEntries(findings.map(({name, state}) => [name, state]));
    expect(states).toMatchObject({
      "Node.js": "ok",
      "zeromq binary": "ok",
      "tslab kernel": "ok",
      "kernel starts": "ok",
      "temporary folder": "ok",
      "SQL store": "ok",
      DuckDB: "ok",
      browser: "ok",
      "this folder": "ok",
      "data folder": "ok",
    });
  });
});
