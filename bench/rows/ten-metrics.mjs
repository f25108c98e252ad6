import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {callPeer, compareWithPeer, isNear} from "../peers/call.mjs";

const ROWS = 1_000_000;
const PERIODS_PER_YEAR = 105_120;

/** Ten metrics of a million returns, as empyrical names them. */
export const row = {
  name: "ten metrics, 1,000,000 returns",
  target: "<= 40 ms",
  limitMs: 40,
  repeat: 5,
  async prepare(scratch) {
    const door = await import("../../dist/src/index.js");
    const {SeededRandom} = await import("../../dist/src/stats/distribution/seeded-random.js");
    const random = new SeededRandom(1);
    const returns = Float64Array.from({length: ROWS}, () => 0.001 * random.student() + 2e-6);
    const file = join(scratch, "returns.f64");
    writeFileSync(file, returns);
    const prepared = {door, returns, file};
    for (let i = 0; i < 5; i += 1) {
      tenMetrics(prepared);
    }
    return prepared;
  },
  run: tenMetrics,
  check: (values, {returns}) => {
    const wanted = plainMetrics(returns);
    const wrong = Object.keys(wanted).find((key) => !isNear(values[key], wanted[key], 1e-11));
    return wrong && `${wrong}: ${values[wrong]}, by its formula ${wanted[wrong]}`;
  },
  note: (ms, {file, ...prepared}) => {
    const peer = callPeer("ten_metrics.py", [file, String(PERIODS_PER_YEAR)]);
    const ours = {ms, values: tenMetrics(prepared), tolerance: 1e-10};
    return compareWithPeer("empyrical", ours, peer);
  },
};

function tenMetrics({door, returns}) {
  const moments = door.momentsOf(returns);
  const ordered = new door.OrderedValues(returns);
  return {
    cum_returns_final: door.totalReturn(returns),
    annual_return: door.annualReturn(returns, PERIODS_PER_YEAR),
    annual_volatility: door.stdev(moments) * Math.sqrt(PERIODS_PER_YEAR),
    sharpe_ratio: door.sharpeRatio(moments, PERIODS_PER_YEAR),
    sortino_ratio: door.sortinoRatio(returns, PERIODS_PER_YEAR),
    calmar_ratio: door.calmarRatio(returns, PERIODS_PER_YEAR),
    max_drawdown: door.maxDrawdown(returns),
    omega_ratio: door.omegaRatio(returns),
    tail_ratio: door.tailRatio(ordered),
    value_at_risk: door.valueAtRisk(ordered),
  };
}

/** The same by their formulas, without a thought of speed. */
function plainMetrics(returns) {
  const sum = (values) => values.reduce((total, x) => total + x, 0);
  const mean = sum(returns) / ROWS;
  const deviation = Math.sqrt(sum(returns.map((r) => (r - mean) ** 2)) / (ROWS - 1));
  const downside = Math.sqrt(sum(returns.map((r) => Math.min(r, 0) ** 2)) / ROWS);
  let [wealth, peak, deepest] = [1, 1, 0];
  for (const r of returns) {
    wealth *= 1 + r;
    peak = Math.max(peak, wealth);
    deepest = Math.min(deepest, wealth / peak - 1);
  }
  const sorted = returns.slice().sort();
  const quantile = (p) => {
    const at = (ROWS - 1) * p;
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low + (high - low) * (at - Math.floor(at));
  };
  const annual = wealth ** (PERIODS_PER_YEAR / ROWS) - 1;
  const year = Math.sqrt(PERIODS_PER_YEAR);
  return {
    cum_returns_final: wealth - 1,
    annual_return: annual,
    annual_volatility: deviation * year,
    sharpe_ratio: (mean / deviation) * year,
    sortino_ratio: (mean / downside) * year,
    calmar_ratio: annual / -deepest,
    max_drawdown: deepest,
    omega_ratio: sum(returns.filter((r) => r > 0)) / -sum(returns.filter((r) => r < 0)),
    tail_ratio: Math.abs(quantile(0.95)) / Math.abs(quantile(0.05)),
    value_at_risk: quantile(0.05),
  };
}
