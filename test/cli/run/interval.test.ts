import {describe, expect, it} from "vitest";
import {runInterval} from "../../../src/cli/run/interval.js";

const NOW = Date.UTC(2025, 8, 1, 12, 3, 27);
const START = "20250901_100000";
const PAPER = {runMode: "paper_trading"} as const;
const END = "20250901_110000";

describe("runInterval", () => {
  it("takes two timestamps, or one and a duration in seconds", () => {
    const whole = {start: Date.UTC(2025, 8, 1, 10), end: Date.UTC(2025, 8, 1, 11), isLive: false};
    expect(runInterval({...PAPER, startTimestamp: START, endTimestamp: END}, NOW)).toEqual(whole);
    expect(runInterval({...PAPER, startTimestamp: START, runDuration: 3600}, NOW)).toEqual(whole);
  });

  it("is live when its end lies ahead, and then begins now where no start is given", () => {
    const live = runInterval({...PAPER, runDuration: 600}, NOW);
    expect(live).toEqual({
      start: Date.UTC(2025, 8, 1, 12, 3),
      end: Date.UTC(2025, 8, 1, 12, 13),
      isLive: true,
    });
  });

  it("replays where its end is over, or --feed or --market-data-file say so", () => {
    const future = {...PAPER, startTimestamp: "20250901_130000", endTimestamp: "20250901_140000"};
    expect(runInterval(future, NOW).isLive).toBe(true);
    expect(runInterval({...future, feed: "recorded"}, NOW).isLive).toBe(false);
    expect(runInterval({...future, marketDataFile: "f.csv.gz"}, NOW).isLive).toBe(false);
    expect(runInterval({...future, runMode: "simulation"}, NOW).isLive).toBe(false);
    const past = {...PAPER, startTimestamp: START, endTimestamp: END, feed: "sql"} as const;
    expect(runInterval(past, NOW).isLive).toBe(false);
  });

  it.each([
    [{startTimestamp: START}, "--end-timestamp: expected an end, or --run-duration"],
    [{startTimestamp: START, endTimestamp: END, runDuration: 5}, "found both"],
    [{startTimestamp: START, runDuration: 0}, "--run-duration: expected a number of seconds"],
    [{startTimestamp: START, runDuration: Number.NaN}, "--run-duration: expected a number"],
    [{endTimestamp: END}, "--start-timestamp: expected the start of the recorded bars"],
    [{startTimestamp: "2025", endTimestamp: END}, "--start-timestamp: expected a UTC time"],
  ])("refuses %j", (flags, message) => {
    expect(() => runInterval({...PAPER, ...flags}, NOW)).toThrow(message);
  });
});
