import type {ColumnTable} from "arquero";
import {barEnds} from "../../time/bar-grid.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount, formatMoney, formatNumber, formatPercent} from "../number-text.js";
import type {RecordedRun} from "../recorded-run.js";
import {listInWords, type Sentence, verdictBox} from "../sentence.js";
import {makeTable} from "../table.js";
import {runEarnings} from "./run-earnings.js";

/** Where a check turns into an alert. */
export interface HealthLimits {
  /** Least net wealth, money; default 0. */
  readonly leastBalance?: number;
  /** Least cumulative net PnL, money; default −10 % of the capital. */
  readonly leastPnl?: number;
  /** Least net PnL in percent of mean GMV; default −10. */
  readonly leastPnlPercent?: number;
  /** Bars without a row before data is stale; default 3. */
  readonly staleBars?: number;
  /** What "now" is for freshness; the run's end, or its last wall clock while it runs. */
  readonly asOf?: EpochMs;
}

/** One check of a run's health; `unknown` when nothing was recorded that could tell. */
export interface HealthCheck {
  readonly name: string;
  readonly status: "ok" | "alert" | "unknown";
  readonly found: string;
  readonly wanted: string;
}

/**
 * Is the run well? Balance, cumulative PnL, PnL / GMV, fresh bars, fresh prices, complete bars. A
 * check that fails is a row, never an exception.
 */
export function healthChecks(run: RecordedRun, limits: HealthLimits = {}): HealthCheck[] {
  const {facts, portfolio} = run;
  const {leastBalance = 0, leastPnlPercent = -10, staleBars = 3} = limits;
  const leastPnl = limits.leastPnl ?? -0.1 * facts.capital;
  const {netWealth, netPnl, netPnlPercent} = runEarnings(portfolio.statistics);
  return [
    above("Balance", [netWealth, leastBalance], formatMoney),
    above("Cumulative net PnL", [netPnl, leastPnl], formatMoney),
    above("Net PnL / GMV", [netPnlPercent, leastPnlPercent], formatPercent),
    freshBars(run, asOfTime(run, limits.asOf), staleBars),
    freshPrices(run, staleBars),
    completeBars(run, asOfTime(run, limits.asOf)),
  ];
}

/** The checks as a table. */
export function healthTable(checks: readonly HealthCheck[]): ColumnTable {
  return makeTable({
    Check: checks.map(({name}) => name),
    Status: checks.map(({status}) => status),
    Found: checks.map(({found}) => found),
    Wanted: checks.map(({wanted}) => wanted),
  });
}

/** All is well, or which checks raise an alert. */
export function healthVerdict(checks: readonly HealthCheck[]): Sentence {
  const alerts = checks.filter(({status}) => status === "alert").map(({name}) => name);
  const unknown = checks.filter(({status}) => status === "unknown").length;
  if (alerts.length > 0) {
    const headline = `${formatCount(alerts.length, "alert")}:`;
    return verdictBox(
      "differs",
      headline,
      `${listInWords(alerts)}. The table says what was found.`,
    );
  }
  return unknown === checks.length || checks.length === 0
    ? verdictBox("empty", "Nothing to check yet.", "No bar was recorded.")
    : verdictBox("ok", "The run is well:", `${checks.length - unknown} checks passed, no alert.`);
}

function above(
  name: string,
  [value, least]: readonly [value: number, least: number],
  format: (value: number) => string,
): HealthCheck {
  const isKnown = !Number.isNaN(value) && !Number.isNaN(least);
  const status = isKnown ? (value > least ? "ok" : "alert") : "unknown";
  return {name, status, found: format(value), wanted: `above ${format(least)}`};
}

function asOfTime({facts, portfolio}: RecordedRun, asOf: EpochMs | undefined): EpochMs {
  const lastClock = portfolio.wallClock.at(-1) ?? facts.start ?? Number.NaN;
  return asOf ?? (facts.exitState === "running" ? lastClock : (facts.end ?? lastClock));
}

function freshBars({facts, portfolio}: RecordedRun, asOf: EpochMs, limit: number): HealthCheck {
  const last = portfolio.statistics.index.at(-1) ?? facts.start ?? Number.NaN;
  const age = Math.max(0, (asOf - last) / facts.barMs);
  return {
    name: "Last bar is fresh",
    status: Number.isNaN(age) ? "unknown" : age > limit ? "alert" : "ok",
    found: Number.isNaN(last)
      ? "no bar"
      : `${formatMinute(last)} UTC, ${formatNumber(age, Number.isInteger(age) ? 0 : 1)} bars old`,
    wanted: `at most ${formatCount(limit, "bar")} old`,
  };
}

/** An instrument is stale when none of the last bars has a price for it. */
function freshPrices({targets}: RecordedRun, limit: number): HealthCheck {
  const {price} = targets;
  const name = "Prices are fresh";
  const wanted = `a price in the last ${formatCount(limit, "bar")}`;
  if (price === undefined || price.index.length === 0) {
    return {name, status: "unknown", found: "no bar", wanted};
  }
  const stale = price.columns.filter((_, j) =>
    (price.data[j] as Float64Array).slice(-limit).every(Number.isNaN),
  );
  return {
    name,
    status: stale.length > 0 ? "alert" : "ok",
    found:
      stale.length > 0
        ? `none of ${listInWords(stale)}`
        : `all of ${formatCount(price.columns.length, "instrument")}`,
    wanted,
  };
}

function completeBars({facts, portfolio}: RecordedRun, asOf: EpochMs): HealthCheck {
  const {start, end = asOf, barMs} = facts;
  const recorded = portfolio.statistics.index;
  const until = Math.min(end, asOf);
  if (start === undefined || !(barMs > 0) || Number.isNaN(until)) {
    const found = formatCount(recorded.length, "bar");
    return {name: "No bar is missing", status: "unknown", found, wanted: "the run's interval"};
  }
  const wanted = barEnds(start, until, barMs);
  const known = new Set(recorded);
  const missing = wanted.filter((time) => !known.has(time));
  const first =
    missing.length === 0 ? "" : `, first missing ${formatMinute(missing[0] as number)} UTC`;
  return {
    name: "No bar is missing",
    status: missing.length > 0 ? "alert" : "ok",
    found: `${wanted.length - missing.length} of ${formatCount(wanted.length, "bar")}${first}`,
    wanted: "every bar of the run up to now",
  };
}
