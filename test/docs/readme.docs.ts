import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {checkDemo} from "../flows/demo-checks.js";
import {type Block, parseBlocks} from "./blocks.js";
import {Desk} from "./desk.js";
import {buildPackage, ROOT, runnableBlocks, titled, tryBlock} from "./walk.js";

const hasShared = existsSync(join(ROOT, "../shared"));
const tested = runnableBlocks("README.md");
const needsShared = ({code}: Block) => code.includes("../shared");

describe("README.md", () => {
  let desk: Desk;
  beforeAll(() => {
    buildPackage();
    desk = new Desk(ROOT);
  }, 120_000);
  afterAll(() => desk?.remove());

  it("has shell and ts blocks to try, and marks the two that are tested on their own", () => {
    expect(new Set(tested.map(({language}) => language))).toEqual(new Set(["sh", "ts"]));
    const unmarked = tested.filter(({code}) => /npm (test|run demo)/.test(code));
    expect(unmarked.map(({line}) => line)).toEqual([]);
    const known = ["sh", "ts", "text", "json", ""];
    const blocks = parseBlocks(readFileSync(join(ROOT, "README.md"), "utf8"));
    expect(blocks.filter(({language}) => !known.includes(language))).toEqual([]);
  });

  it.each(titled(tested.filter((block) => hasShared || !needsShared(block))))(
    "$title",
    ({block}) => tryBlock(desk, block),
    300_000,
  );

  it.skipIf(hasShared).each(titled(tested.filter((block) => !hasShared && needsShared(block))))(
    "$title (needs ../shared, which is absent)",
    ({block}) => tryBlock(desk, block),
  );

  describe("docs/how-to-observe-a-run.md looks at the day it makes", () => {
    const steps = runnableBlocks("docs/how-to-observe-a-run.md");
    it.each(titled(steps))("$title", ({block}) => tryBlock(desk, block), 120_000);

    it("and shows the same numbers on page and pictures", () => {
      const plots = join(desk.folder, "day/plots");
      const read = (path: string) => JSON.parse(readFileSync(join(plots, path), "utf8"));
      const {pictures} = read("cumulative_pnl.json");
      const {windows} = read("historical_pnl_for_investors/result_0/results.json");
      expect(Object.values(pictures)).toEqual(expect.arrayContaining(windows));
      expect(windows).toHaveLength(4);
    });
  });

  describe("the day it makes", () => {
    checkDemo({
      folder: () => join(desk.folder, "day"),
      windows: ["since_2022", "since_2025", "last_24hours", "last_5minutes"],
      says: /simulated market 5m/,
    });
  });
});
