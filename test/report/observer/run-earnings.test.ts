import {describe, expect, it} from "vitest";
import {
  pnlWindows,
  pnlWindowsSummary,
  pnlWindowsView,
} from "../../../src/report/observer/pnl-windows.js";
import {
  earningsRow,
  earningsSummary,
  runEarnings,
} from "../../../src/report/observer/run-earnings.js";
import {barEnd, recordedRun} from "../sample-recorded-run.js";

describe("what a run has earned", () => {
  // Five bars: PnL 0, 10, 10, 10 after the first; a fee of 1 in four of them; traded 200.
  const run = recordedRun(5);
  const earnings = runEarnings(run.portfolio.statistics);

  it("adds up net PnL and relates it to volume and GMV", () => {
    expect(earnings).toMatchObject({bars: 5, lastBar: barEnd(5), netPnl: 26, fees: 4});
    expect(earnings.netPnlBps).toBeCloseTo((1e4 * 26) / 200, 9);
    expect(earnings.netPnlPercent).toBeCloseTo((100 * 26) / 215, 9); // GMV 200, 210, 220, 230
    expect(earnings.maxDrawdown).toBe(-1); // the fee of the second bar
    expect(earnings).toMatchObject({gmv: 230, netWealth: 1026});
    expect(earnings.leverage).toBeCloseTo(230 / 1026, 12);
  });

  it("shows them with their units", () => {
    const {text} = earningsRow(earnings);
    expect(text).toContain("Net PnL: +$26 (after fees)");
    expect(text).toContain("Net PnL / volume: 1,300.00 bps (of gross volume)");
    expect(text).toContain("Largest drawdown: −$1");
    expect(text).toContain("Last bar: 00:25 (UTC, 2025-09-01; 5 bars done)");
  });

  it.each([0, 1, 2])("of %i bars is data too, and JSON", (bars) => {
    const short = runEarnings(recordedRun(bars).portfolio.statistics);
    const summary = earningsSummary(short);
    expect(summary.bars).toBe(bars);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    expect(earningsRow(short).text).toContain(bars === 0 ? "No bar was recorded yet." : "Net PnL");
  });

  it("knows no net PnL before there is any", () => {
    expect(earningsSummary(runEarnings(recordedRun(1).portfolio.statistics))).toMatchObject({
      netPnl: null,
      lastBar: "2025-09-01 00:05",
    });
  });
});

describe("windows", () => {
  it("are the last bar, the last day and the whole run, each up to the last bar", () => {
    const run = recordedRun(300);
    const [short, day, whole] = pnlWindows(run);
    // Each bar from the third on earns 10 and pays 1; the second pays 1.
    expect(short).toMatchObject({name: "last_5minutes", title: "Last 5 minutes"});
    expect(short?.earnings).toMatchObject({bars: 1, netPnl: 9});
    expect(day).toMatchObject({name: "last_24hours", from: barEnd(12)});
    expect(day?.earnings).toMatchObject({bars: 288, netPnl: 288 * 9});
    expect(whole?.from).toBe(barEnd(0));
    expect(whole?.earnings).toMatchObject({bars: 300, netPnl: 298 * 9 - 1, volume: 200});
    expect(pnlWindowsView(pnlWindows(run)).text).toMatch(
      /Last 5 minutes +2025-09-02 00:55 +1 +\+\$9/,
    );
  });

  it("take a bar that is longer than five minutes as it is", () => {
    const run = recordedRun(3);
    const [short] = pnlWindows({...run, facts: {...run.facts, barMs: 15 * 60_000}});
    expect(short?.title).toBe("Last bar");
  });

  it("are a sentence where there is no bar", () => {
    expect(pnlWindows(recordedRun(0))).toEqual([]);
    expect(pnlWindowsView([]).text).toContain("No bar was recorded yet");
    expect(pnlWindowsSummary([])).toEqual({});
  });
});
