import {BENCHMARK_METRICS} from "./benchmark-metrics.js";
import type {Metric} from "./metric.js";
import {RATIO_METRICS} from "./ratio-metrics.js";
import {RETURN_METRICS} from "./return-metrics.js";
import {RISK_METRICS} from "./risk-metrics.js";

/** Every statistic of a series of returns, in the order in which a table shows them. */
export const METRICS: readonly Metric[] = [
  ...RETURN_METRICS,
  ...RATIO_METRICS,
  ...RISK_METRICS,
  ...BENCHMARK_METRICS,
];
