import {describe, expect, it} from "vitest";
import {lastOutputView} from "../../../src/report/observer/last-output.js";
import {
  researchGap,
  researchGapSummary,
  researchGapView,
} from "../../../src/report/observer/prod-vs-research.js";
import {frameFromRows} from "../../../src/table/frame.js";
import {panelOf} from "../../../src/table/panel.js";
import {barEnd, recordedRun} from "../sample-recorded-run.js";

describe("prod against research", () => {
  it("adds up and correlates over the bars that both know", () => {
    const index = [1, 2, 3, 4, 5];
    const prod = frameFromRows(
      index,
      ["pnl", "fees"],
      [
        [Number.NaN, 0],
        [4, 1],
        [7, 1],
        [1, 1],
        [9, 1],
      ],
    );
    const research = frameFromRows([2, 3, 4, 6], ["pnl"], [[4], [5], [2], [100]]);
    const gap = researchGap(prod, research);
    // prod net 3, 6, 0; research 4, 5, 2: means 3 and 11/3.
    expect(gap).toMatchObject({bars: 3, prod: 9, research: 11, difference: -2});
    const [sab, saa, sbb] = [
      0 * (1 / 3) + 3 * (4 / 3) + -3 * (-5 / 3),
      18,
      1 / 9 + 16 / 9 + 25 / 9,
    ];
    expect(gap.correlation).toBeCloseTo(sab / Math.sqrt(saa * sbb), 12);
    expect(researchGapSummary(researchGap(prod, frameFromRows([], ["pnl"], [])))).toEqual({
      bars: 0,
      prod: null,
      research: null,
      difference: null,
      correlation: null,
    });
  });

  it("is a sentence without forecasts", () => {
    const run = {...recordedRun(5), research: frameFromRows([], [], [])};
    expect(researchGapView(run).text).toContain("no forecast was recorded");
  });
});

describe("what the model said last", () => {
  it("is a line an instrument, at the bar and the clock of its record", () => {
    const row = panelOf({price: frameFromRows([barEnd(5)], ["A", "B"], [[1.5, Number.NaN]])});
    const {text} = lastOutputView({lastOutput: {node: "predict", wallClock: barEnd(5), row}});
    expect(text).toContain("Node predict, bar 2025-09-01 00:25 UTC");
    expect(text).toMatch(/A +1\.5\nB +missing/);
    expect(lastOutputView({lastOutput: undefined}).text).toBe("No DAG output was recorded.");
  });
});
