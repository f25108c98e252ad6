import type {Column} from "../../table/frame.js";
import {mean} from "../distribution/moments.js";
import {OrderedValues, quantile} from "../distribution/quantile.js";

/** |95 % quantile| / |5 % quantile|: above 1 where good days are larger than bad ones. */
export function tailRatio(returns: Column | OrderedValues): number {
  const ordered = OrderedValues.of(returns);
  return Math.abs(ordered.quantile(0.95)) / Math.abs(ordered.quantile(0.05));
}

/** The 99 % quantile against the mean gain (returns of 0 or more); quantstats' name. */
export function outlierWinRatio(returns: Column): number {
  return quantile(returns, 0.99) / mean(returns.filter((r) => r >= 0));
}

/** The 1 % quantile against the mean loss; quantstats' name. */
export function outlierLossRatio(returns: Column): number {
  return quantile(returns, 0.01) / mean(returns.filter((r) => r < 0));
}
