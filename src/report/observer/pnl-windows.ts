import {countUpTo, type Frame, sliceRows} from "../../table/frame.js";
import {type EpochMs, formatMinute, HOUR_MS, MINUTE_MS} from "../../time/epoch.js";
import {
  formatBps,
  formatGain,
  formatMoney,
  formatNumber,
  formatSmallPercent,
} from "../number-text.js";
import type {RecordedRun} from "../recorded-run.js";
import {note, type Sentence, tableOfTexts} from "../sentence.js";
import {earningsSummary, type RunEarnings, runEarnings} from "./run-earnings.js";

/** What a run earned in the bars that end in (from, last bar]. */
export interface PnlWindow {
  /** `last_5minutes`, `last_24hours` or `whole_run`. */
  readonly name: string;
  readonly title: string;
  readonly from: EpochMs;
  readonly earnings: RunEarnings;
}

type WindowedRun = Pick<RecordedRun, "facts" | "portfolio">;

/**
 * The last 5 minutes, the last 24 hours and the whole run, each up to the last bar: data that is
 * stale is shown, its age is told elsewhere. Minutes that are shorter than a bar are the last bar.
 */
export function pnlWindows({facts, portfolio: {statistics}}: WindowedRun): PnlWindow[] {
  const end = statistics.index.at(-1);
  if (end === undefined) {
    return [];
  }
  const barMs = facts.barMs > 0 ? facts.barMs : 0;
  const begin = facts.start ?? (statistics.index[0] as number) - barMs;
  const short = Math.max(5 * MINUTE_MS, barMs);
  const window = (name: string, title: string, spanMs: number): PnlWindow => {
    const from = Math.max(begin, end - spanMs);
    return {name, title, from, earnings: runEarnings(rowsAfter(statistics, from))};
  };
  const shortTitle = short > 5 * MINUTE_MS ? "Last bar" : "Last 5 minutes";
  return [
    window("last_5minutes", shortTitle, short),
    window("last_24hours", "Last 24 hours", 24 * HOUR_MS),
    window("whole_run", "Whole run", Number.POSITIVE_INFINITY),
  ];
}

/** The windows side by side; or that there is none. */
export function pnlWindowsView(windows: readonly PnlWindow[]): Sentence {
  if (windows.length === 0) {
    return note("No bar was recorded yet: there is no window to show.");
  }
  const heads = [
    "Window",
    "Since (UTC)",
    "Bars",
    "Net PnL",
    "of volume",
    "of mean GMV",
    "Drawdown",
    "Volume",
    "Fees",
  ];
  const rows = windows.map(({title, from, earnings}) => [
    title,
    formatMinute(from),
    formatNumber(earnings.bars),
    formatGain(earnings.netPnl),
    formatBps(earnings.netPnlBps),
    formatSmallPercent(earnings.netPnlPercent),
    formatMoney(earnings.maxDrawdown),
    formatMoney(earnings.volume),
    formatMoney(earnings.fees),
  ]);
  return tableOfTexts([heads, ...rows], 2);
}

/** The windows as plain JSON, by name; what is not known is null. */
export function pnlWindowsSummary(
  windows: readonly PnlWindow[],
): Record<string, Record<string, number | string | null>> {
  return Object.fromEntries(windows.map(({name, earnings}) => [name, earningsSummary(earnings)]));
}

function rowsAfter(frame: Frame, from: EpochMs): Frame {
  return sliceRows(frame, countUpTo(frame.index, from));
}
