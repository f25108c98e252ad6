import {basename} from "node:path";
import {ReckonError} from "../../errors.js";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {computePortfolioStats, type PortfolioStats} from "../../finance/pnl/portfolio-stats.js";
import {type UnpricedBars, unpricedBars} from "../../finance/pnl/unpriced-bars.js";
import {
  evaluateForecasts,
  type ForecastPortfolio,
} from "../../finance/research/forecast-evaluator.js";
import type {EvaluatorParams} from "../../finance/research/forecast-params.js";
import type {ForecastInputs} from "../../finance/research/forecast-trim.js";
import {correlation} from "../../stats/comparison/correlation.js";
import {mean} from "../../stats/distribution/moments.js";
import {simpleReturns} from "../../stats/series/lag.js";
import {sumIntoDays} from "../../stats/series/local-days.js";
import {observationsPerYear} from "../../stats/series/observations-per-year.js";
import {zeroForMissing} from "../../stats/series/zero-for-missing.js";
import {columnOf, type Frame} from "../../table/frame.js";
import {DAY_MS, MINUTE_MS} from "../../time/epoch.js";
import type {ReturnSeries} from "../tear-sheet/return-series.js";
import {type StatisticsReport, statisticsReport} from "../tear-sheet/statistics-report.js";
import {FORECAST_COLUMNS, type ForecastColumns, readForecasts} from "./read-forecasts.js";

/** A file of forecasts and what to make of them. */
export interface EvaluationQuery {
  readonly path: string;
  readonly columns?: Partial<ForecastColumns>;
  /** `cross_sectional` (default): one gross value shared; `longitudinal`: each name by itself. */
  readonly style?: "cross_sectional" | "longitudinal";
  /** Gross market value aimed at, money; default 1e6. Cross-sectional only. */
  readonly targetGmv?: number;
  /** Money at risk per name; default 100. Longitudinal only. */
  readonly dollarRiskPerName?: number;
  /** Decimals of share counts; default none are rounded. */
  readonly quantization?: number | null;
  /** Hold nothing over midnight UTC; default false. */
  readonly liquidateAtEndOfDay?: boolean;
  /** Leading bars that are left out; default 3. */
  readonly burnInBars?: number;
  /** Fee on value traded; default 0. */
  readonly feeBps?: number;
  /** Of the portfolio table; default days, of a history under 20 days its bars. */
  readonly frequency?: string;
  /** Days of a year; default 365. */
  readonly daysPerYear?: number;
  readonly seed?: number;
}

/**
 * How well predictions foretold what their positions earn, of one asset or of all: the return from
 * the end of the next bar, by which a target is met, to the end of the one after.
 */
export interface ForecastSkill {
  /** Correlation of the prediction with that return: the information coefficient. */
  readonly correlation: number;
  /** Share of bars whose return had the sign that was predicted. */
  readonly hitRate: number;
}

/** A research portfolio and everything that is said of it. */
export interface ForecastEvaluation {
  readonly name: string;
  readonly portfolio: ForecastPortfolio;
  readonly portfolioStats: PortfolioStats;
  /** Of daily net PnL over the mean GMV. */
  readonly report: StatisticsReport;
  readonly skill: ForecastSkill;
  /** Of each asset that was held where it had no price. */
  readonly unpriced: readonly UnpricedBars[];
  readonly byAsset: readonly (ForecastSkill & {readonly asset: string; readonly pnl: number})[];
}

/** Days that the daily statistics of a portfolio need. */
const FEWEST_DAYS = 20;

/**
 * Reads forecasts and computes their research portfolio with its statistics.
 *
 * @throws ReckonError `bad-data` for a file that is wrong or of which no bar could be traded
 */
export async function evaluateForecastFile(query: EvaluationQuery): Promise<ForecastEvaluation> {
  const inputs = await readForecasts(query.path, {...FORECAST_COLUMNS, ...query.columns});
  return evaluate(inputs, query);
}

/** {@link evaluateForecastFile} of forecasts that are read already. */
export function evaluate(inputs: ForecastInputs, query: EvaluationQuery): ForecastEvaluation {
  const portfolio = evaluateForecasts(inputs, paramsOf(query));
  const {statistics} = portfolio;
  const gmv = mean(columnOf(statistics, "gmv").filter((x) => x > 0));
  if (!(gmv > 0)) {
    throw new ReckonError("bad-data", {
      place: query.path,
      expected: "bars with a price, a volatility and a prediction that can be traded",
      found: `none of ${inputs.price.index.length} after the burn-in`,
      fix: "give more bars, or a smaller --burn-in-bars",
    });
  }
  const series = dailySeries(query, statistics, gmv);
  const frequency = query.frequency || usualFrequency(series, statistics);
  const {daysPerYear = 365, seed = 1} = query;
  const byAsset = inputs.price.columns.map((asset, j) => ({
    asset,
    pnl: sumOfKnown(portfolio.pnl.data[j] as Float64Array),
    ...skillOf(inputs, j),
  }));
  return {
    name: series.name,
    portfolio,
    portfolioStats: computePortfolioStats(statistics, {
      frequency,
      periodsPerYear: frequency === "D" ? daysPerYear : observationsPerYear(frequency),
    }),
    report: statisticsReport(series, {periodsPerYear: daysPerYear, seed}),
    skill: {
      correlation: mean(Float64Array.from(byAsset, (one) => one.correlation)),
      hitRate: mean(Float64Array.from(byAsset, (one) => one.hitRate)),
    },
    unpriced: unpricedBars(portfolio),
    byAsset: byAsset.sort((a, b) => b.pnl - a.pnl),
  };
}

function paramsOf(query: EvaluationQuery): EvaluatorParams {
  const {style = "cross_sectional", targetGmv = 1e6, dollarRiskPerName = 100} = query;
  const {liquidateAtEndOfDay = false, burnInBars = 3, feeBps = 0, quantization = null} = query;
  return {
    targets:
      style === "cross_sectional"
        ? {style, targetGmv}
        : {style, targetDollarRiskPerName: dollarRiskPerName},
    quantization,
    liquidateAtEndOfDay,
    initializeBeginningOfDayTradesToZero: liquidateAtEndOfDay,
    burnInBars,
    feeBps,
  };
}

/** Net PnL of each day over the mean GMV; bars of a day and longer stay as they are. */
function dailySeries(query: EvaluationQuery, statistics: Frame, gmv: number): ReturnSeries {
  const {index} = statistics;
  const pnl = zeroForMissing(netPnl(statistics));
  const isIntraday = shortestStep(index) < DAY_MS;
  const days = isIntraday ? sumIntoDays(index, pnl) : {day: index, values: pnl};
  return {
    name: basename(query.path).replace(/\.(csv|parquet|pq)$/i, ""),
    index: days.day,
    returns: days.values.map((x) => x / gmv),
    isMoney: false,
    zone: "UTC",
    basis: `net PnL of ${isIntraday ? "UTC days" : "bars"} over the mean GMV`,
  };
}

function usualFrequency({index}: ReturnSeries, statistics: Frame): string {
  const step = shortestStep(statistics.index);
  return index.length >= FEWEST_DAYS || step >= DAY_MS ? "D" : `${Math.round(step / MINUTE_MS)}T`;
}

function shortestStep(index: Float64Array): number {
  return index.reduce(
    (step, time, t) => (t === 0 ? step : Math.min(step, time - (index[t - 1] as number))),
    Infinity,
  );
}

function skillOf({prediction, price}: ForecastInputs, j: number): ForecastSkill {
  const own = (frame: Frame): Frame => ({
    index: frame.index,
    columns: [frame.columns[j] as string],
    data: [frame.data[j] as Float64Array],
  });
  const forecast = prediction.data[j] as Float64Array;
  const earned = (simpleReturns(own(price)).data[0] as Float64Array).subarray(2);
  const said = forecast.subarray(0, earned.length);
  let [right, told] = [0, 0];
  said.forEach((p, t) => {
    const sign = p * (earned[t] as number);
    right += sign > 0 ? 1 : 0;
    told += sign !== 0 && !Number.isNaN(sign) ? 1 : 0;
  });
  return {correlation: correlation(said, earned), hitRate: right / told};
}

function sumOfKnown(values: Float64Array): number {
  return values.reduce((sum, x) => (Number.isNaN(x) ? sum : sum + x), 0);
}
