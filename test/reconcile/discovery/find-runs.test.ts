import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {findRuns, newestRun} from "../../../src/reconcile/discovery/find-runs.js";
import {formatStamp, parseStamp} from "../../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle} from "../../oracles/shared.js";

type Listed = readonly [start: string, end: string, mode: string];

interface Discovery {
  readonly dirs: readonly Listed[];
  readonly cases: readonly {start: string | null; end: string | null; expected: Listed[]}[];
}

const QUERY = {model: "C1b", runMode: "paper_trading"};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-find-"));
});
afterEach(() => {
  rmSync(root, {recursive: true, force: true});
});

function make(...path: string[]): string {
  const dir = join(root, ...path);
  mkdirSync(dir, {recursive: true});
  return dir;
}

const listed = (runs: ReturnType<typeof findRuns>): Listed[] =>
  runs.map(({start, end, scheduleMode}) => [formatStamp(start), formatStamp(end), scheduleMode]);

/** What stands beside runs and is none. */
function makeUnrelated(dir: string): void {
  make(dir, "multiday", "20230723_131000.20230730_130500", "system_log_dir.scheduled");
  make(dir, "20230723_131000", "system_log_dir.scheduled");
  make(dir, "20239999_131000.20230724_130500", "system_log_dir.scheduled");
  make(dir, "20230723_131000.20230724_130500.bak", "system_log_dir.scheduled");
  make(dir, "notes");
  writeFileSync(join(root, dir, "20230723_131000.20230725_130500"), "a file");
}

const oracle = (
  HAS_SHARED ? readOracle<Discovery>("18_run_discovery.json") : {dirs: [], cases: []}
) as Discovery;

describe.skipIf(!HAS_SHARED)(`findRuns as the reference does (oracle 18)${NEEDS_SHARED}`, () => {
  const layouts: [name: string, place: (run: Listed) => string[]][] = [
    ["legacy", ([start, end, mode]) => [`${start}.${end}`, `system_log_dir.${mode}`]],
    [
      "legacy, reconciled",
      ([start, end, mode]) => [`${start}.${end}`, "prod", `system_log_dir.${mode}`],
    ],
    ["ours", ([start, end, mode]) => [mode, `${start}.${end}`, "system_log_dir"]],
    [
      "ours, reconciled",
      ([start, end, mode]) => [mode, `${start}.${end}`, "prod", "system_log_dir"],
    ],
  ];

  it.each(layouts)("%s", (_name, place) => {
    const dir = "C1b/paper_trading";
    for (const run of oracle.dirs) {
      make(dir, ...place(run));
    }
    makeUnrelated(dir);
    expect(oracle.cases).toHaveLength(4);
    for (const {start, end, expected} of oracle.cases) {
      const [from, to] = [start, end].map((text) => (text === null ? undefined : Date.parse(text)));
      const runs = findRuns(root, {...QUERY, start: from, end: to});
      expect(listed(runs)).toEqual(expected);
    }
  });
});

describe("findRuns", () => {
  it("counts a run that starts at either bound", () => {
    make("C1b/paper_trading/manual/20230720_131000.20230721_130500/system_log_dir");
    const start = parseStamp("20230720_131000");
    expect(findRuns(root, {...QUERY, start, end: start})).toHaveLength(1);
    expect(findRuns(root, {...QUERY, start: start + 1})).toEqual([]);
    expect(findRuns(root, {...QUERY, end: start - 1})).toEqual([]);
  });

  it("keeps tags, run modes and models apart", () => {
    make("C1b.config1/paper_trading/20230720_131000.20230721_130500/system_log_dir.manual");
    expect(findRuns(root, QUERY)).toEqual([]);
    expect(findRuns(root, {...QUERY, tag: "config1", runMode: "prod"})).toEqual([]);
    expect(findRuns(root, {...QUERY, tag: "config1"})).toMatchObject([
      {scheduleMode: "manual", layout: "legacy"},
    ]);
  });

  it("gives the run folder and what was printed", () => {
    const ours = "C1b/paper_trading/scheduled/20230720_131000.20230721_130500/system_log_dir";
    const old = "C1b/paper_trading/20230721_131000.20230722_130500";
    writeFileSync(join(make(ours), "log.txt"), "");
    const [logDir, logs] = [make(old, "system_log_dir.manual"), make(old, "logs")];
    writeFileSync(join(logs, "log.manual.txt"), "");
    writeFileSync(join(logs, "log.scheduled.txt"), "");
    expect(findRuns(root, QUERY)).toMatchObject([
      {layout: "reckon", logDir: join(root, ours), consoleLog: join(root, ours, "log.txt")},
      {layout: "legacy", logDir, consoleLog: join(logs, "log.manual.txt")},
    ]);
  });

  it("tells of a folder without a log, and refuses one with two", () => {
    const empty = make("C1b/paper_trading/20230720_131000.20230721_130500");
    const skipped: string[] = [];
    const onSkip = (dir: string) => skipped.push(dir);
    expect(findRuns(root, {...QUERY, onSkip})).toEqual([]);
    expect(skipped).toEqual([empty]);
    make("C1b/paper_trading/20230720_131000.20230721_130500/system_log_dir.manual");
    make("C1b/paper_trading/20230720_131000.20230721_130500/system_log_dir.scheduled");
    expect(() => findRuns(root, QUERY)).toThrow(/expected one system_log_dir\.\{mode\}, found/);
  });

  it("newestRun starts last, and of those ends last", () => {
    make("C1b/paper_trading/manual/20230720_131000.20230723_130500/system_log_dir");
    make("C1b/paper_trading/20230721_131000.20230722_130500/system_log_dir.manual");
    make("C1b/paper_trading/scheduled/20230721_131000.20230722_140500/system_log_dir");
    make("C1b/paper_trading/scheduled/20230729_131000.20230730_140500/system_log_dir");
    const end = parseStamp("20230725_000000");
    expect(formatStamp(newestRun(root, {...QUERY, end}).end)).toBe("20230722_140500");
    expect(() => newestRun(root, {...QUERY, runMode: "prod"})).toThrow(/expected a run of C1b/);
  });
});
