/** Every convention that a statistic can follow, first the house's own. */
export const CONVENTIONS = [
  "reckon",
  "empyrical",
  "quantstats",
  "pyfolio",
  "nautilus",
  "ffn",
  "freqtrade",
] as const;

/**
 * Whose answer a statistic gives where correct libraries disagree.
 *
 * `reckon` is empyrical's, except that what cannot be said is NaN instead of infinite, and that
 * missing periods do not count as time. Where the others part from it, the statistic says so:
 *
 * | statistic | differs |
 * |---|---|
 * | Sharpe, Sortino without variation | empyrical, pyfolio: ±Infinity |
 * | annual return over missing periods | empyrical, pyfolio: they count as time |
 * | annual return | ffn: over calendar years of 365.25 days |
 * | Sortino | ffn: downside as a deviation (ddof 1) of min(r, 0) |
 * | value at risk | quantstats: of a normal distribution; CVaR below that value |
 * | information ratio | nautilus: annualised |
 * | Treynor ratio | quantstats: total return; else annual return |
 * | ulcer performance index | quantstats: total return; else annual return |
 * | drawdown table | pyfolio: the first period is a peak; else the starting capital is |
 * | duration of a drawdown | pyfolio: business days; else calendar days |
 */
export type Convention = (typeof CONVENTIONS)[number];

/** Those that let a ratio without risk be infinite. */
export function allowsInfinite(convention: Convention): boolean {
  return convention === "empyrical" || convention === "pyfolio";
}

/**
 * A ratio whose risk may be 0: NaN then, or ±Infinity where the convention says so and there is a
 * gain or a loss. NaN where either part is.
 */
export function ratioUnder(convention: Convention, gain: number, risk: number): number {
  return risk > 0 || (risk === 0 && gain !== 0 && allowsInfinite(convention))
    ? gain / risk
    : Number.NaN;
}
