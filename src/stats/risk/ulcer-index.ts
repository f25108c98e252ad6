import type {Column} from "../../table/frame.js";
import type {Convention} from "../convention.js";
import {stdev, sum} from "../distribution/moments.js";
import {maxDrawdown, percentDrawdown} from "../drawdown/percent-drawdown.js";
import {annualReturn, totalReturn} from "../performance/total-return.js";
import {conditionalValueAtRisk} from "./value-at-risk.js";

/** How deep and long drawdowns are: √(Σ drawdown² / (n − 1)) (Martin, 1987, with n − 1). */
export function ulcerIndex(returns: Column): number {
  const depths = percentDrawdown(returns);
  return Math.sqrt(sum(depths.map((d) => d * d)) / (returns.length - 1));
}

/** Annual return / {@link ulcerIndex}; under quantstats the total return. Also Martin ratio. */
export function ulcerPerformanceIndex(
  returns: Column,
  periodsPerYear: number,
  convention: Convention = "reckon",
): number {
  const gain =
    convention === "quantstats" ? totalReturn(returns) : annualReturn(returns, periodsPerYear);
  return gain / ulcerIndex(returns);
}

/**
 * Σ returns / (ulcer index · pitfall), pitfall = −CVaR of the drawdowns / stdev of the returns
 * (KeyQuant, "The Serenity Ratio", 2018; CVaR as quantstats has it).
 */
export function serenityIndex(returns: Column): number {
  const pitfall =
    -conditionalValueAtRisk(percentDrawdown(returns), 0.05, "quantstats") / stdev(returns);
  return sum(returns) / (ulcerIndex(returns) * pitfall);
}

/** |Σ returns| / |maximum drawdown|, not compounded: quantstats' recovery factor. */
export function recoveryFactor(returns: Column): number {
  const deepest = maxDrawdown(returns);
  return deepest < 0 ? Math.abs(sum(returns)) / -deepest : Number.NaN;
}
