import process from "node:process";
import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {reckon} from "./command-line.js";

const own = Object.getOwnPropertyDescriptor(process.stdout, "columns");

/** As on a terminal of so many columns; undefined: in a pipe. */
function setColumns(value: number | undefined): void {
  Object.defineProperty(process.stdout, "columns", {value, configurable: true, writable: true});
}

async function longestLine(...command: readonly string[]): Promise<number> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await reckon(...command, "--help");
  const help = log.mock.calls.flat().join("\n");
  log.mockRestore();
  expect(help).toContain("--help");
  return Math.max(...help.split("\n").map((line) => line.length));
}

describe("help", () => {
  // Behind its help yargs ends the process, which here is one that other tests run in.
  beforeEach(() => {
    vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  });

  afterEach(() => {
    vi.restoreAllMocks();
    if (own === undefined) delete (process.stdout as Partial<NodeJS.WriteStream>).columns;
    else Object.defineProperty(process.stdout, "columns", own);
  });

  const commands = [
    "",
    "notebook",
    "notebook run",
    "publish",
    "site serve",
    "run",
    "reconcile all",
  ];
  it.each(commands)("of reckon %s fits the terminal", async (command) => {
    const words = command.split(" ").filter((word) => word !== "");
    setColumns(80);
    expect(await longestLine(...words)).toBeLessThanOrEqual(80);
    setColumns(250);
    expect(await longestLine(...words)).toBeLessThanOrEqual(100);
    setColumns(undefined);
    expect(await longestLine(...words)).toBeLessThanOrEqual(100);
  });
});
