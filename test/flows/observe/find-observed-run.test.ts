import {mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {
  findObservedRun,
  type ObservedRunQuery,
} from "../../../src/flows/observe/find-observed-run.js";
import {folderModelName} from "../../../src/flows/observe/model-name.js";
import {formatStamp, parseStamp} from "../../../src/time/epoch.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-observed-"));
});
afterEach(() => {
  rmSync(root, {recursive: true, force: true});
});

/** Makes the folder of a run of ours, or of an older layout. */
function make(start: string, end: string, {under = "", mode = "scheduled", isLegacy = false} = {}) {
  const place = join(root, under, "C1", "paper_trading");
  const interval = `${start}.${end}`;
  mkdirSync(
    isLegacy
      ? join(place, interval, `system_log_dir.${mode}`)
      : join(place, mode, interval, "system_log_dir"),
    {recursive: true},
  );
}

const query = (changes: Partial<ObservedRunQuery> = {}): ObservedRunQuery => ({
  root,
  model: "C1",
  runMode: "paper_trading",
  now: parseStamp("20250902_120000"),
  ...changes,
});

const found = (changes: Partial<ObservedRunQuery> = {}): string => {
  const {start, end, scheduleMode} = findObservedRun(query(changes));
  return `${formatStamp(start)}.${formatStamp(end)} ${scheduleMode}`;
};

const given = (start: string, end: string, scheduleMode: "scheduled" | "manual") => ({
  start: parseStamp(start),
  end: parseStamp(end),
  scheduleMode,
});

describe("the newest run", () => {
  it("is the one that started last within the day before now", () => {
    make("20250901_110000", "20250902_110000");
    make("20250901_130000", "20250902_130000");
    make("20250902_100000", "20250903_100000", {mode: "manual"});
    make("20250902_130000", "20250903_130000"); // in the future
    expect(found()).toBe("20250902_100000.20250903_100000 manual");
  });

  it.each([
    ["at the first instant of the day", "20250901_120000", true],
    ["just before it", "20250901_115959", false],
    ["now", "20250902_120000", true],
    ["a second later", "20250902_120001", false],
  ])("counts one that starts %s", (_name, start, isFound) => {
    make(start, "20250903_000000");
    const look = () => found();
    if (isFound) {
      expect(look()).toContain(start);
    } else {
      expect(look).toThrow(
        /expected a run of C1, paper_trading, that started from .+, found none; check/,
      );
    }
  });

  it("of two that start together is the one that ends last", () => {
    make("20250902_100000", "20250902_110000");
    make("20250902_100000", "20250902_110500", {mode: "manual"});
    expect(found()).toBe("20250902_100000.20250902_110500 manual");
  });

  it("is found in older layouts, and below system_reconciliation and a stage", () => {
    make("20250902_080000", "20250903_080000", {isLegacy: true});
    expect(found()).toBe("20250902_080000.20250903_080000 scheduled");
    make("20250902_090000", "20250903_090000", {under: "system_reconciliation", isLegacy: true});
    expect(found()).toContain("20250902_090000");
    make("20250902_093000", "20250903_093000", {under: "prod/system_reconciliation"});
    expect(found()).toContain("20250902_090000");
    expect(found({stage: "prod"})).toContain("20250902_093000");
  });

  it("of a tag is that of the tag", () => {
    make("20250902_080000", "20250903_080000");
    expect(() => found({tag: "config1"})).toThrow(/a run of C1\.config1, /);
  });

  it("passes over a folder without a log, and says so", () => {
    make("20250902_080000", "20250903_080000");
    const empty = join(root, "C1", "paper_trading", "scheduled", "20250902_110000.20250903_110000");
    mkdirSync(empty, {recursive: true});
    const skipped: string[] = [];
    expect(found({onSkip: (dir) => void skipped.push(dir)})).toContain("20250902_080000");
    expect(skipped).toEqual([empty]);
  });
});

describe("a given run", () => {
  it("needs start, end and mode to agree, however old it is", () => {
    make("20240101_000000", "20240102_000000");
    make("20240101_000000", "20240102_000000", {mode: "manual"});
    expect(found(given("20240101_000000", "20240102_000000", "manual"))).toMatch(/ manual$/);
    const look = () => found(given("20240101_000000", "20240103_000000", "manual"));
    expect(look).toThrow(/found other runs of that start: .+20240101_000000\.20240102_000000/);
  });

  it.each([
    [{start: 0}, "1 of the three"],
    [{start: 0, end: 1}, "2 of the three"],
    [{scheduleMode: "manual" as const}, "1 of the three"],
  ])("is all of the three or none: %j", (some, words) => {
    expect(() => findObservedRun(query(some))).toThrow(words);
  });
});

describe("the name that a model's folders carry", () => {
  it.each([
    ["C1", "C1"],
    ["a.b.C1_DagBuilder_tmp", "C1"],
    ["dataflow_amp.pipelines.C3a_DagBuilder_tmp", "C3a"],
    ["C11a", "C11a"],
  ])("%s is %s, also where the model is not known here", (text, name) => {
    expect(folderModelName(text)).toBe(name);
  });
});
