import {describe, expect, it} from "vitest";
import {
  informationRatio,
  trackingError,
  treynorRatio,
} from "../../../src/stats/benchmark/active-return.js";
import {alpha, beta} from "../../../src/stats/benchmark/alpha-beta.js";
import {pairReturns} from "../../../src/stats/benchmark/paired.js";
import {stdev} from "../../../src/stats/distribution/moments.js";
import {skew} from "../../../src/stats/distribution/shape.js";
import {maxDrawdown} from "../../../src/stats/drawdown/percent-drawdown.js";
import {sharpeRatio} from "../../../src/stats/performance/sharpe-ratio.js";
import {annualReturn} from "../../../src/stats/performance/total-return.js";
import {compoundIntoDays} from "../../../src/stats/series/local-days.js";
import {expectancy, profitFactor} from "../../../src/stats/trades/win-loss.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED} from "../shared.js";
import {type Cell, expectNear, numberOf, readMetrics} from "./metric-cases.js";

interface Case {
  readonly function: string;
  readonly returns?: readonly number[];
  readonly benchmark?: readonly number[] | null;
  readonly pnls?: readonly number[];
  /** One every twelve hours. */
  readonly returns_12h?: readonly number[];
  /** Day, hour, return. */
  readonly returns_intraday?: readonly [day: number, hour: number, r: number][];
  readonly period: number;
  readonly rf_per_period?: number;
  readonly expected: Cell;
  readonly abs_tol?: number;
  readonly rel_tol?: number;
}

const cases = HAS_SHARED ? readMetrics<{cases: Case[]}>("nautilus_statistics.json").cases : [];

/** Returns of the case; intraday ones compounded into UTC days. */
function returnsOf({returns, pnls, returns_12h: halfDays, returns_intraday: intraday}: Case) {
  const bars = intraday ?? halfDays?.map((r, i): [number, number, number] => [0, 12 * i, r]);
  if (bars === undefined) {
    return Float64Array.from(returns ?? pnls ?? []);
  }
  // Upstream names a bar by its start, we by its end: one at midnight would be the day before's.
  const barEnd = bars.map(([day, hour]) => day * DAY_MS + hour * HOUR_MS + HOUR_MS);
  const returnsOfBars = Float64Array.from(bars, ([, , r]) => r);
  return compoundIntoDays(Float64Array.from(barEnd), returnsOfBars).values;
}

const pairsOf = (one: Case) => pairReturns(returnsOf(one), Float64Array.from(one.benchmark ?? []));

const FUNCTIONS: Readonly<Record<string, (one: Case) => number>> = {
  sharpe: (one) => sharpeRatio(returnsOf(one), one.period, "nautilus"),
  volatility: (one) => stdev(returnsOf(one)) * Math.sqrt(one.period),
  skew_adjusted: (one) => skew(returnsOf(one)),
  information_ratio: (one) => informationRatio(pairsOf(one), one.period, "nautilus"),
  tracking_error: (one) => trackingError(pairsOf(one), one.period),
  treynor: (one) =>
    treynorRatio(pairsOf(one), one.period, {
      riskFree: one.rf_per_period ?? 0,
      convention: "nautilus",
    }),
  alpha: (one) => alpha(pairsOf(one), one.period, one.rf_per_period),
  beta: (one) => beta(pairsOf(one)),
  profit_factor: (one) => profitFactor(returnsOf(one)),
  risk_return_ratio: (one) => sharpeRatio(returnsOf(one), 1, "nautilus"),
  max_drawdown: (one) => maxDrawdown(returnsOf(one)),
  cagr: (one) => annualReturn(returnsOf(one), one.period),
  expectancy: (one) => expectancy(returnsOf(one)),
};

describe.skipIf(!HAS_SHARED)(`metrics oracle of nautilus${NEEDS_SHARED}`, () => {
  it("has 25 cases", () => {
    expect(cases.length).toBe(25);
  });

  it.each(cases.map((one, i) => [`${i}: ${one.function}`, one] as const))("%s", (_name, one) => {
    const answer = FUNCTIONS[one.function];
    expect(answer, `no function for ${one.function}`).toBeDefined();
    const wanted = numberOf(one.expected);
    const absolute = one.abs_tol ?? Math.abs(wanted) * (one.rel_tol ?? 0);
    expectNear(answer!(one), wanted, absolute / Math.max(1, Math.abs(wanted)));
  });
});
