import {isAnnualisedStat} from "../../finance/pnl/portfolio-stats.js";
import {sum} from "../../stats/distribution/moments.js";
import {shortHistoryFlag} from "../../stats/summary/statistics.js";
import {columnOf} from "../../table/frame.js";
import {formatMinute, toIso} from "../../time/epoch.js";
import type {Figure} from "../figure.js";
import {formatCount, formatGain, formatMoney, formatNumber, formatPercent} from "../number-text.js";
import {portfolioFigure} from "../portfolio-figure.js";
import {portfolioStats, portfolioStatsView} from "../portfolio-stats-table.js";
import {joinSentences, kpiRow, note, type Sentence, tableOfTexts} from "../sentence.js";
import {statisticsJson, statisticsText} from "../tear-sheet/statistics-report.js";
import {tearSheetHeadline} from "../tear-sheet/tear-sheet.js";
import type {ForecastEvaluation} from "./forecast-evaluation.js";
import {unpricedText, unpricedView} from "./unpriced-view.js";

/** The evaluation as one JSON document; what cannot be said is null. */
export function evaluationJson(found: ForecastEvaluation): object {
  const {portfolio, portfolioStats: stats, skill, byAsset, unpriced} = found;
  const {index, columns} = portfolio.price;
  const flag = shortHistoryFlag(found.report.days);
  const flagged = Object.keys(stats.values).filter((name) => flag && isAnnualisedStat(name));
  return {
    ...statisticsJson(found.report),
    bars: index.length,
    first_bar: toIso(index[0] as number),
    last_bar: toIso(index.at(-1) as number),
    assets: columns.length,
    unpriced: unpriced.map((one) => ({
      asset: one.asset,
      bars: one.bars,
      gaps: one.gaps,
      from: toIso(one.from),
      to: toIso(one.to),
      is_open: one.isOpen,
      message: unpricedText(one),
    })),
    forecast: {correlation: orNull(skill.correlation), hit_rate: orNull(skill.hitRate)},
    portfolio: {
      frequency: stats.frequency,
      periods_per_year: stats.periodsPerYear,
      values: Object.fromEntries(
        Object.entries(stats.values).map(([name, value]) => [
          name,
          flagged.includes(name) ? null : orNull(value),
        ]),
      ),
      flags: Object.fromEntries(flagged.map((name) => [name, flag])),
    },
    by_asset: byAsset.map(({asset, pnl, correlation, hitRate}) => ({
      asset,
      pnl,
      correlation: orNull(correlation),
      hit_rate: orNull(hitRate),
    })),
  };
}

/** The evaluation as text: facts, what is unknown, the portfolio's table, every statistic. */
export function evaluationText(found: ForecastEvaluation): string {
  const unpriced = unpricedView(found.unpriced);
  return [
    `${factsText(found)}\n`,
    ...(unpriced ? [`${unpriced.text}\n`] : []),
    `${portfolioTable(found).text}\n`,
    `${assetsView(found).text}\n`,
    statisticsText(found.report),
  ].join("\n");
}

function factsText({portfolio, skill}: ForecastEvaluation): string {
  const {index, columns} = portfolio.price;
  const period = `${formatMinute(index[0] as number)} to ${formatMinute(index.at(-1) as number)}`;
  return [
    `Research portfolio of ${formatCount(columns.length, "asset")}, `,
    `${formatCount(index.length, "bar")}, ${period} UTC.\n`,
    "Predictions and the return of the bar they are held over: ",
    `correlation ${formatNumber(skill.correlation, 4)}, `,
    `right sign ${formatPercent(100 * skill.hitRate)}.`,
  ].join("");
}

/** Headline numbers of the forecasts and of the portfolio they make. */
export function evaluationHeadline(found: ForecastEvaluation): Sentence {
  const {skill, portfolioStats: stats, byAsset} = found;
  const unpriced = unpricedView(found.unpriced);
  const value = (name: string): number => stats.values[name] as number;
  const pnl = byAsset.reduce((sum, one) => sum + one.pnl, 0);
  return joinSentences(
    ...(unpriced ? [unpriced] : []),
    kpiRow([
      {label: "PnL before fees", value: formatGain(pnl), note: feesText(found)},
      {
        label: "Information coefficient",
        value: formatNumber(skill.correlation, 4),
        note: "prediction and the return it is held over",
      },
      {label: "Right sign", value: formatPercent(100 * skill.hitRate), note: "of that return"},
      {label: "Mean GMV", value: formatMoney(value("dollar/gmv_mean"))},
      {
        label: "Turnover",
        value: formatPercent(value("percentage/turnover_mean"), 1),
        note: `of the mean GMV, per ${stats.frequency}`,
      },
    ]),
    tearSheetHeadline(found.report),
  );
}

function feesText({portfolio: {statistics}}: ForecastEvaluation): string {
  const fees = statistics.columns.includes("fees") ? sum(columnOf(statistics, "fees")) : 0;
  return fees === 0 ? "no fee was asked for" : `less ${formatMoney(fees)} of fees`;
}

/** The twelve panels of the research portfolio. */
export function evaluationFigure({portfolio}: ForecastEvaluation): Figure | Sentence {
  return portfolioFigure(
    {research: portfolio.statistics},
    {title: "Research portfolio, PnL net of fees"},
  );
}

/** The portfolio's table of statistics. */
export function portfolioTable(found: ForecastEvaluation): Sentence {
  const {frequency, periodsPerYear} = found.portfolioStats;
  const {days} = found.report;
  return portfolioStatsView(
    portfolioStats({research: found.portfolio.statistics}, {frequency, periodsPerYear, days}),
  );
}

/** Assets by PnL, with how well each was foretold. */
export function assetsView({byAsset}: ForecastEvaluation, shown = 20): Sentence {
  const head = Math.ceil(shown / 2);
  const isCut = byAsset.length > shown;
  const rows = isCut ? [...byAsset.slice(0, head), ...byAsset.slice(-head)] : byAsset;
  const heads = ["asset", "PnL before fees", "correlation", "right sign"];
  return joinSentences(
    tableOfTexts([
      heads,
      ...rows.map(({asset, pnl, correlation, hitRate}) => [
        asset,
        formatGain(pnl),
        formatNumber(correlation, 4),
        formatPercent(100 * hitRate, 1),
      ]),
    ]),
    note(
      isCut
        ? `The ${head} best and the ${head} worst of ${byAsset.length} assets.`
        : formatCount(byAsset.length, "asset"),
    ),
  );
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
