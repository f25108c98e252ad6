import {describe, expect, it} from "vitest";
import {runPaths} from "../../src/flows/run-place.js";

const RUN = {
  model: "C1",
  runMode: "paper_trading",
  scheduleMode: "scheduled",
  start: Date.UTC(2025, 8, 1, 13, 10),
  end: Date.UTC(2025, 8, 2, 13, 5),
} as const;
const below = "C1.config1/paper_trading/scheduled/20250901_131000.20250902_130500";

describe("runPaths", () => {
  it("composes the run folder and its console log below the root and the stage", () => {
    const place = {rootDir: "/desk", stage: "preprod", dataRootDir: "system_reconciliation"};
    expect(runPaths(place, {...RUN, tag: "config1"})).toEqual({
      dir: `/desk/preprod/system_reconciliation/${below}/system_log_dir`,
      consoleLog: `/desk/preprod/system_reconciliation/${below}/logs/log.scheduled.txt`,
    });
  });

  it("leaves out a stage that is not given", () => {
    const {dir} = runPaths({rootDir: "/desk", dataRootDir: "runs"}, {...RUN, tag: "config1"});
    expect(dir).toBe(`/desk/runs/${below}/system_log_dir`);
  });

  it("takes a folder as it is given", () => {
    expect(runPaths({dstDir: "here", dataRootDir: "runs"}, RUN)).toEqual({dir: "here"});
  });

  it.each([
    [{dataRootDir: "runs"}, "--dst-dir: expected the run folder, or --root-dir"],
    [{dstDir: "a", rootDir: "b", dataRootDir: "runs"}, "found both"],
    [{rootDir: "b", stage: "../up", dataRootDir: "runs"}, "--stage: expected letters"],
    [{rootDir: "b", dataRootDir: "a/b"}, "--data-root-dir: expected letters"],
  ])("refuses %j", (place, message) => {
    expect(() => runPaths(place, RUN)).toThrow(message);
  });
});
