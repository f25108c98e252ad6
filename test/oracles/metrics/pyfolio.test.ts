import {describe, expect, it} from "vitest";
import {bootstrapIntervals} from "../../../src/stats/bootstrap/intervals.js";
import {mean, stdev} from "../../../src/stats/distribution/moments.js";
import {normalQuantile} from "../../../src/stats/distribution/normal.js";
import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {businessDaysBetween, drawdownTable} from "../../../src/stats/drawdown/drawdown-table.js";
import {wealthPath} from "../../../src/stats/performance/total-return.js";
import {normalValueAtRisk} from "../../../src/stats/risk/value-at-risk.js";
import {rollingBeta} from "../../../src/stats/rolling/rolling-metrics.js";
import {simpleReturns} from "../../../src/stats/series/lag.js";
import {concentration, sectorExposure} from "../../../src/stats/trades/exposures.js";
import {
  mergeConsecutive,
  roundTrips,
  type Transaction,
} from "../../../src/stats/trades/round-trips.js";
import {type Frame, frameFromRows, rowOf} from "../../../src/table/frame.js";
import {HAS_SHARED, NEEDS_SHARED} from "../shared.js";
import {
  columnOf,
  expectAllNear,
  expectNear,
  type FrameJson,
  indexOf,
  numberOf,
  readMetrics,
  type SeriesJson,
  timesOf,
} from "./metric-cases.js";

// biome-ignore lint/suspicious/noExplicitAny: each test upstream has arguments of its own
type Args = any;

interface Case {
  readonly test: string;
  readonly args: Args;
}

const cases = HAS_SHARED ? readMetrics<{cases: Case[]}>("pyfolio_cases.json").cases : [];
const nameOf = ({test}: Case): string => test.split(".").at(-1)!;
const timeOf = (text: string): number => timesOf([text])[0]!;

const frameOf = ({__frame: {index, columns, data}}: FrameJson): Frame =>
  frameFromRows(
    timesOf(index),
    columns,
    data.map((row) => row.map(numberOf)),
  );

const transactionsOf = ({__frame: {index, columns, data}}: Args): Transaction[] =>
  data.map((row: Args[], t: number) => ({
    time: timesOf(index)[t]!,
    amount: row[columns.indexOf("amount")],
    price: row[columns.indexOf("price")],
    symbol: row[columns.indexOf("symbol")],
  }));

/** Prices to returns, and the drawdowns of them as pyfolio sees them. */
function drawdownsOf(px: SeriesJson) {
  const index = indexOf(px);
  const [returns] = simpleReturns({index, columns: ["px"], data: [columnOf(px)]}).data;
  return drawdownTable(index, returns!, "pyfolio");
}

/** Normal numbers, one from each uniform one. */
function normals(count: number, centre: number, spread: number): Float64Array {
  const random = new SeededRandom(1337);
  const draw = () => normalQuantile((random.uniform() * (2 ** 32 - 2) + 1) / 2 ** 32);
  return Float64Array.from({length: count}, () => centre + spread * draw());
}

const CHECKS: Readonly<Record<string, (args: Args) => void>> = {
  test_groupby_consecutive({transactions, expected}) {
    expect(mergeConsecutive(transactionsOf(transactions))).toEqual(transactionsOf(expected));
  },
  test_extract_round_trips({transactions, expected, portfolio_value: value}) {
    const {columns, data} = expected.__frame;
    const trips = roundTrips(transactionsOf(transactions));
    expect(trips.length).toBe(data.length);
    data.forEach((row: Args[], i: number) => {
      const want = (name: string) => row[columns.indexOf(name)];
      const {symbol, open, close, isLong, pnl, returns} = trips[i]!;
      expect([symbol, isLong]).toEqual([want("symbol"), want("long")]);
      expect([open, close]).toEqual([timeOf(want("open_dt")), timeOf(want("close_dt"))]);
      expect(close - open).toBe(want("duration").__timedelta_s * 1_000);
      expectAllNear([pnl, returns], [want("pnl"), want("rt_returns")], 1e-12);
      if (value !== undefined) {
        const wealth = columnOf(value)[indexOf(value).indexOf(close)]!;
        expectNear(pnl / wealth, want("returns"), 1e-12);
      }
    });
  },
  test_get_max_drawdown({px, expected_peak: peak, expected_valley: valley}) {
    const [deepest] = drawdownsOf(px);
    expect([deepest!.peak, deepest!.valley]).toEqual([timeOf(peak), timeOf(valley)]);
    expect(deepest).toMatchObject({recovery: Number.NaN, isOngoing: true});
  },
  test_gen_drawdown_table({px, expected_duration: duration, ...wanted}) {
    const [deepest] = drawdownsOf(px);
    expect(deepest).toMatchObject({
      peak: timeOf(wanted.expected_peak),
      valley: timeOf(wanted.expected_valley),
      recovery: timeOf(wanted.expected_recovery),
    });
    expect(businessDaysBetween(deepest!.peak, deepest!.recovery)).toBe(duration);
  },
  // Returns of 100 % and more never fall: pyfolio names the first day thrice, we say there is none.
  test_top_drawdowns({returns, expected}) {
    const found = drawdownTable(indexOf(returns), columnOf(returns), "pyfolio");
    expect(found).toEqual([]);
    expect(new Set(expected[0])).toEqual(new Set([returns.__series.index[0]]));
  },
  test_var_cov_var_normal({P: position, c, mu, sigma, expected}) {
    expectNear(normalValueAtRisk(position, c, {mean: mu, stdev: sigma}), expected, 1e-12);
  },
  test_normalize({returns, expected}) {
    const prices = columnOf(returns);
    const moves = simpleReturns({index: indexOf(returns), columns: ["x"], data: [prices]}).data[0]!;
    expectAllNear(wealthPath(moves), columnOf(expected), 1e-12);
  },
  test_beta({returns, benchmark_rets: benchmark, rolling_window: window, expected}) {
    const at = new Map(
      Array.from(indexOf(benchmark), (time, t) => [time, columnOf(benchmark)[t]!]),
    );
    const aligned = Float64Array.from(indexOf(returns), (time) => at.get(time)!);
    const betas = rollingBeta(columnOf(returns), aligned, window);
    expect(betas.length).toBe(columnOf(returns).length);
    // Where the benchmark stands still there is no beta, which upstream counts as 0.
    const known = betas.map((b) => (Number.isNaN(b) ? 0 : b));
    expectNear(known[window]!, expected, 1e-12);
  },
  test_calc_bootstrap({true_mean: centre, true_sd: spread, n}) {
    const data = normals(n, centre, spread);
    const error = spread / Math.sqrt(n);
    const [found] = bootstrapIntervals([data], ([x]) => [mean(x!)], {
      blockLength: 1,
      resamples: 2_000,
    }).intervals;
    expect(Math.abs(mean(data) - centre)).toBeLessThan(4 * error);
    expect(Math.abs(stdev(data) / spread - 1)).toBeLessThan(0.1);
    expectNear((found!.low - mean(data)) / error, -1.96, 0.1);
    expectNear((found!.high - mean(data)) / error, 1.96, 0.1);
  },
  test_sector_exposure({positions, mapping, warning_expected: warns, ...wanted}) {
    const {exposure, unmapped} = sectorExposure(frameOf(positions), mapping);
    const want = frameOf(wanted.expected_sector_exposure);
    expect(exposure).toEqual(want);
    expect(unmapped.length > 0).toBe(warns);
  },
  test_max_median_exposure({positions, expected}) {
    const found = concentration(frameOf(positions));
    const want = frameOf(expected);
    want.index.forEach((_, t) => {
      const {maxLong, medianLong, medianShort, maxShort} = found;
      const row = [maxLong, medianLong, medianShort, maxShort].map((column) => column[t]!);
      expectAllNear(row, rowOf(want, t), 1e-12);
    });
  },
};

/** Cases whose inputs upstream builds inside its test; here are only the answers. */
const WITHOUT_INPUTS = ["test_get_low_liquidity_transactions", "test_apply_slippage_penalty"];

describe.skipIf(!HAS_SHARED)(`metrics oracle of pyfolio${NEEDS_SHARED}`, () => {
  const withInputs = cases.filter((one) => !WITHOUT_INPUTS.includes(nameOf(one)));

  it("has 19 cases, of which 4 (low liquidity, slippage penalty) come without their inputs", () => {
    expect(cases.length).toBe(19);
    const without = cases.filter((one) => WITHOUT_INPUTS.includes(nameOf(one)));
    expect(without.length).toBe(4);
    for (const {args} of without) {
      expect(Object.keys(args).join()).not.toMatch(/transactions|market|returns,/);
    }
  });

  it.each(withInputs.map((one, i) => [`${i}: ${nameOf(one)}`, one] as const))(
    "%s",
    (_name, one) => {
      const check = CHECKS[nameOf(one)];
      expect(check, `nothing checks ${one.test}`).toBeDefined();
      check!(one.args);
    },
  );
});
