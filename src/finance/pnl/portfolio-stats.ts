import {mean, stdev} from "../../stats/distribution/moments.js";
import {tTestOfZeroMean} from "../../stats/distribution/t-test.js";
import {maxMoneyDrawdown} from "../../stats/drawdown/money-drawdown.js";
import {kRatio} from "../../stats/performance/k-ratio.js";
import {sharpeRatio, sharpeRatioStandardError} from "../../stats/performance/sharpe-ratio.js";
import {observationsPerYear} from "../../stats/series/observations-per-year.js";
import {type Resampling, resample} from "../../stats/series/resample.js";
import {zeroForMissing} from "../../stats/series/zero-for-missing.js";
import {columnOf, type Frame, makeFrame} from "../../table/frame.js";
import {roundHalfEven} from "../sizing/round-half-even.js";
import {netPnl} from "./net-pnl.js";

/** On which bars the statistics stand. */
export interface PortfolioStatsOptions {
  /** Bar metrics are put into bins of this frequency first: `T`, `5T`, `H`, `D`, `B`. */
  readonly frequency: string;
  /** Default: points of that frequency per calendar year, see `observationsPerYear`. */
  readonly periodsPerYear?: number;
  /** Bins are counted from midnight of this offset from UTC; default 0. */
  readonly utcOffsetMs?: number;
}

/** Statistics by name, `ratios/sharpe_ratio` … `percentage/market_bias_stdev`, in table order. */
export interface PortfolioStats {
  readonly frequency: string;
  readonly periodsPerYear: number;
  readonly values: Readonly<Record<string, number>>;
}

const ANNUALISED = /\/(sharpe_ratio|sharpe_ratio_standard_error|kratio|annualized_\w+)$/;

/** True of the names in {@link PortfolioStats} that grow with the periods of a year. */
export function isAnnualisedStat(name: string): boolean {
  return ANNUALISED.test(name);
}

/**
 * The statistics table of a portfolio, full precision.
 *
 * Bar metrics are resampled to the frequency, [a, b) named a, empty bins included: sums of pnl and
 * volumes, means of gmv and nmv. PnL is net where the frame has fees or funding. Ratios, annualised
 * figures, drawdown and K-ratio count a bin without PnL as 0; the t-test, means and deviations
 * count only bins that have a value. `percentage/x` is 100 · `dollar/x` / mean gmv. Figures that
 * need two bins, or variation, are NaN without.
 *
 * @param metrics bar metrics: pnl, gross_volume, net_volume, gmv, nmv [, fees, funding]
 * @throws ReckonError `misuse` when the frequency is none
 */
export function computePortfolioStats(
  metrics: Frame,
  {
    frequency,
    periodsPerYear = observationsPerYear(frequency),
    utcOffsetMs = 0,
  }: PortfolioStatsOptions,
): PortfolioStats {
  const bins = resampleBarMetrics(metrics, {frequency, utcOffsetMs});
  const money = moneyStats(bins, periodsPerYear);
  const gmv = columnOf(bins, "gmv");
  const gmvMean = mean(gmv);
  const percentages = Object.entries(money).map(
    ([name, x]) => [name, (100 * x) / gmvMean] as const,
  );
  const values = {
    ...prefixed("ratios", Object.entries(ratios(bins, periodsPerYear))),
    ...prefixed("dollar", [
      ["gmv_mean", gmvMean],
      ["gmv_stdev", stdev(gmv)],
      ...Object.entries(money),
    ]),
    ...prefixed("percentage", percentages),
  };
  return {frequency, periodsPerYear, values};
}

/** The table rounded for display, halves to even; -0 becomes 0. */
export function roundStats(stats: PortfolioStats, decimals = 2): PortfolioStats {
  const rounded = Object.entries(stats.values).map(
    ([name, x]) => [name, roundHalfEven(x, decimals) + 0] as const,
  );
  return {...stats, values: Object.fromEntries(rounded)};
}

/**
 * Bar metrics in bins of a frequency: pnl (net) and volumes summed, gmv and nmv averaged.
 */
export function resampleBarMetrics(
  metrics: Frame,
  options: Pick<Resampling, "frequency" | "closed" | "utcOffsetMs">,
): Frame {
  const names = ["pnl", "gross_volume", "net_volume", "gmv", "nmv"];
  const data = names.map((name) => (name === "pnl" ? netPnl(metrics) : columnOf(metrics, name)));
  return resample(makeFrame(metrics.index, names, data), {
    ...options,
    reduce: {gmv: "mean", nmv: "mean"},
  });
}

function ratios(bins: Frame, periodsPerYear: number): Record<string, number> {
  const pnl = columnOf(bins, "pnl");
  const filled = zeroForMissing(pnl);
  const {tval, pval} = tTestOfZeroMean(pnl);
  return {
    sharpe_ratio: sharpeRatio(filled, periodsPerYear),
    sharpe_ratio_standard_error: sharpeRatioStandardError(filled, periodsPerYear),
    "sr.tval": tval,
    "sr.pval": pval,
    kratio: kRatio(pnl, periodsPerYear),
  };
}

function moneyStats(bins: Frame, periodsPerYear: number): Record<string, number> {
  const [pnl, turnover, bias] = ["pnl", "gross_volume", "nmv"].map((name) =>
    columnOf(bins, name),
  ) as [Float64Array, Float64Array, Float64Array];
  const filled = zeroForMissing(pnl);
  return {
    annualized_mean_return: mean(filled) * periodsPerYear,
    annualized_volatility: stdev(filled) * Math.sqrt(periodsPerYear),
    max_drawdown: maxMoneyDrawdown(pnl),
    pnl_mean: mean(pnl),
    pnl_std: stdev(pnl),
    turnover_mean: mean(turnover),
    turnover_stdev: stdev(turnover),
    market_bias_mean: mean(bias),
    market_bias_stdev: stdev(bias),
  };
}

function prefixed(
  group: string,
  entries: readonly (readonly [string, number])[],
): Record<string, number> {
  return Object.fromEntries(entries.map(([name, x]) => [`${group}/${name}`, x]));
}
