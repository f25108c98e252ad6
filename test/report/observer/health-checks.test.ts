import {describe, expect, it} from "vitest";
import {
  alertsOf,
  healthChecks,
  healthTable,
  healthVerdict,
  problemsView,
} from "../../../src/report/observer/health-checks.js";
import {barEnd, recordedRun} from "../sample-recorded-run.js";

describe("health", () => {
  const statusOf = (...args: Parameters<typeof healthChecks>) =>
    Object.fromEntries(healthChecks(...args).map(({name, status}) => [name, status]));

  it("finds a whole run well", () => {
    const checks = healthChecks(recordedRun(5));
    expect(checks.map(({status}) => status)).toEqual(Array(10).fill("ok"));
    expect(healthVerdict(checks).text).toBe(
      "The run is well: 10 checks passed, no alert. Last bar: 2025-09-01 00:25 UTC, age 0 bars.",
    );
    expect(alertsOf(checks)).toEqual([]);
    expect(healthTable(checks).numRows()).toBe(10);
  });

  it.each([
    ["Balance", {leastBalance: 1026}],
    ["Cumulative net PnL", {leastPnl: 26}],
    ["Largest drawdown", {largestDrawdown: 0.5}],
    ["Net PnL / GMV", {leastPnlPercent: 50}],
    ["Last bar is fresh", {asOf: barEnd(9)}],
  ])("raises an alert: %s", (name, limits) => {
    const run = recordedRun(5);
    const facts = {...run.facts, end: barEnd(288), exitState: "running"};
    const checks = healthChecks({...run, facts}, limits);
    expect(alertsOf(checks).map((alert) => alert.name)).toEqual([name]);
    const {text, html} = healthVerdict(checks);
    expect(text).toMatch(new RegExp(`^1 alert\\. ${name}: .+, wanted .+\\.$`));
    expect(html).toContain("verdict-differs");
  });

  it("takes a null limit for the default, and the balance from whoever knows it", () => {
    const run = recordedRun(5);
    const limits = {leastPnl: null, largestDrawdown: null, leastPnlPercent: null, staleBars: null};
    expect(healthChecks(run, limits)).toEqual(healthChecks(run));
    const [balance] = healthChecks(run, {}, {netWealth: -5});
    expect(balance).toMatchObject({status: "alert", found: "−$5", wanted: "above $0"});
  });

  it("raises an alert for a run that failed and for files that cannot be read", () => {
    const run = recordedRun(5);
    const facts = {...run.facts, exitState: "failed"};
    const problems = ["Orders cannot be read in full: o.csv is truncated."];
    const alerts = alertsOf(healthChecks({...run, facts, problems}));
    expect(alerts.map(({name}) => name)).toEqual([
      "The run folder is whole",
      "The run has not failed",
    ]);
    expect(problemsView({problems}).text).toContain("o.csv is truncated");
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
    expect(checks.slice(0, 7).map(({status}) => status)).toEqual(Array(7).fill("unknown"));
    expect(healthVerdict(checks).text).toContain("Nothing to check yet.");
  });
});
