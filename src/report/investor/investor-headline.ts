import {type Headline, headline} from "../../stats/performance/headline.js";
import {dailyReturnsOfPnl} from "../../stats/series/daily.js";
import {SHORTEST_ANNUALISED_DAYS} from "../../stats/summary/statistics.js";
import {makeFrame} from "../../table/frame.js";
import {formatMinute} from "../../time/epoch.js";
import {capitalise, formatCount} from "../../words.js";
import {
  formatBps,
  formatGain,
  formatMoney,
  formatNumber,
  formatPercent,
  UNKNOWN,
} from "../number-text.js";
import {joinSentences, type Kpi, kpiRow, note, type Sentence, verdictBox} from "../sentence.js";
import {type PnlSeries, totalOf} from "./pnl-series.js";

/** A market that never closes. */
const DAYS_A_YEAR = 365;

/** The numbers that investors ask first, and the money they stand on. */
export interface InvestorHeadline extends Headline {
  /** Σ net PnL of the period, in settlement currency. */
  readonly netPnl: number;
  readonly capital: number;
  /** False under {@link SHORTEST_ANNUALISED_DAYS} days: annual figures would be a guess. */
  readonly isAnnualised: boolean;
}

/**
 * Headline statistics of a PnL series: net PnL per UTC day over the capital plus all PnL before
 * (the PnL is left in the account), 365 days a year.
 */
export function investorHeadline({index, netPnl, capital}: PnlSeries): InvestorHeadline {
  const days = dailyReturnsOfPnl(makeFrame(index, ["net"], [netPnl]), capital);
  const figures = headline(days.data[0] as Float64Array, DAYS_A_YEAR);
  return {
    ...figures,
    netPnl: totalOf(netPnl),
    capital,
    isAnnualised: figures.days >= SHORTEST_ANNUALISED_DAYS,
  };
}

/** The headline as figures with the basis of each, or the sentence that there is nothing. */
export function headlineRow(figures: InvestorHeadline, series?: PnlSeries): Sentence {
  const origin = series === undefined ? [] : [verdictBox("empty", originText(series))];
  if (Number.isNaN(figures.capital) && !Number.isNaN(figures.netPnl)) {
    const [earned] = headlineKpis(figures);
    const why = note("Returns, and all that follows from them, need a capital; none was given.");
    return joinSentences(...origin, kpiRow(earned === undefined ? [] : [earned]), why);
  }
  if (figures.days === 0) {
    return verdictBox("empty", "There is no day of PnL.", "Headline statistics need one.");
  }
  return joinSentences(...origin, kpiRow(headlineKpis(figures)), note(basisText(figures)));
}

/** How the numbers came about, on which market, at what size and fee: said before any of them. */
function originText(series: PnlSeries): string {
  const {origin, market, model, targetGmv, feeBps, joint, liveOrigin} = series;
  const isMade = market.startsWith("simulated market") ? ", which is invented" : "";
  const size = Number.isNaN(targetGmv) ? "" : `, target GMV ${formatMoney(targetGmv)}`;
  const start = capitalise(origin);
  const until = joint === undefined ? "" : ` until ${formatMinute(joint).slice(0, 10)}`;
  const then = joint === undefined ? "" : `, then ${liveOrigin}`;
  const place = market === "" ? "" : ` on ${market}`;
  const fee = Number.isNaN(feeBps) ? "net of fees" : `fee ${formatBps(feeBps, 1)}`;
  return `${start}${until}${then} of ${model}${place}${isMade}${size}, ${fee}.`;
}

/** What the figures stand on, and why nothing is said of a year where it is not. */
function basisText({days, capital, isAnnualised}: InvestorHeadline): string {
  const count = `From ${formatCount(days, "UTC day")}`;
  const returns = `Returns are net PnL over a capital of ${formatMoney(capital)}`;
  return isAnnualised
    ? `${count}. ${returns} with all PnL left in; annual figures count 365 days a year.`
    : `${count}: a year needs ${SHORTEST_ANNUALISED_DAYS}, so nothing is annualised. ${returns}.`;
}

/** The headline as plain JSON; what is not known, or not annualised, is null. */
export function headlineSummary(figures: InvestorHeadline): Record<string, number | null> {
  const {isAnnualised, ...numbers} = figures;
  const annual = ["annualReturn", "annualVolatility", "sharpe", "sortino", "calmar"];
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [
      name,
      Number.isFinite(value) && (isAnnualised || !annual.includes(name)) ? value : null,
    ]),
  );
}

function headlineKpis(figures: InvestorHeadline): Kpi[] {
  const annual = (text: string): string => (figures.isAnnualised ? text : UNKNOWN);
  const percent = (fraction: number): string => formatPercent(100 * fraction);
  return [
    {label: "Net PnL", value: formatGain(figures.netPnl), note: "after fees"},
    {label: "Total return", value: percent(figures.totalReturn), note: "on capital"},
    {
      label: "Annual return",
      value: annual(percent(figures.annualReturn)),
      note: "on capital, compounded",
    },
    {
      label: "Annual volatility",
      value: annual(percent(figures.annualVolatility)),
      note: "of daily returns",
    },
    {
      label: "Sharpe ratio",
      value: annual(formatNumber(figures.sharpe, 2)),
      note: "daily, 365 days a year",
    },
    {label: "Largest drawdown", value: percent(figures.maxDrawdown), note: "of daily net wealth"},
    {
      label: "Hit rate",
      value: formatPercent(100 * figures.hitRate, 1),
      note: "days up of days that moved",
    },
  ];
}
