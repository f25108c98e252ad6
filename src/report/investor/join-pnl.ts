import {countUpTo} from "../../table/frame.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatBps, formatCount, formatGain, formatMoney} from "../number-text.js";
import {spanText} from "../observer/freshness.js";
import {type PnlSeries, totalOf} from "./pnl-series.js";

/** A history and what was earned live after it, as one series. */
export interface JoinedPnl {
  readonly series: PnlSeries;
  /** What has to be said of the joint, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * A backtest up to the first live bar, and the live PnL from there on: what was really earned is
 * never replaced by what would have been. Bars that both have are the live ones; between the two,
 * where neither has a bar, nothing is made up.
 */
export function joinPnl(history: PnlSeries, live: PnlSeries | undefined): JoinedPnl {
  const first = live?.index[0];
  if (live === undefined || first === undefined) {
    return {series: history, notes: []};
  }
  const joint = first - live.barMs;
  const kept = countUpTo(history.index, joint);
  const series = {
    ...history,
    index: concat(history.index.subarray(0, kept), live.index),
    netPnl: concat(history.netPnl.subarray(0, kept), live.netPnl),
    gmv: concat(history.gmv.subarray(0, kept), live.gmv),
    feeBps: kept === 0 ? live.feeBps : commonOf([history.feeBps, live.feeBps]),
    ...(kept === 0 ? {origin: live.origin} : {joint, liveOrigin: live.origin}),
  };
  return {
    series,
    notes: [
      ...overlapText(history, kept),
      ...gapText(history, kept, joint),
      ...scaleText(history, live),
      ...(kept === 0 ? [] : feeText(history, live)),
    ],
  };
}

/** Runs of one system, one after the other; where two have a bar, it is that of the later run. */
export function joinRuns(runs: readonly PnlSeries[]): JoinedPnl | undefined {
  const known = runs.filter(({index}) => index.length > 0);
  const sorted = known.sort((a, b) => (a.index[0] as number) - (b.index[0] as number));
  const last = sorted.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const parts = sorted.map((run, i) => {
    const next = sorted[i + 1];
    const until = next === undefined ? Infinity : (next.index[0] as number) - next.barMs;
    return {run, kept: countUpTo(run.index, until)};
  });
  const repeated = parts.reduce((sum, {run, kept}) => sum + run.index.length - kept, 0);
  const all = (column: (run: PnlSeries) => Float64Array): Float64Array =>
    concat(...parts.map(({run, kept}) => column(run).subarray(0, kept)));
  const series = {
    ...last,
    feeBps: commonOf(sorted.map(({feeBps}) => feeBps)),
    index: all(({index}) => index),
    netPnl: all(({netPnl}) => netPnl),
    gmv: all(({gmv}) => gmv),
  };
  const again = `${formatCount(repeated, "bar")} of two runs are those of the later one.`;
  return {series, notes: [...(repeated === 0 ? [] : [again]), ...pauseText(series)]};
}

function overlapText(history: PnlSeries, kept: number): string[] {
  const left = history.index.length - kept;
  if (left === 0) {
    return [];
  }
  const earned = formatGain(totalOf(history.netPnl.subarray(kept)));
  return [
    `${formatCount(left, "bar")} of the ${history.origin} are as new as the live PnL; these ` +
      `(${earned}) are left out: what was earned live counts.`,
  ];
}

function gapText(history: PnlSeries, kept: number, joint: EpochMs): string[] {
  const end = history.index[kept - 1];
  return end === undefined || joint - end < history.barMs
    ? []
    : [
        `Between the ${history.origin} and the live PnL ${spanText(joint - end)} are missing ` +
          `(${formatMinute(end)} to ${formatMinute(joint)} UTC); nothing is counted there.`,
      ];
}

/** Dollars of two sizes of account cannot be told apart in one line: it has to be said. */
function scaleText(history: PnlSeries, live: PnlSeries): string[] {
  const ratio = live.capital / history.capital;
  return !Number.isFinite(ratio) || Math.abs(ratio - 1) < 0.01
    ? []
    : [
        `The ${history.origin} stands on ${formatMoney(history.capital)}, the live PnL on ` +
          `${formatMoney(live.capital)}: dollars are shown as they are, not scaled.`,
      ];
}

/** One line that is net of two fees has a kink where they meet. */
function feeText(history: PnlSeries, live: PnlSeries): string[] {
  const [past, now] = [history.feeBps, live.feeBps];
  return Number.isNaN(past) || Number.isNaN(now) || past === now
    ? []
    : [
        `The ${history.origin} is net of fees of ${formatBps(past, 1)} of the value traded, the ` +
          `live PnL of ${formatBps(now, 1)}.`,
      ];
}

/** What all have in common; NaN where they do not. */
function commonOf(values: readonly number[]): number {
  const [first = Number.NaN] = values;
  return values.every((value) => value === first) ? first : Number.NaN;
}

/** Days on which nothing ran. */
function pauseText({index, barMs}: PnlSeries): string[] {
  const pauses = index.filter((time, t) => t > 0 && time - (index[t - 1] as number) > barMs).length;
  return pauses === 0
    ? []
    : [`${formatCount(pauses, "pause")} between runs: nothing is counted there.`];
}

function concat(...columns: readonly Float64Array[]): Float64Array {
  return Float64Array.from(columns.flatMap((column) => [...column]));
}
