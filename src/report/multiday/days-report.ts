import type {ColumnTable} from "arquero";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {resampleBarMetrics} from "../../finance/pnl/portfolio-stats.js";
import {correlation} from "../../stats/comparison/correlation.js";
import {columnOf, type Frame, mapColumns, selectRows} from "../../table/frame.js";
import {DAY_MS, formatMinute} from "../../time/epoch.js";
import {type Figure, MONEY_TICKS, valueAxis} from "../figure.js";
import {totalOf} from "../investor/pnl-series.js";
import {formatCount, formatGain, formatNumber} from "../number-text.js";
import {type ByRole, ROLE_LINES, ROLES, type Role, recordedRoles} from "../roles.js";
import {listInWords, note, type Sentence, tableOfTexts, verdictBox} from "../sentence.js";
import {makeTable} from "../table.js";
import type {Multiday, ReconciledDay} from "./day.js";

const GOOD: readonly string[] = ["identical", "within-tolerance"];

/** What a period comes to, as a box and as data. */
export interface MultidayVerdict extends Sentence {
  readonly summary: MultidaySummary;
}

/** Plain JSON, for whoever runs the notebook. */
export interface MultidaySummary {
  readonly runs: number;
  readonly agree: number;
  readonly differ: number;
  /** Agree as far as they can be compared, or cannot be compared at all. */
  readonly incomplete: number;
  readonly failed: number;
  /** Σ net PnL over the period by portfolio, money. */
  readonly pnl: ByRole<number>;
  readonly sentence: string;
}

/** How many runs did what their simulations say, and what the period earned. */
export function multidayVerdict({days, metrics, overlaps}: Multiday): MultidayVerdict {
  const count = (is: (status: ReconciledDay["status"]) => boolean) =>
    days.filter(({status}) => is(status)).length;
  const agree = count((status) => GOOD.includes(status));
  const differ = count((status) => status === "differs");
  const failed = count((status) => status === "failed");
  const counts = {runs: days.length, agree, differ, failed};
  const incomplete = days.length - agree - differ - failed;
  const pnl = Object.fromEntries(
    recordedRoles(metrics).map(([role, frame]) => [role, totalOf(netPnl(frame))]),
  ) as ByRole<number>;
  const parts = [
    ...(differ > 0 ? [`${differ} ${differ === 1 ? "differs" : "differ"}`] : []),
    ...(incomplete > 0 ? [`${incomplete} could not be compared in full`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const headline =
    agree === days.length
      ? days.length === 1
        ? "The one run did what its simulation says:"
        : `All ${formatCount(days.length, "run")} did what their simulations say:`
      : `${agree} of ${formatCount(days.length, "run")} did what their simulations say, ` +
        `${listInWords(parts)}:`;
  const details = [pnlText(pnl), overlapText(overlaps)].filter((text) => text !== "").join(" ");
  const box = verdictBox(agree === days.length ? "ok" : "differs", headline, details);
  return {...box, summary: {...counts, incomplete, pnl, sentence: box.text}};
}

function pnlText({prod, sim, research}: ByRole<number>): string {
  const told = [
    ...(prod === undefined ? [] : [`prod earned ${formatGain(prod)} net`]),
    ...(sim === undefined ? [] : [`the simulation ${formatGain(sim)}`]),
    ...(research === undefined ? [] : [`the forecasts alone ${formatGain(research)}`]),
  ];
  const gap =
    prod === undefined || sim === undefined ? "" : ` Prod − sim: ${formatGain(prod - sim)}.`;
  return told.length === 0 ? "no bar was recorded." : `${listInWords(told)}.${gap}`;
}

function overlapText(overlaps: number): string {
  return overlaps === 0 ? "" : `${formatCount(overlaps, "bar")} of overlapping runs count once.`;
}

/** Every run of the period: how it compares, what that cost, why it parts, what was earned. */
export function daysTable({days}: Multiday): ColumnTable {
  const pnlOf = (role: Role) => days.map(({metrics}) => earned(metrics[role]));
  const [prod, sim, research] = ROLES.map(pnlOf) as [number[], number[], number[]];
  return makeTable({
    "Run from (UTC)": days.map(({start}) => formatMinute(start)),
    Status: days.map(({status}) => status.replaceAll("-", " ")),
    "prod − sim ($)": prod.map((x, i) => cell(2)(x - (sim[i] as number))),
    Cause: days.map(({cause}) => cause),
    "First difference in": days.map(({first}) => first),
    "prod ($)": prod.map(cell(2)),
    "sim ($)": sim.map(cell(2)),
    "research ($)": research.map(cell(2)),
    "Slippage (bps)": days.map(({slippageBps}) => cell(2)(slippageBps)),
    "Orders after (s)": days.map(({orderDelayS}) => cell(1)(orderDelayS)),
  });
}

/** What is not known is left blank: a table of many runs has many such cells. */
function cell(decimals: number): (value: number) => string {
  return (value) => (Number.isNaN(value) ? "" : formatNumber(value, decimals));
}

function earned(frame: Frame | undefined): number {
  return frame === undefined || frame.index.length === 0 ? Number.NaN : totalOf(netPnl(frame));
}

/** The runs that failed, each with its reason; or that none did. */
export function failedDays({days}: Multiday): ColumnTable | Sentence {
  const failed = days.filter(({status}) => status === "failed");
  return failed.length === 0
    ? note("No run failed: every reconciliation of the period is there and can be read.")
    : makeTable({
        "Run from (UTC)": failed.map(({start}) => formatMinute(start)),
        Why: failed.map(({failure}) => failure),
      });
}

/** One place for each run, also where there is only one: instants would have no scale then. */
const RUN_AXIS = {type: "category", title: {text: "Start of the run, UTC"}};

/** The day that a run starts on; the minute as well where runs start at several times of day. */
function runNames(days: readonly ReconciledDay[]): string[] {
  const [first = 0] = days.map(({start}) => start);
  const isDaily = days.every(({start}) => (start - first) % DAY_MS === 0);
  return days.map(({start}) => formatMinute(start).slice(0, isDaily ? 10 : undefined));
}

/** Slippage and latency run by run; or that nothing was traded. */
export function executionTrendFigure({days}: Multiday): Figure | Sentence {
  const known = days.filter(({slippageBps}) => !Number.isNaN(slippageBps));
  if (known.length === 0) {
    return note("Nothing was traded: there is no slippage to draw.");
  }
  const x = runNames(known);
  const trace = (name: string, y: readonly number[], at: "" | "2") => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y: y.map((value) => (Number.isNaN(value) ? null : value)),
    xaxis: "x",
    yaxis: `y${at}`,
  });
  return {
    data: [
      trace(
        "Slippage (bps of volume)",
        known.map(({slippageBps}) => slippageBps),
        "",
      ),
      trace(
        "Orders after the bar (s)",
        known.map(({orderDelayS}) => orderDelayS),
        "2",
      ),
    ],
    layout: {
      title: {text: "Slippage and latency, run by run"},
      height: 420,
      xaxis: {...RUN_AXIS, anchor: "y2"},
      yaxis: {...valueAxis("bps"), domain: [0.56, 1]},
      yaxis2: {...valueAxis("seconds"), domain: [0, 0.44], rangemode: "tozero"},
    },
  };
}

/** Net PnL of each portfolio, run by run; or that no bar was recorded. */
export function dailyPnlFigure({days}: Multiday): Figure | Sentence {
  const present = ROLES.filter((role) => days.some(({metrics}) => metrics[role]?.index.length));
  if (present.length === 0) {
    return note("No bar was recorded: there is no PnL to draw.");
  }
  return {
    data: present.map((role) => ({
      type: "bar",
      name: role,
      marker: {color: ROLE_LINES[role].color},
      x: runNames(days),
      y: days.map(({metrics}) => {
        const value = earned(metrics[role]);
        return Number.isNaN(value) ? null : value;
      }),
    })),
    layout: {
      title: {text: "Net PnL, run by run"},
      height: 360,
      barmode: "group",
      xaxis: RUN_AXIS,
      yaxis: valueAxis("$", MONEY_TICKS),
    },
  };
}

/**
 * Bar metrics of the period in bins of a frequency, for the twelve panels. A first bar at which a
 * run holds nothing yet is no part of what was held: it would be a dent at each joint of two runs.
 *
 * @param frequency `5T`, `H`, `D`
 * @throws ReckonError `misuse` when it is none
 */
export function resampledMetrics({days, metrics}: Multiday, frequency: string): ByRole<Frame> {
  return Object.fromEntries(
    recordedRoles(metrics).map(([role, frame]) => {
      const firstBars = new Set(days.map((day) => day.metrics[role]?.index[0]));
      const held = withoutFlatBars(frame, firstBars);
      return [role, resampleBarMetrics(held, {frequency, closed: "right"})];
    }),
  );
}

function withoutFlatBars(frame: Frame, bars: ReadonlySet<number | undefined>): Frame {
  const gmv = columnOf(frame, "gmv");
  const isFlat = frame.index.map((time, t) => Number(gmv[t] === 0 && bars.has(time)));
  return mapColumns(frame, (column, j) =>
    ["gmv", "nmv"].includes(frame.columns[j] as string)
      ? column.map((x, t) => (isFlat[t] === 1 ? Number.NaN : x))
      : column,
  );
}

/** Pearson's correlation of net PnL per bar, each portfolio with each, over the bars of both. */
export function pnlCorrelationMatrix({metrics}: Multiday): Sentence {
  const roles = recordedRoles(metrics);
  if (roles.length < 2) {
    return note("There is only one portfolio, or none: nothing to correlate.");
  }
  const cells = roles.map(([, a]) => roles.map(([, b]) => correlationOf(a, b)));
  return tableOfTexts([
    ["", ...roles.map(([role]) => role)],
    ...roles.map(([role], i) => [role, ...(cells[i] ?? []).map((x) => formatNumber(x, 4))]),
  ]);
}

function correlationOf(a: Frame, b: Frame): number {
  const inB = new Set(b.index);
  const index = a.index.filter((time) => inB.has(time));
  const [left, right] = [a, b].map((frame) => netPnl(selectRows(frame, index))) as [
    Float64Array,
    Float64Array,
  ];
  return correlation(left, right);
}
