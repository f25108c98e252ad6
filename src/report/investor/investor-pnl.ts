import {historyPortfolio} from "../../backtest/history-portfolio.js";
import {readPnlHistory} from "../../backtest/pnl-history/read-pnl-history.js";
import type {Override} from "../../config/override.js";
import {ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Figure} from "../figure.js";
import type {RecordedRun} from "../recorded-run.js";
import {loadRun} from "../recorded-run.js";
import {cumulativePnlFigure} from "./cumulative-pnl-figure.js";
import {parseEndDate} from "./end-date.js";
import {joinPnl, joinRuns} from "./join-pnl.js";
import {
  fileSeries,
  historySeries,
  lastHours,
  lastMinutes,
  type PnlSeries,
  runSeries,
  sinceYear,
  upTo,
  yearsOf,
} from "./pnl-series.js";

/** Whose PnL investors see, and in which four windows. */
export interface InvestorQuery {
  /** Model id. */
  readonly model: string;
  /** Bar PnL from files: csv, Parquet or backtest tiles; empty for a backtest over the store. */
  readonly historyDir?: string;
  /** Market store of that backtest. */
  readonly dataDir: string;
  readonly exchange: string;
  /** Bar length of that backtest, for example `5m` or `1h`. */
  readonly timeframe: string;
  /** What a history from files stands on, $; 0 for what the newest run began with. */
  readonly capital?: number;
  /** A run folder for the live part; empty for none. */
  readonly runDir?: string;
  /** Further, older runs of the live part. */
  readonly olderRunDirs?: readonly string[];
  /** Nothing after this day (UTC) counts, YYYY-MM-DD or YYYYMMDD[_HHMMSS]; empty for no end. */
  readonly endDate?: string;
  /** First calendar year of the long window; 0 for the first of the history. */
  readonly firstYear?: number;
  /** The year of the second window; 0 for the last of the history. */
  readonly lastYear?: number;
  readonly lastHours?: number;
  readonly lastMinutes?: number;
}

/** The four windows; undefined where the data has none. */
export interface InvestorPnl {
  /** History and live PnL, joined. */
  readonly history: PnlSeries;
  readonly sinceFirstYear: PnlSeries;
  /** Undefined where it would be the first window again. */
  readonly sinceLastYear: PnlSeries | undefined;
  readonly lastDay: PnlSeries | undefined;
  readonly live: PnlSeries | undefined;
  /** What has to be said of the data, one sentence each. */
  readonly notes: readonly string[];
  /** The newest run; undefined without. */
  readonly newestRun: NewestRun | undefined;
}

/** What tells whether the live part may be shown as the newest. */
export interface NewestRun {
  readonly exitState: string;
  readonly lastBar: EpochMs;
  readonly barMs: number;
}

/**
 * Reads the history, or computes the model's research portfolio over the whole store, reads the
 * runs, joins them and cuts the windows out: what page, pictures and dry run show.
 *
 * @throws ReckonError `bad-data` when history or store lack what is needed or a folder holds no run
 */
export async function loadInvestorPnl(query: InvestorQuery): Promise<InvestorPnl> {
  const {runDir = "", olderRunDirs = [], historyDir = "", model, capital = 0} = query;
  const end = parseEndDate(query.endDate ?? "");
  const dirs = [...olderRunDirs, runDir].filter((dir) => dir !== "");
  const runs: RecordedRun[] = [];
  for (const dir of dirs) {
    runs.push(await loadRun(dir));
  }
  const newest = runs.at(-1);
  const lived = runs.map((run) => upTo(runSeries(run), end));
  const maker = {
    model,
    market: newest?.facts.market ?? "",
    capital: capital > 0 ? capital : (newest?.facts.capital ?? Number.NaN),
  };
  const file = historyDir === "" ? undefined : await readPnlHistory(historyDir, model);
  const past =
    file === undefined
      ? historySeries(await historyPortfolio({...query, overrides: feeOf(newest)}))
      : fileSeries(file, maker);
  const history = upTo(past, end);
  if (history.index.length === 0) {
    throw new ReckonError("bad-data", {
      place: historyDir === "" ? query.dataDir : historyDir,
      expected: "bars up to the end date",
      found: "only later ones",
      fix: "take a later end date",
    });
  }
  const windows = investorWindows(history, lived, query);
  return {
    ...windows,
    notes: [...(file?.notes ?? []), ...windows.notes],
    newestRun: newest && newestOf(newest, lived.at(-1)),
  };
}

/** A backtest pays what the newest run pays: the two are shown as one line. */
function feeOf(run: RecordedRun | undefined): Override[] {
  const fee = run?.facts.feeBps ?? Number.NaN;
  return Number.isNaN(fee)
    ? []
    : [{path: ["portfolio_config", "broker_config", "fee_bps"], value: fee, text: ""}];
}

/** Joins a history and runs, and cuts the four windows out. */
export function investorWindows(
  history: PnlSeries,
  runs: readonly PnlSeries[],
  windows: Pick<InvestorQuery, "firstYear" | "lastYear" | "lastHours" | "lastMinutes"> = {},
): Omit<InvestorPnl, "newestRun"> {
  const live = joinRuns(runs);
  const joined = joinPnl(history, live?.series);
  const years = yearsOf(joined.series);
  const {lastHours: hours = 24, lastMinutes: minutes = 5} = windows;
  const first = windows.firstYear || (years[0] ?? 1970);
  const last = windows.lastYear || (years.at(-1) ?? first);
  const newest = runs.filter(({index}) => index.length > 0).at(-1);
  return {
    history: joined.series,
    sinceFirstYear: sinceYear(joined.series, first),
    sinceLastYear: last === first ? undefined : sinceYear(joined.series, last),
    lastDay: live === undefined ? undefined : lastHours(live.series, hours),
    live: newest === undefined ? undefined : lastMinutes(newest, minutes),
    notes: [...(live?.notes ?? []), ...joined.notes],
  };
}

/** The windows that have bars, in the order of the pictures. */
export function presentWindows(
  pnl: Pick<InvestorPnl, "sinceFirstYear" | "sinceLastYear" | "lastDay" | "live">,
): PnlSeries[] {
  return [pnl.sinceFirstYear, pnl.sinceLastYear, pnl.lastDay, pnl.live].filter(
    (series) => series !== undefined && series.index.length > 0,
  ) as PnlSeries[];
}

/** `cumulative_pnl.{window}.png` and its figure, of each window that has bars. */
export function investorPictures(
  pnl: Parameters<typeof presentWindows>[0],
): {fileName: string; figure: Figure; series: PnlSeries}[] {
  return presentWindows(pnl).map((series) => ({
    fileName: `cumulative_pnl.${series.name}.png`,
    figure: cumulativePnlFigure(series),
    series,
  }));
}

function newestOf({facts}: RecordedRun, series: PnlSeries | undefined): NewestRun {
  const lastBar = series?.index.at(-1) ?? Number.NaN;
  return {exitState: facts.exitState, lastBar, barMs: facts.barMs};
}
