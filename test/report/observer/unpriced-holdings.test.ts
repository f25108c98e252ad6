import {describe, expect, it} from "vitest";
import {alertsOf, healthChecks} from "../../../src/report/observer/health-checks.js";
import {unpricedHoldingsView} from "../../../src/report/observer/unpriced-holdings.js";
import {type Frame, mapColumns} from "../../../src/table/frame.js";
import {recordedRun} from "../sample-recorded-run.js";

/** The second column at these rows, counted from 0, without a value. */
function without(frame: Frame, rows: readonly number[]): Frame {
  return mapColumns(frame, (column, j) =>
    column.map((x, t) => (j === 1 && rows.includes(t) ? Number.NaN : x)),
  );
}

describe("what is held without a price", () => {
  const run = recordedRun(6);
  const {portfolio, targets} = run;
  const prices = targets.price as Frame;
  const none = {researchHoldings: undefined, prices};
  const valued = (rows: readonly number[]) => ({
    ...portfolio,
    holdings_notional: without(portfolio.holdings_notional, rows),
  });
  const textOf = (...args: Parameters<typeof unpricedHoldingsView>): string =>
    unpricedHoldingsView(...args).text;

  it("is nothing where all had a price", () => {
    expect(textOf({...none, portfolio})).toBe("All that was held had a price at every bar.");
    expect(textOf({...none, prices: undefined, portfolio})).toMatch(/^All that was held/);
  });

  it("is told where the account went on at the last price", () => {
    // In the first bar nothing was held yet.
    const seen = {...none, portfolio, prices: without(prices, [0, 2, 3])};
    expect(textOf(seen)).toBe(
      "Not all that was held had a price. prod: B: held while the model had no price, valued at " +
        "the last one, at 2 bars from 2025-09-01 00:15 to 2025-09-01 00:20 UTC; its PnL of " +
        "these bars falls on the bar where the price is back.",
    );
    expect(unpricedHoldingsView(seen).html).toContain("verdict-differs");
  });

  it("is told once where the account has no value either", () => {
    const text = textOf({...none, portfolio: valued([2]), prices: without(prices, [2])});
    expect(text.match(/prod: /g)).toHaveLength(1);
    expect(text).toContain("B: held without a recorded value at 1 bar, 2025-09-01 00:15 UTC");
  });

  it("is told of the research portfolio", () => {
    const {holdings_shares} = portfolio;
    const researchHoldings = {holdings_shares, holdings_notional: valued([4]).holdings_notional};
    expect(textOf({...none, portfolio, researchHoldings})).toContain("research: B: no price, nor");
  });

  it("raises an alert while it lasts", () => {
    const alerts = (rows: readonly number[]) =>
      alertsOf(healthChecks({...run, portfolio: valued(rows)}));
    expect(alerts([4])).toEqual([]);
    expect(alerts([4, 5])).toEqual([
      {name: "Holdings are valued", found: "no value of B", wanted: "a value at the last bar"},
    ]);
  });
});
