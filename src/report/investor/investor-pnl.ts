import {historyPortfolio} from "../../backtest/history-portfolio.js";
import type {Figure} from "../figure.js";
import {loadRun} from "../recorded-run.js";
import {cumulativePnlFigure} from "./cumulative-pnl-figure.js";
import {
  historySeries,
  lastHours,
  liveSeries,
  type PnlSeries,
  runSeries,
  sinceYear,
  yearsOf,
} from "./pnl-series.js";

/** Whose PnL investors see, and in which four windows. */
export interface InvestorQuery {
  readonly dataDir: string;
  readonly exchange: string;
  /** Bar length of the history, for example `5m` or `1h`. */
  readonly timeframe: string;
  readonly model: string;
  /** A run folder for the two short windows; empty for none. */
  readonly runDir?: string;
  /** First calendar year of the long window; 0 for the first of the history. */
  readonly firstYear?: number;
  /** The year of the second window; 0 for the last of the history. */
  readonly lastYear?: number;
  readonly lastHours?: number;
  readonly lastMinutes?: number;
}

/** The four windows; undefined where the data has none. */
export interface InvestorPnl {
  readonly history: PnlSeries;
  readonly sinceFirstYear: PnlSeries;
  /** Undefined where it would be the first window again. */
  readonly sinceLastYear: PnlSeries | undefined;
  readonly lastDay: PnlSeries | undefined;
  readonly live: PnlSeries | undefined;
}

/**
 * Computes the model's research portfolio over the whole stored history and reads the run.
 *
 * @throws ReckonError `bad-data` when the store lacks the market or the folder holds no run
 */
export async function loadInvestorPnl(query: InvestorQuery): Promise<InvestorPnl> {
  const {dataDir, exchange, timeframe, model, runDir = ""} = query;
  const history = historySeries(await historyPortfolio({dataDir, exchange, timeframe, model}));
  const run = runDir === "" ? undefined : runSeries(await loadRun(runDir));
  return investorWindows(history, run, query);
}

/** Cuts the four windows out of a history and a run. */
export function investorWindows(
  history: PnlSeries,
  run: PnlSeries | undefined,
  windows: Pick<InvestorQuery, "firstYear" | "lastYear" | "lastHours" | "lastMinutes"> = {},
): InvestorPnl {
  const years = yearsOf(history);
  const {lastHours: hours = 24, lastMinutes: minutes = 5} = windows;
  const first = windows.firstYear || (years[0] ?? 1970);
  const last = windows.lastYear || (years.at(-1) ?? first);
  return {
    history,
    sinceFirstYear: sinceYear(history, first),
    sinceLastYear: last === first ? undefined : sinceYear(history, last),
    lastDay: run === undefined ? undefined : lastHours(run, hours),
    live: run === undefined ? undefined : liveSeries(run, minutes),
  };
}

/** `cumulative_pnl.{window}.png` and its figure, of each window that has bars. */
export function investorPictures(pnl: InvestorPnl): {fileName: string; figure: Figure}[] {
  return [pnl.sinceFirstYear, pnl.sinceLastYear, pnl.lastDay, pnl.live]
    .filter((series) => series !== undefined && series.index.length > 0)
    .map((series) => ({
      fileName: `cumulative_pnl.${(series as PnlSeries).name}.png`,
      figure: cumulativePnlFigure(series as PnlSeries),
    }));
}
