import {describe, expect, it} from "vitest";
import {battingAverage, informationRatio} from "../../../src/stats/benchmark/active-return.js";
import {alpha, beta} from "../../../src/stats/benchmark/alpha-beta.js";
import {capture} from "../../../src/stats/benchmark/capture.js";
import {DOWN, type PairedReturns, pairReturns, UP} from "../../../src/stats/benchmark/paired.js";
import {stdev} from "../../../src/stats/distribution/moments.js";
import {maxDrawdown} from "../../../src/stats/drawdown/percent-drawdown.js";
import {calmarRatio} from "../../../src/stats/performance/calmar-ratio.js";
import {omegaRatio, thresholdPerPeriod} from "../../../src/stats/performance/omega-ratio.js";
import {sharpeRatio} from "../../../src/stats/performance/sharpe-ratio.js";
import {downsideRisk, sortinoRatio} from "../../../src/stats/performance/sortino-ratio.js";
import {stabilityOfTimeseries} from "../../../src/stats/performance/stability.js";
import {
  annualReturn,
  totalReturn,
  wealthPath,
} from "../../../src/stats/performance/total-return.js";
import {gpdRisk} from "../../../src/stats/risk/gpd-risk.js";
import {tailRatio} from "../../../src/stats/risk/tail-ratio.js";
import {rollMetric, rollPaired} from "../../../src/stats/rolling/rolling-metrics.js";
import {simpleReturns} from "../../../src/stats/series/lag.js";
import {periodReturns} from "../../../src/stats/series/period-returns.js";
import {HAS_SHARED, NEEDS_SHARED} from "../shared.js";
import {
  type Cell,
  columnOf,
  expectAllNear,
  type FrameJson,
  indexOf,
  numberOf,
  readMetrics,
  type SeriesJson,
} from "./metric-cases.js";

type Input = number | string | {readonly fixture: string};

interface Case {
  readonly function: string;
  readonly upstream_test: string;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly expected: Cell | readonly Cell[] | readonly Cell[][] | SeriesJson | {fixture: string};
}

interface Oracle {
  readonly annualization: Readonly<Record<string, number>>;
  readonly fixtures: Readonly<Record<string, SeriesJson | FrameJson>>;
  readonly cases: readonly Case[];
}

const oracle = HAS_SHARED
  ? readMetrics<Oracle>("empyrical_cases.json")
  : {annualization: {}, fixtures: {}, cases: []};

/** Every input of a case by name, as one column: a series, or a number on every row. */
class Inputs {
  readonly #inputs: Case["inputs"];
  readonly perYear: number;
  constructor(
    {inputs}: Case,
    readonly column = 0,
  ) {
    this.#inputs = inputs;
    this.perYear = oracle.annualization[String(inputs.period ?? "daily")] as number;
  }
  number(name: string): number {
    return Number(this.#inputs[name] ?? 0);
  }
  text(name: string): string {
    return String(this.#inputs[name]);
  }
  fixture(name: string): SeriesJson | FrameJson {
    return oracle.fixtures[(this.#inputs[name] as {fixture: string}).fixture]!;
  }
  series(name: string): Float64Array {
    const value = this.#inputs[name] ?? 0;
    if (typeof value !== "object") {
      return this.returns.map(() => Number(value));
    }
    const found = this.fixture(name);
    return "__series" in found
      ? columnOf(found)
      : Float64Array.from(found.__frame.data, (row) => numberOf(row[this.column] ?? null));
  }
  get returns(): Float64Array {
    return this.series("returns");
  }
  /** Returns less another input, per period. */
  excess(name: string): Float64Array {
    const other = this.series(name);
    return this.returns.map((r, t) => r - (other[t] as number));
  }
  /** Aligned by day where one of them is shorter, as upstream does. */
  pairs(keep?: (benchmark: number) => boolean): PairedReturns {
    const name = "benchmark" in this.#inputs ? "benchmark" : "factor_returns";
    const [own, other] = [this.fixture("returns"), this.fixture(name)] as SeriesJson[];
    const at = new Map(Array.from(indexOf(other!), (time, t) => [time, columnOf(other!)[t]!]));
    const aligned = Float64Array.from(indexOf(own!), (time) => at.get(time) ?? Number.NaN);
    return pairReturns(this.returns, aligned, keep);
  }
  roll(metric: (pairs: PairedReturns) => number, keep?: (b: number) => boolean): Float64Array {
    const name = "benchmark" in this.#inputs ? "benchmark" : "factor_returns";
    const both = {returns: this.returns, benchmark: this.series(name)};
    return rollPaired({...both, window: this.number("window"), keep}, metric);
  }
}

type Answer = number | ArrayLike<number>;
const E = "empyrical";
const captureOf = (perYear: number) => (pairs: PairedReturns) => capture(pairs, perYear);

const FUNCTIONS: Readonly<Record<string, (x: Inputs) => Answer>> = {
  simple_returns: (x) => {
    const prices = x.series("prices");
    const index = prices.map((_, t) => t);
    const made = simpleReturns({index, columns: ["p"], data: [prices]}).data[0]!.subarray(1);
    // empyrical divides by a price of 0.
    return made.map((r, t) => (prices[t] === 0 ? prices[t + 1]! / 0 : r));
  },
  cum_returns: (x) => {
    const start = x.number("starting_value");
    return wealthPath(x.returns).map((w) => (start === 0 ? w - 1 : w * start));
  },
  cum_returns_final: (x) => {
    const start = x.number("starting_value");
    const total = totalReturn(x.returns);
    return start === 0 ? total : (1 + total) * start;
  },
  aggregate_returns: (x) =>
    periodReturns(indexOf(x.fixture("returns") as SeriesJson), x.returns, "quarter").returns,
  max_drawdown: (x) => (x.returns.length === 0 ? Number.NaN : maxDrawdown(x.returns)),
  annual_return: (x) => annualReturn(x.returns, x.perYear, {convention: E}),
  cagr: (x) => annualReturn(x.returns, x.perYear, {convention: E}),
  annual_volatility: (x) => stdev(x.returns) * Math.sqrt(x.perYear),
  calmar_ratio: (x) => calmarRatio(x.returns, x.perYear, {convention: E}),
  omega_ratio: (x) => {
    const required = thresholdPerPeriod(x.number("required_return"), 252);
    return omegaRatio(x.returns.map((r) => r - x.number("risk_free") - required));
  },
  sharpe_ratio: (x) => sharpeRatio(x.excess("risk_free"), x.perYear, E),
  downside_risk: (x) => downsideRisk(x.excess("required_return"), x.perYear),
  sortino_ratio: (x) => sortinoRatio(x.excess("required_return"), x.perYear, E),
  excess_sharpe: (x) => {
    const pairs = {returns: x.returns, benchmark: x.series("factor_returns")};
    return informationRatio(pairReturns(pairs.returns, pairs.benchmark), 252, E);
  },
  alpha_beta: (x) => [alpha(x.pairs(), x.perYear), beta(x.pairs())],
  alpha: (x) => alpha(x.pairs(), x.perYear),
  beta: (x) => beta(x.pairs()),
  up_alpha_beta: (x) => [alpha(x.pairs(UP), x.perYear), beta(x.pairs(UP))],
  stability_of_timeseries: (x) => stabilityOfTimeseries(x.returns),
  tail_ratio: (x) => tailRatio(x.returns),
  gpd_risk_estimates: (x) => Object.values(gpdRisk(x.returns)),
  roll_alpha_beta: (x) => {
    const alphas = x.roll((pairs) => alpha(pairs, x.perYear));
    const betas = x.roll(beta);
    return Array.from(alphas, (a, t) => [a, betas[t]!]).flat();
  },
  roll_max_drawdown: (x) => rollMetric(x.returns, x.number("window"), maxDrawdown),
  roll_sharpe_ratio: (x) =>
    rollMetric(x.returns, x.number("window"), (r) => sharpeRatio(r, x.perYear, E)),
  capture: (x) => {
    const pairs = {returns: x.returns, benchmark: x.series("factor_returns")};
    return capture(pairs, x.perYear, E);
  },
  up_capture: (x) => capture(x.pairs(UP), x.perYear),
  down_capture: (x) => capture(x.pairs(DOWN), x.perYear),
  up_down_capture: (x) => capture(x.pairs(UP), x.perYear) / capture(x.pairs(DOWN), x.perYear),
  roll_up_capture: (x) => x.roll(captureOf(x.perYear), UP),
  roll_down_capture: (x) => x.roll(captureOf(x.perYear), DOWN),
  roll_up_down_capture: (x) => {
    const [up, down] = [x.roll(captureOf(x.perYear), UP), x.roll(captureOf(x.perYear), DOWN)];
    return up.map((u, t) => u / down[t]!);
  },
  batting_average: (x) => [x.pairs(), x.pairs(UP), x.pairs(DOWN)].map(battingAverage),
};

/** Upstream checks these against fewer decimals than the rest, or wrote fewer down. */
const DECIMALS: Readonly<Record<string, number>> = {
  simple_returns: 4,
  cum_returns: 4,
  cum_returns_final: 4,
  roll_max_drawdown: 4,
  batting_average: 6,
};

describe.skipIf(!HAS_SHARED)(`metrics oracle of empyrical${NEEDS_SHARED}`, () => {
  it("has 112 cases, each with its inputs", () => {
    expect(oracle.cases.length).toBe(112);
    const missing = oracle.cases.filter(({inputs}) =>
      Object.entries(inputs).some(
        ([name, value]) =>
          name !== "expected_data" &&
          typeof value === "object" &&
          !(value.fixture in oracle.fixtures),
      ),
    );
    expect(missing).toEqual([]);
  });

  it.each(oracle.cases.map((one) => [one.upstream_test.split("::").at(-1)!, one] as const))(
    "%s",
    (_name, one) => {
      const answer = FUNCTIONS[one.function];
      expect(answer, `no function for ${one.function}`).toBeDefined();
      const tolerance = 0.5 * 10 ** -(DECIMALS[one.function] ?? 8);
      wantedColumns(one.expected).forEach((wanted, column) => {
        expectAllNear(listOf(answer!(new Inputs(one, column)), one, wanted), wanted, tolerance);
      });
    },
  );
});

/** What is wanted of each column of the input: one list, or several for a frame. */
function wantedColumns(expected: Case["expected"]): number[][] {
  if (typeof expected !== "object" || expected === null) {
    return [[numberOf(expected as Cell)]];
  }
  if ("__series" in expected) {
    return expected.__series.values.map((cell) => [numberOf(cell)]);
  }
  if ("fixture" in expected) {
    const {data, columns} = (oracle.fixtures[expected.fixture] as FrameJson).__frame;
    return columns.map((_, j) => data.map((row) => numberOf(row[j] ?? null)).slice(-1));
  }
  return [(expected as readonly (Cell | Cell[])[]).flat().map(numberOf)];
}

/** The answer as a list; pairs of rolling alpha and beta row by row. */
function listOf(answer: Answer, one: Case, wanted: readonly number[]): ArrayLike<number> {
  if (one.function === "gpd_risk_estimates") {
    return Array.from(answer as ArrayLike<number>).slice(0, wanted.length);
  }
  return typeof answer === "number" ? [answer] : answer;
}
