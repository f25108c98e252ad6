import {describe, expect, it} from "vitest";
import {
  healthChecks,
  healthTable,
  healthVerdict,
} from "../../../src/report/observer/health-checks.js";
import {
  earningsRow,
  earningsSummary,
  holdingsTable,
  holdingsView,
  runEarnings,
} from "../../../src/report/observer/run-earnings.js";
import {mapCells} from "../../../src/table/frame.js";
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

describe("holdings", () => {
  it("are those of the last bar, largest first, with the PnL so far", () => {
    expect(holdingsTable(recordedRun(5)).objects()).toEqual([
      {
        Instrument: "A",
        Side: "long",
        Shares: 10,
        "Value ($)": 130,
        "Share of GMV (%)": 56.52,
        "PnL so far, before fees ($)": 30,
      },
      {
        Instrument: "B",
        Side: "short",
        Shares: -4,
        "Value ($)": -100,
        "Share of GMV (%)": 43.48,
        "PnL so far, before fees ($)": 0,
      },
    ]);
  });

  it("show shares to their own precision", () => {
    const run = recordedRun(5);
    const shares = mapCells(run.portfolio.holdings_shares, (x) => x * 0.0625);
    const {text} = holdingsView({portfolio: {...run.portfolio, holdings_shares: shares}});
    expect(text).toMatch(/A +long +0\.625 +130\.00/);
    expect(holdingsView(recordedRun(0)).text).toBe("No holding was recorded.");
  });
});

describe("health", () => {
  const statusOf = (...args: Parameters<typeof healthChecks>) =>
    Object.fromEntries(healthChecks(...args).map(({name, status}) => [name, status]));

  it("finds a whole run well", () => {
    const checks = healthChecks(recordedRun(5));
    expect(checks.map(({status}) => status)).toEqual(Array(6).fill("ok"));
    expect(healthVerdict(checks).text).toBe("The run is well: 6 checks passed, no alert.");
    expect(healthTable(checks).numRows()).toBe(6);
  });

  it.each([
    ["Balance", {leastBalance: 1026}],
    ["Cumulative net PnL", {leastPnl: 26}],
    ["Net PnL / GMV", {leastPnlPercent: 50}],
    ["Last bar is fresh", {asOf: barEnd(9)}],
  ])("raises an alert: %s", (name, limits) => {
    const statuses = statusOf(recordedRun(5), limits);
    expect(Object.keys(statuses).filter((key) => statuses[key] === "alert")).toEqual([name]);
  });

  it("names the first bar that is missing", () => {
    const run = recordedRun(5);
    const facts = {...run.facts, end: barEnd(7)};
    const [check] = healthChecks({...run, facts}).filter(({name}) => name === "No bar is missing");
    expect(check).toMatchObject({
      status: "alert",
      found: "5 of 7 bars, first missing 2025-09-01 00:30 UTC",
    });
  });

  it("counts a running run's bars up to its clock", () => {
    const run = recordedRun(5);
    const facts = {...run.facts, end: barEnd(288), exitState: "running"};
    expect(statusOf({...run, facts})).toMatchObject({
      "Last bar is fresh": "ok",
      "No bar is missing": "ok",
    });
  });

  it("names instruments without a price in the last three bars", () => {
    const run = recordedRun(5);
    const price = run.targets.price as NonNullable<typeof run.targets.price>;
    const [a, b] = price.data as [Float64Array, Float64Array];
    const stale = b.map((x, t) => (t < 2 ? x : Number.NaN));
    const targets = {...run.targets, price: {...price, data: [a, stale]}};
    const found = healthChecks({...run, targets}).find(({name}) => name === "Prices are fresh");
    expect(found).toMatchObject({status: "alert", found: "none of B"});
  });

  it("is unknown, not an exception, where nothing was recorded", () => {
    const run = recordedRun(0);
    const facts = {...run.facts, start: undefined, end: undefined};
    const checks = healthChecks({...run, facts});
    expect(checks.map(({status}) => status)).toEqual(Array(6).fill("unknown"));
    expect(healthVerdict(checks).text).toContain("Nothing to check yet.");
  });
});
