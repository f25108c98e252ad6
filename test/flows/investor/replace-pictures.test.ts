import {spawnSync} from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {PaintedPicture} from "../../../src/flows/investor/investor-pictures.js";
import {PICTURE_MANIFEST} from "../../../src/flows/investor/picture-manifest.js";
import {
  finishReplacement,
  type PictureSet,
  planReplacement,
  replacePictures,
} from "../../../src/flows/investor/replace-pictures.js";
import {DAY_MS, HOUR_MS, MINUTE_MS} from "../../../src/time/epoch.js";

const REPLACER = fileURLToPath(new URL("killed-replacer.mjs", import.meta.url));

const NOW = Date.UTC(2025, 8, 2, 12);
const NAMES = ["since_2019", "since_2022", "last_24hours", "last_5minutes"];

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-pictures-"));
  dir = join(root, "pnl_for_investors");
});
afterEach(() => {
  rmSync(root, {recursive: true, force: true});
});

function painted(last: string, content: string, names = NAMES): PaintedPicture[] {
  return names.map((name) => ({
    fileName: `cumulative_pnl.${name}.png`,
    png: Buffer.from(`${name} ${content}`),
    facts: {name, first: "2019-09-01 00:00", last, bars: 9, netPnl: 1_234},
    caption: "",
  }));
}

function setOf(last: string, content: string, changes: Partial<PictureSet> = {}): PictureSet {
  const newestRun = {exitState: "running", lastBar: NOW - 5 * MINUTE_MS, barMs: 5 * MINUTE_MS};
  return {model: "C1", painted: painted(last, content), newestRun, now: NOW, ...changes};
}

function place(set: PictureSet): void {
  replacePictures([planReplacement(dir, set)], set.painted);
}

const contents = () =>
  NAMES.map((name) => readFileSync(join(dir, `cumulative_pnl.${name}.png`), "utf8"));

describe("a plan", () => {
  it("says what would replace what, and changes nothing", () => {
    const first = planReplacement(dir, setOf("2025-09-02 11:00", "a"));
    expect(first.changes.map(({action}) => action)).toEqual(Array(4).fill("new"));
    expect(existsSync(dir)).toBe(false);
    place(setOf("2025-09-02 11:00", "a"));
    const set = setOf("2025-09-02 11:05", "bb", {
      painted: painted("2025-09-02 11:05", "bb", NAMES.slice(1)),
    });
    const plan = planReplacement(dir, set);
    expect(plan.refusals).toEqual([]);
    expect(plan.changes[0]).toMatchObject({
      fileName: "cumulative_pnl.since_2022.png",
      action: "replaces",
      old: {bytes: 12, facts: {last: "2025-09-02 11:00", netPnl: 1_234}},
      fresh: {bytes: 13, facts: {last: "2025-09-02 11:05"}},
    });
    expect(plan.changes.at(-1)).toMatchObject({
      fileName: "cumulative_pnl.since_2019.png",
      action: "stays",
    });
    expect(contents()).toEqual(NAMES.map((name) => `${name} a`));
    const same = planReplacement(dir, setOf("2025-09-02 11:00", "a"));
    expect(same.changes.map(({action}) => action)).toEqual(Array(4).fill("equal"));
  });

  it("knows pictures that somebody else put there by their size alone", () => {
    mkdirSync(dir);
    writeFileSync(join(dir, "cumulative_pnl.since_2019.png"), "theirs");
    writeFileSync(join(dir, "logo.png"), "logo");
    const [change] = planReplacement(dir, setOf("2025-09-02 11:00", "a")).changes;
    expect(change?.old).toEqual({
      fileName: "cumulative_pnl.since_2019.png",
      bytes: 6,
      facts: undefined,
    });
    place(setOf("2025-09-02 11:00", "a"));
    expect(readFileSync(join(dir, "logo.png"), "utf8")).toBe("logo");
  });
});

describe("pictures stay as they are", () => {
  const run = (exitState: string, ageMs: number) => ({
    newestRun: {exitState, lastBar: NOW - ageMs, barMs: 5 * MINUTE_MS},
  });
  const fresh = "2025-09-02 11:55";

  it.each<[name: string, set: PictureSet, words: RegExp]>([
    ["when the run failed", setOf(fresh, "b", run("failed", 0)), /the newest run failed/],
    [
      "when a running run has had no bar for more than three",
      setOf(fresh, "b", run("running", 15 * MINUTE_MS + 1)),
      /the newest run is stale: its last bar is 2025-09-02 11:44 UTC, now 2025-09-02 12:00/,
    ],
    [
      "when a run that is done ended more than a day ago",
      setOf(fresh, "b", run("done", DAY_MS + HOUR_MS)),
      /the newest run is stale/,
    ],
    ["when the run has no bar", setOf(fresh, "b", run("running", Number.NaN)), /it has no bar/],
    [
      "when they are newer",
      setOf("2025-09-02 10:00", "b"),
      /since_2019\.png would go back from 2025-09-02 11:00 to 2025-09-02 10:00 UTC/,
    ],
    ["when they are another model's", setOf(fresh, "b", {model: "C3"}), /of C1, these of C3/],
    ["when there is none", setOf(fresh, "b", {painted: []}), /there is no picture/],
  ])("%s", (_name, set, words) => {
    place(setOf("2025-09-02 11:00", "a"));
    expect(() => place(set)).toThrow(words);
    expect(contents()).toEqual(NAMES.map((name) => `${name} a`));
  });

  it.each<[name: string, set: PictureSet]>([
    ["three bars after the last one", setOf(fresh, "b", run("running", 15 * MINUTE_MS))],
    ["a day after the end of a run", setOf(fresh, "b", run("done", DAY_MS))],
    ["without any run", setOf(fresh, "b", {newestRun: undefined})],
  ])("but not %s", (_name, set) => {
    place(setOf("2025-09-02 11:00", "a"));
    place(set);
    expect(contents()).toEqual(NAMES.map((name) => `${name} b`));
  });

  it("when their manifest is damaged", () => {
    place(setOf("2025-09-02 11:00", "a"));
    writeFileSync(join(dir, PICTURE_MANIFEST), "{}");
    expect(() => place(setOf(fresh, "b"))).toThrow(/cumulative_pnl\.json: expected what the pict/);
  });
});

describe("a set replaces another as a whole", () => {
  it("wherever it is killed: as one or the other, which the next command finishes", () => {
    let killed = 0;
    for (let at = 1; ; ++at) {
      rmSync(dir, {recursive: true, force: true});
      place(setOf("2025-09-02 11:00", "a"));
      const {signal, status} = spawnSync(process.execPath, [REPLACER, dir, String(at)]);
      const {changes} = planReplacement(dir, setOf("2025-09-02 11:05", "b"));
      const [action, ...more] = [...new Set(changes.map((change) => change.action))];
      expect(more).toEqual([]); // what a dry run sees is one set
      finishReplacement(dir);
      const content = action === "equal" ? "b" : "a";
      expect(contents()).toEqual(NAMES.map((name) => `${name} ${content}`));
      const time = content === "b" ? "11:05" : "11:00";
      expect(readFileSync(join(dir, PICTURE_MANIFEST), "utf8")).toContain(`2025-09-02 ${time}`);
      expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
      if (status === 0) {
        expect([signal, content]).toEqual([null, "b"]);
        break;
      }
      expect(signal).toBe("SIGKILL");
      killed += 1;
    }
    expect(killed).toBeGreaterThan(10);
  }, 120_000);

  it("in all folders, or in none", () => {
    place(setOf("2025-09-02 11:00", "a"));
    const other = join(root, "other");
    writeFileSync(other, "a file");
    const set = setOf("2025-09-02 11:05", "b");
    const plans = [
      planReplacement(dir, set),
      {...planReplacement(join(root, "x"), set), dir: other},
    ];
    expect(() => replacePictures(plans, set.painted)).toThrow(/other: expected to write the pict/);
    expect(contents()).toEqual(NAMES.map((name) => `${name} a`));
    expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("or not at all when the disk refuses", () => {
    place(setOf("2025-09-02 11:00", "a"));
    writeFileSync(join(dir, `.incoming.${process.pid}.tmp`), "in the way");
    const again = () => place(setOf("2025-09-02 11:05", "b"));
    expect(again).toThrow(/expected to write the pictures, found .+; the old pictures are as they/);
    expect(contents()).toEqual(NAMES.map((name) => `${name} a`));
    again(); // what was in the way is gone
    expect(contents()).toEqual(NAMES.map((name) => `${name} b`));
  });
});
