import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {Desk} from "./desk.js";
import {buildPackage, ROOT, runnableBlocks, titled, tryBlock} from "./walk.js";

/** Guides that stand on the market of the demo, in an order in which each finds what it needs. */
const GUIDES = [
  "how-to-reconcile",
  "how-to-debug-a-failed-reconciliation",
  "how-to-judge-returns",
  "how-to-add-a-model",
];

describe("the guides", () => {
  let desk: Desk;
  beforeAll(async () => {
    buildPackage();
    desk = new Desk(ROOT);
    const {code, output} = await desk.runShell("npx reckon demo --dst-dir day");
    expect(code, output).toBe(0);
  }, 240_000);
  afterAll(() => desk?.remove());

  describe.each(GUIDES)("docs/%s.md", (name) => {
    it.each(titled(runnableBlocks(`docs/${name}.md`)))(
      "$title",
      ({block}) => tryBlock(desk, block, name),
      240_000,
    );
  });
});
