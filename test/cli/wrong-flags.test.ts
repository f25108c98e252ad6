import {existsSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {reckon} from "./command-line.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-wrong-flags-"));
  writeFileSync(join(dir, "pnl.csv"), "date,pnl\n2025-01-01,1\n2025-01-02,2\n");
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

const PERIOD = ["--start-timestamp", "20250901_000000", "--end-timestamp", "20250903_000000"];
const MULTIDAY = ["reconcile", "multiday", "--model", "C1", "--run-mode", "paper_trading"];

describe("a wrong flag is told by its name, with what was given, before anything is made", () => {
  it.each<[string[], string]>([
    [["stats", "pnl.csv", "--capital", "much"], '--capital: expected a number, found "much"'],
    [["stats", "pnl.csv", "--capital"], "--capital: expected a number, found nothing"],
    [["stats", "pnl.csv", "--gmv", "--json"], "--gmv: expected a number, found nothing"],
    [["stats", "pnl.csv", "--seed="], "--seed: expected a number, found nothing"],
    [["stats", "pnl.csv", "--seed", "1", "--seed"], "--seed: expected a number, found nothing"],
    [["evaluate", "pnl.csv", "--frequency", "7X"], "--frequency: expected a frequency such as"],
    [["evaluate", "pnl.csv", "--quantization", "1.5"], "--quantization: expected a whole number"],
    [
      ["observe", "--model", "C1", "--prod-data-root-dir", "nowhere"],
      "--prod-data-root-dir: expected the root of the recorded runs, found no folder /",
    ],
    [
      ["investor-plots", "--model", "C1", "--history", "pnl.csv", "--first-year", "20"],
      "--first-year: expected a year such as 2019, found 20",
    ],
    [
      [...MULTIDAY, "--dst-root-dir", "r", ...PERIOD, "--end-timestamp", "20250901_0000"],
      "--end-timestamp: expected one value, found it given twice",
    ],
    [
      [...MULTIDAY, "--dst-root-dir", "r", ...PERIOD.slice(0, 3), "20250831_000000"],
      "--end-timestamp: expected 20250901_000000 or later, found 20250831_000000",
    ],
    [
      [...MULTIDAY, "--dst-root-dir", "r", ...PERIOD, "--pnl-resampling-frequency", "7Q"],
      "--pnl-resampling-frequency: expected a frequency such as 5T, 1H, D or B, found",
    ],
    [
      [...MULTIDAY, "--dst-root-dir", "r", ...PERIOD, "--html-notebook-tag", "../x"],
      "--html-notebook-tag: expected letters, digits, dots, dashes and underscores, found",
    ],
    [
      [...MULTIDAY, "--dst-root-dir", "r", ...PERIOD, "--html-notebook-tag", ".x"],
      "--html-notebook-tag: expected letters, digits, dots, dashes and underscores, found",
    ],
  ])("%j", async (args, wanted) => {
    const placed = args.map((arg) =>
      ["pnl.csv", "nowhere", "r"].includes(arg) ? join(dir, arg) : arg,
    );
    const {exitCode, stdout, stderr} = await reckon(...placed);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(wanted);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(["r", "nowhere"].filter((name) => existsSync(join(dir, name)))).toEqual([]);
  });
});
