import {describe, expect, it} from "vitest";
import {quantile} from "../../../src/stats/distribution/quantile.js";
import {businessDaysBetween, drawdownTable} from "../../../src/stats/drawdown/drawdown-table.js";
import {sharpeRatio} from "../../../src/stats/performance/sharpe-ratio.js";
import {rollMetric} from "../../../src/stats/rolling/rolling-metrics.js";
import {periodReturns} from "../../../src/stats/series/period-returns.js";
import {METRICS} from "../../../src/stats/summary/metrics.js";
import {SampleFacts} from "../../../src/stats/summary/sample-facts.js";
import {toIso} from "../../../src/time/epoch.js";
import {HAS_SHARED, NEEDS_SHARED} from "../shared.js";
import {expectNear, readMetrics} from "./metric-cases.js";

type Numbers = Readonly<Record<string, number>>;

interface Oracle {
  readonly series: {readonly BTC: {readonly dates: string[]; readonly returns: number[]}};
  readonly results: {
    readonly BTC: {
      readonly empyrical_365: Numbers;
      readonly empyrical_252: Numbers;
      readonly empyrical: Numbers;
      readonly vectorbt_365: Numbers;
      readonly monthly_returns: Numbers;
      readonly yearly_returns: Numbers;
      readonly roll_sharpe_60_252: Numbers;
      readonly quantstats: Numbers & {worst_drawdowns: Record<string, string | number | null>[]};
      readonly pyfolio_drawdown_table: Record<string, string | number>[];
    };
  };
}

const day = (time: number): string => toIso(time).slice(0, 10);

/** Names of the other libraries for what is the same number. */
const NAMES: Readonly<Record<string, string>> = {
  volatility: "annual_volatility",
  sharpe: "sharpe_ratio",
  sortino: "sortino_ratio",
  adjusted_sortino: "adjusted_sortino",
  calmar: "calmar_ratio",
  comp: "cum_returns_final",
  total: "cum_returns_final",
  annualized: "annual_return",
  annualized_volatility: "annual_volatility",
  cond_value_at_risk: "conditional_value_at_risk",
  var: "value_at_risk",
  cvar: "conditional_value_at_risk",
  omega: "omega_ratio",
};

describe.skipIf(!HAS_SHARED)(`metrics oracle of three years of bitcoin${NEEDS_SHARED}`, () => {
  if (!HAS_SHARED) {
    return;
  }
  const {series, results} = readMetrics<Oracle>("cross_implementation_daily_crypto.json");
  const index = Float64Array.from(series.BTC.dates, (text) => Date.parse(text));
  const returns = Float64Array.from(series.BTC.returns);
  const all = results.BTC;

  const lists = {
    empyrical: {...all.empyrical, ...all.empyrical_365},
    quantstats: all.quantstats,
    vectorbt: all.vectorbt_365,
  };
  const rows = [
    ...Object.entries(lists.empyrical).map(([k, x]) => ["empyrical", k, 365, x] as const),
    ...Object.entries(all.empyrical_252).map(([k, x]) => ["empyrical", k, 252, x] as const),
    ...Object.entries(lists.vectorbt).map(([k, x]) => ["reckon", k, 365, x] as const),
    ...Object.entries(lists.quantstats)
      .filter(([k]) => k !== "worst_drawdowns")
      .map(([k, x]) => {
        const [, name = k, perYear = "252"] = /^(.*)_(365|252)$/.exec(k) ?? [];
        return ["quantstats", name, Number(perYear), Number(x)] as const;
      }),
  ];

  it("has 86 numbers of four libraries besides its tables", () => {
    expect(rows.length).toBe(86);
    expect(Object.keys(all).sort()).toEqual([
      "empyrical",
      "empyrical_252",
      "empyrical_365",
      "monthly_returns",
      "pyfolio_drawdown_table",
      "quantstats",
      "roll_sharpe_60_252",
      "vectorbt_365",
      "yearly_returns",
    ]);
  });

  it.each(rows)("%s %s at %d days a year", (convention, name, periodsPerYear, wanted) => {
    const metric = METRICS.find(({key}) => key === (NAMES[name] ?? name));
    expect(metric, `no statistic for ${name}`).toBeDefined();
    const facts = new SampleFacts(returns);
    const found = metric!.of({index, returns, periodsPerYear, convention, riskFree: 0, facts});
    expectNear(found, wanted, 1e-12);
  });

  it("months and years", () => {
    for (const [period, wanted] of [
      ["month", all.monthly_returns],
      ["year", all.yearly_returns],
    ] as const) {
      const made = periodReturns(index, returns, period);
      const names = Array.from(made.start, (t) => day(t).slice(0, period === "year" ? 4 : 7));
      expect(names).toEqual(Object.keys(wanted));
      Object.values(wanted).forEach((want, i) => {
        expectNear(made.returns[i]!, want, 1e-12);
      });
    }
  });

  it("rolling Sharpe ratio of 60 days", () => {
    const {n, first, last, at_500: at500} = all.roll_sharpe_60_252;
    const found = rollMetric(returns, 60, (r) => sharpeRatio(r, 252));
    expect(found.length).toBe(n);
    expectNear(found[0]!, first!, 1e-12);
    expectNear(found[500]!, at500!, 1e-12);
    expectNear(found.at(-1)!, last!, 1e-12);
  });

  it("quantstats' table of drawdowns", () => {
    const found = drawdownTable(index, returns, "quantstats");
    expect(found.length).toBeGreaterThanOrEqual(all.quantstats.worst_drawdowns.length);
    all.quantstats.worst_drawdowns.forEach((want, i) => {
      const {start, valley, end, daysUnderWater, depth} = found[i]!;
      expect([day(start), day(valley), day(end), daysUnderWater]).toEqual([
        want.start,
        want.valley,
        want.end,
        want.days,
      ]);
      expectNear(100 * depth, want["max drawdown"] as number, 1e-12);
    });
  });

  it("pyfolio's table of drawdowns", () => {
    const found = drawdownTable(index, returns, "pyfolio");
    all.pyfolio_drawdown_table.forEach((want, i) => {
      const {peak, valley, recovery, depth} = found[i]!;
      expect([day(peak), day(valley), day(recovery)]).toEqual([
        want["Peak date"],
        want["Valley date"],
        want["Recovery date"],
      ]);
      expect(businessDaysBetween(peak, recovery)).toBe(want.Duration);
      expectNear(-100 * depth, want["Net drawdown in %"] as number, 1e-12);
    });
  });

  it("the quantile that all share", () => {
    expectNear(quantile(returns, 0.05), all.empyrical.value_at_risk!, 1e-15);
  });
});
