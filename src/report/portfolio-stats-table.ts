import type {ColumnTable} from "arquero";
import {computePortfolioStats, type PortfolioStatsOptions} from "../finance/pnl/portfolio-stats.js";
import type {Frame} from "../table/frame.js";
import {formatMoney, formatNumber, formatPercent} from "./number-text.js";
import {type ByRole, type Role, recordedRoles} from "./roles.js";
import {joinSentences, note, type Sentence, tableOfTexts} from "./sentence.js";
import {makeTable} from "./table.js";

/** Bars that a portfolio needs before its statistics say anything. */
export const FEWEST_BARS_FOR_STATS = 20;

const NAMES: Readonly<Record<string, string>> = {
  sharpe_ratio: "Sharpe ratio, annualised",
  sharpe_ratio_standard_error: "Standard error of the Sharpe ratio",
  "sr.tval": "t-value of zero mean PnL",
  "sr.pval": "p-value of zero mean PnL",
  kratio: "K-ratio",
  gmv_mean: "GMV, mean",
  gmv_stdev: "GMV, standard deviation",
  annualized_mean_return: "PnL per year, net",
  annualized_volatility: "Volatility of PnL per year",
  max_drawdown: "Largest drawdown",
  pnl_mean: "PnL per bar, mean, net",
  pnl_std: "PnL per bar, standard deviation",
  turnover_mean: "Turnover per bar, mean",
  turnover_stdev: "Turnover per bar, standard deviation",
  market_bias_mean: "NMV, mean",
  market_bias_stdev: "NMV, standard deviation",
};
const UNITS: Readonly<Record<string, string>> = {
  ratios: "ratio",
  dollar: "$",
  percentage: "% of mean GMV",
};

/** Above the statistics of each unit. */
const HEADS: Readonly<Record<string, string>> = {
  ratio: "Ratios",
  $: "In dollars",
  "% of mean GMV": "In percent of mean GMV",
};

/** The statistics of the portfolios side by side, and what they stand on. */
export interface PortfolioStatsTable {
  /** Columns `Statistic`, `Unit` and one per portfolio; full precision. */
  readonly table: ColumnTable;
  readonly frequency: string;
  readonly periodsPerYear: number;
  /** Bars of the longest portfolio. */
  readonly bars: number;
}

/**
 * Ratios, dollar and percentage statistics of each portfolio, on bars of one frequency.
 *
 * @param metrics bar metrics of each: pnl, gross_volume, net_volume, gmv, nmv [, fees, funding]
 */
export function portfolioStats(
  metrics: ByRole<Frame>,
  options: PortfolioStatsOptions,
): PortfolioStatsTable {
  const stats = recordedRoles(metrics).map(
    ([role, frame]) => [role, computePortfolioStats(frame, options)] as const,
  );
  const keys = Object.keys(stats[0]?.[1].values ?? {}).map((key) => key.split("/"));
  const columns = stats.map(([role, {values}]): [Role, number[]] => [role, Object.values(values)]);
  return {
    table: makeTable({
      Statistic: keys.map(([, name]) => NAMES[name as string] ?? (name as string)),
      Unit: keys.map(([group]) => UNITS[group as string] ?? ""),
      ...Object.fromEntries(columns),
    }),
    frequency: options.frequency,
    periodsPerYear: stats[0]?.[1].periodsPerYear ?? Number.NaN,
    bars: Math.max(0, ...recordedRoles(metrics).map(([, {index}]) => index.length)),
  };
}

/** The statistics for a page, or the sentence that there are too few bars for any. */
export function portfolioStatsView({
  table,
  frequency,
  periodsPerYear,
  bars,
}: PortfolioStatsTable): Sentence {
  if (bars < FEWEST_BARS_FOR_STATS) {
    return note(tooFewBars(bars));
  }
  const roles = table.columnNames().slice(2);
  const rows = table.objects() as Record<string, string | number>[];
  const groups = Object.values(UNITS).map((unit): string[][] => [
    [HEADS[unit] as string, ...roles],
    ...rows
      .filter(({Unit}) => Unit === unit)
      .map((row) => ["Statistic", ...roles].map((name) => cellText(row[name] ?? "", unit))),
  ]);
  const basis = `On bars of ${frequency}, ${formatNumber(periodsPerYear)} of them a year`;
  const caption = `${basis}; PnL net of fees. ${annualText(bars, periodsPerYear)}`.trim();
  return joinSentences(note(caption), ...groups.map((rows) => tableOfTexts(rows)));
}

/** Annual figures of a short run are rates. */
function annualText(bars: number, periodsPerYear: number): string {
  const days = (365 * bars) / periodsPerYear;
  return days < 90
    ? `Annual figures stretch ${formatNumber(days, 1)} days to a year: they are rates, no forecast.`
    : "";
}

/** `2 bars; statistics need 20`. */
export function tooFewBars(bars: number): string {
  return `${bars} ${bars === 1 ? "bar" : "bars"}; statistics need ${FEWEST_BARS_FOR_STATS}.`;
}

function cellText(value: string | number, unit: string): string {
  if (typeof value === "string") {
    return value;
  }
  if (unit === "$") {
    return formatMoney(value, 2);
  }
  return unit === "ratio"
    ? formatNumber(value, 2)
    : formatPercent(value, Math.abs(value) < 0.1 ? 4 : 2);
}
