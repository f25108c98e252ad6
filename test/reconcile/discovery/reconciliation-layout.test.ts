import {describe, expect, it} from "vitest";
import {
  parseRunPath,
  type RunIdentity,
  runPath,
} from "../../../src/reconcile/discovery/reconciliation-layout.js";
import {parseStamp} from "../../../src/time/epoch.js";

describe("run paths", () => {
  const run: RunIdentity = {
    model: "C1",
    runMode: "paper_trading",
    scheduleMode: "scheduled",
    start: parseStamp("20250901_000000"),
    end: parseStamp("20250902_000000"),
  };
  it.each([run, {...run, tag: "config1"}, {...run, scheduleMode: "manual" as const, tag: "a.b"}])(
    "read back what they were made from: %o",
    (one) => {
      expect(parseRunPath(runPath(one))).toEqual(one);
    },
  );
  it("follow the layout of the house", () => {
    expect(runPath({...run, tag: "config1"})).toBe(
      "C1.config1/paper_trading/scheduled/20250901_000000.20250902_000000",
    );
    expect(
      parseRunPath("C1/paper_trading/multiday/20250901_000000.20250902_000000"),
    ).toBeUndefined();
  });
});
