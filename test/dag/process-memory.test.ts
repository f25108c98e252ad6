import process from "node:process";
import {describe, expect, it} from "vitest";
import {readProcessMemory, vmsOf} from "../../src/dag/process-memory.js";

describe("the memory of a process", () => {
  it("is told by the 23rd field, whatever the command is called", () => {
    const stat = (command: string) =>
      `15956 (${command}) R 15946 15946 4979 0 -1 4194304 103 0 0 0 0 0 0 0 20 0 1 0 1905130 ` +
      "2998272 402 18446744073709551615 94571580248064";
    expect(vmsOf(stat("head"))).toBe(2_998_272);
    expect(vmsOf(stat("a) b (c 1 2"))).toBe(2_998_272);
    expect(vmsOf("nothing of the kind")).toBeUndefined();
  });

  it("is at least what is resident", () => {
    const {rss, vms} = readProcessMemory();
    expect(rss).toBeGreaterThan(1e6);
    expect(process.platform === "linux" ? vms : rss + 1).toBeGreaterThan(rss);
  });
});
