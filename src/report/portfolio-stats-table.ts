import type {ColumnTable} from "arquero";
import {
  computePortfolioStats,
  isAnnualisedStat,
  type PortfolioStatsOptions,
} from "../finance/pnl/portfolio-stats.js";
import {usualStep} from "../stats/series/usual-step.js";
import {shortHistoryFlag} from "../stats/summary/statistics.js";
import type {Frame} from "../table/frame.js";
import {DAY_MS} from "../time/epoch.js";
import {formatCount} from "../words.js";
import {
  formatMoney,
  formatNumber,
  formatPValue,
  formatSmallPercent,
  UNKNOWN,
} from "./number-text.js";
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
  /**
   * Columns `Statistic`, `Unit` and one per portfolio; full precision. NaN where a flag stands in
   * the place of a figure.
   */
  readonly table: ColumnTable;
  /** Name of each row, `ratios/sharpe_ratio`. */
  readonly names: readonly string[];
  readonly frequency: string;
  readonly periodsPerYear: number;
  /** Bars of the longest portfolio. */
  readonly bars: number;
  /** Why a portfolio has no annual figures: it is too short. */
  readonly flags: ByRole<string>;
}

/** On which bars the table stands. */
export interface PortfolioTableOptions extends PortfolioStatsOptions {
  /** Length of the history; default from the beginning of the first bar to the end of the last. */
  readonly days?: number;
}

/**
 * Ratios, dollar and percentage statistics of each portfolio, on bars of one frequency. Portfolios
 * of fewer than 90 days have a flag instead of annual figures.
 *
 * @param metrics bar metrics of each: pnl, gross_volume, net_volume, gmv, nmv [, fees, funding]
 */
export function portfolioStats(
  metrics: ByRole<Frame>,
  {days, ...options}: PortfolioTableOptions,
): PortfolioStatsTable {
  const recorded = recordedRoles(metrics);
  const stats = recorded.map(
    ([role, frame]) => [role, computePortfolioStats(frame, options)] as const,
  );
  const flags: ByRole<string> = Object.fromEntries(
    recorded.map(([role, {index}]) => [role, shortHistoryFlag(days ?? daysOfBars(index))]),
  );
  const names = Object.keys(stats[0]?.[1].values ?? {});
  const columns = stats.map(([role, {values}]): [Role, number[]] => [
    role,
    names.map((name) => (isFlagged(name, flags[role]) ? Number.NaN : (values[name] as number))),
  ]);
  const keys = names.map((name) => name.split("/"));
  return {
    table: makeTable({
      Statistic: keys.map(([, name]) => NAMES[name as string] ?? (name as string)),
      Unit: keys.map(([group]) => UNITS[group as string] ?? ""),
      ...Object.fromEntries(columns),
    }),
    names,
    frequency: options.frequency,
    periodsPerYear: stats[0]?.[1].periodsPerYear ?? Number.NaN,
    bars: Math.max(0, ...recorded.map(([, {index}]) => index.length)),
    flags,
  };
}

function isFlagged(name: string, flag: string | undefined): boolean {
  return flag !== undefined && isAnnualisedStat(name);
}

/** From the beginning of the first bar to the end of the last. */
function daysOfBars(index: Float64Array): number {
  return ((index.at(-1) as number) - (index[0] as number) + usualStep(index)) / DAY_MS;
}

/** The statistics for a page, or the sentence that there are too few bars for any. */
export function portfolioStatsView(stats: PortfolioStatsTable): Sentence {
  const {table, names, frequency, periodsPerYear, bars, flags} = stats;
  if (bars < FEWEST_BARS_FOR_STATS) {
    return note(tooFewBars(bars));
  }
  const roles = table.columnNames().slice(2) as Role[];
  const reasons = [...new Set(roles.flatMap((role) => flags[role] ?? []))];
  const rows = (table.objects() as Record<string, string | number>[]).map((row, i) => ({
    unit: row.Unit as string,
    cells: [
      row.Statistic as string,
      ...roles.map((role) =>
        isFlagged(names[i] as string, flags[role])
          ? `${UNKNOWN} [${reasons.indexOf(flags[role] as string) + 1}]`
          : cellText(row[role] as number, row.Unit as string, names[i] as string),
      ),
    ],
  }));
  const groups = Object.values(UNITS).map((unit): string[][] => [
    [HEADS[unit] as string, ...roles],
    ...rows.filter((row) => row.unit === unit).map(({cells}) => cells),
  ]);
  const basis = `On bars of ${frequency}, ${formatNumber(periodsPerYear)} of them a year`;
  return joinSentences(
    note(`${basis}; PnL net of fees.`),
    ...groups.map((rows) => tableOfTexts(rows)),
    ...reasons.map((reason, i) => note(`[${i + 1}] ${reason}`)),
  );
}

/** `2 bars; statistics need 20`. */
export function tooFewBars(bars: number): string {
  return `${formatCount(bars, "bar")}; statistics need ${FEWEST_BARS_FOR_STATS}.`;
}

function cellText(value: number, unit: string, name: string): string {
  if (name.endsWith("sr.pval")) {
    return formatPValue(value, 2);
  }
  if (unit === "$") {
    return formatMoney(value, 2);
  }
  return unit === "ratio" ? formatNumber(value, 2) : formatSmallPercent(value);
}
