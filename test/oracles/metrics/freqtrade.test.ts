import {describe, expect, it} from "vitest";
import {accountDrawdown} from "../../../src/stats/drawdown/money-drawdown.js";
import {growthRate} from "../../../src/stats/performance/total-return.js";
import {expectancy, expectancyRatio} from "../../../src/stats/trades/win-loss.js";
import {HAS_SHARED, NEEDS_SHARED} from "../shared.js";
import {expectNear, METRIC_FILES, readMetrics} from "./metric-cases.js";

interface Case {
  readonly metric: string;
  /** A file of trades. */
  readonly trades?: string;
  readonly profits?: readonly number[];
  readonly expected: number;
  readonly expectancy_ratio: number;
  readonly expected_abs: number;
  readonly expected_rel?: number;
  readonly starting_balance: number;
  readonly select?: string;
  readonly high_day?: number;
  readonly low_day?: number;
  readonly start: number;
  readonly end: number;
  readonly days: number;
}

const cases = HAS_SHARED ? readMetrics<{cases: Case[]}>("freqtrade_metrics.json").cases : [];
const withInputs = cases.filter(
  ({trades}) => trades === undefined || METRIC_FILES.includes(trades),
);

const CHECKS: Readonly<Record<string, (one: Case) => void>> = {
  expectancy({profits, expected, expectancy_ratio: ratio}) {
    const values = Float64Array.from(profits ?? []);
    expectNear(expectancy(values), expected, 1e-8);
    expectNear(expectancyRatio(values), ratio, 0.5e-8);
  },
  cagr_365({start, end, days, expected}) {
    expectNear(growthRate(end / start, days / 365), expected, 0.5e-4);
  },
  max_drawdown_abs({profits, starting_balance: capital, select, ...wanted}) {
    const by = select === "largest relative" ? "relative" : "absolute";
    const found = accountDrawdown(Float64Array.from(profits ?? []), capital, by);
    expectNear(found.absolute, wanted.expected_abs, 1e-8);
    if (wanted.expected_rel !== undefined) {
      // Written down with eight digits.
      expectNear(found.relative, wanted.expected_rel, 1e-8);
    }
    if (wanted.high_day !== undefined) {
      expect([found.peakAt, found.valleyAt]).toEqual([wanted.high_day, wanted.low_day]);
    }
  },
};

describe.skipIf(!HAS_SHARED)(`metrics oracle of freqtrade${NEEDS_SHARED}`, () => {
  it("has 10 cases, of which 4 name a file of trades that is not there", () => {
    expect(cases.length).toBe(10);
    const without = cases.filter((one) => !withInputs.includes(one));
    expect(without.map(({metric}) => metric)).toEqual([
      "max_drawdown_relative_account",
      "expectancy",
      "sharpe_trade",
      "cum_profit_last",
    ]);
  });

  it.each(withInputs.map((one, i) => [`${i}: ${one.metric}`, one] as const))("%s", (_name, one) => {
    const check = CHECKS[one.metric];
    expect(check, `nothing checks ${one.metric}`).toBeDefined();
    check!(one);
  });
});
