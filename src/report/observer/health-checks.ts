import type {ColumnTable} from "arquero";
import {unpricedBars} from "../../finance/pnl/unpriced-bars.js";
import {barEnds} from "../../time/bar-grid.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount, formatMoney, formatPercent} from "../number-text.js";
import {listInWords, note, type Sentence, verdictBox} from "../sentence.js";
import {makeTable} from "../table.js";
import type {ObservedAccount} from "./account.js";
import {ageText, asOfTime, dataAges, STALE_BARS, stalePrices} from "./freshness.js";
import type {ObservedRun} from "./observed-run.js";
import {runEarnings} from "./run-earnings.js";

/** Where a check turns into an alert; null, or left out, stands for the default. */
export interface HealthLimits {
  /** Least net wealth, money; default 0. */
  readonly leastBalance?: number | null;
  /** Least cumulative net PnL, money; default −10 % of the capital. */
  readonly leastPnl?: number | null;
  /** Deepest fall of cumulative net PnL below its peak, positive; 10 % of capital by default. */
  readonly largestDrawdown?: number | null;
  /** Least net PnL in percent of mean GMV; default −10. */
  readonly leastPnlPercent?: number | null;
  /** Bars without a row before data is stale; default 3. */
  readonly staleBars?: number | null;
  /** What "now" is for freshness; by default the run's own clock. */
  readonly asOf?: EpochMs | undefined;
}

/** One check of a run's health; `unknown` when nothing was recorded that could tell. */
export interface HealthCheck {
  readonly name: string;
  readonly status: "ok" | "alert" | "unknown";
  readonly found: string;
  readonly wanted: string;
}

/** A run of which everything could be read may leave the rest out. */
type CheckedRun = Pick<ObservedRun, "facts" | "portfolio" | "targets" | "orders"> &
  Partial<Pick<ObservedRun, "lastOutput" | "prices" | "problems">>;

/**
 * Is the run well? Balance, cumulative PnL, drawdown, PnL / GMV; fresh bars, fresh prices, a value
 * for all that is held, no bar missing, every file readable, no failure. A check that fails is a
 * row, never an exception: it colours the page and raises an alert, and the page says everything
 * all the same.
 *
 * @param account whose balance is judged; the run's own without
 */
export function healthChecks(
  run: CheckedRun,
  limits: HealthLimits = {},
  account?: Pick<ObservedAccount, "netWealth">,
): HealthCheck[] {
  const {facts, portfolio} = run;
  const leastPnl = limits.leastPnl ?? -0.1 * facts.capital;
  const deepest = -Math.abs(limits.largestDrawdown ?? 0.1 * facts.capital);
  const earned = runEarnings(portfolio.statistics);
  const balance = account?.netWealth ?? Number.NaN;
  const netWealth = Number.isNaN(balance) ? earned.netWealth : balance;
  return [
    above("Balance", [netWealth, limits.leastBalance ?? 0], formatMoney),
    above("Cumulative net PnL", [earned.netPnl, leastPnl], formatMoney),
    above("Largest drawdown", [earned.maxDrawdown, deepest], formatMoney),
    above("Net PnL / GMV", [earned.netPnlPercent, limits.leastPnlPercent ?? -10], formatPercent),
    freshBars(run, limits),
    freshPrices(run, limits),
    valuedHoldings(run),
    completeBars(run, asOfTime(run, limits.asOf)),
    wholeFolder(run),
    goesOn(run),
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

/** The checks that raise an alert: what a scheduler reads out of `results.json`. */
export function alertsOf(checks: readonly HealthCheck[]): Omit<HealthCheck, "status">[] {
  return checks
    .filter(({status}) => status === "alert")
    .map(({name, found, wanted}) => ({name, found, wanted}));
}

/** All is well, or which checks raise an alert. */
export function healthVerdict(checks: readonly HealthCheck[]): Sentence {
  const alerts = alertsOf(checks);
  const unknown = checks.filter(({status}) => status === "unknown").length;
  const last = checks.find(({name}) => name === FRESH)?.found ?? "not known";
  if (alerts.length > 0) {
    const found = alerts.map(({name, found, wanted}) => `${name}: ${found}, wanted ${wanted}.`);
    return verdictBox("differs", `${formatCount(alerts.length, "alert")}.`, found.join(" "));
  }
  const passed = checks.length - unknown;
  return checks.every(({name, status}) => status !== "ok" || !MONEY_CHECKS.includes(name))
    ? verdictBox("empty", "Nothing to check yet.", "No bar was recorded.")
    : verdictBox("ok", "The run is well:", `${goodText(passed)} Last bar: ${last}.`);
}

function goodText(passed: number): string {
  return `${formatCount(passed, "check")} passed, no alert.`;
}

const FRESH = "Last bar is fresh";

/** What says whether there is a portfolio at all. */
const MONEY_CHECKS = ["Balance", "Cumulative net PnL"];

function above(
  name: string,
  [value, least]: readonly [value: number, least: number],
  format: (value: number) => string,
): HealthCheck {
  const isKnown = !Number.isNaN(value) && !Number.isNaN(least);
  const status = isKnown ? (value > least ? "ok" : "alert") : "unknown";
  return {name, status, found: format(value), wanted: `above ${format(least)}`};
}

function agesOf(run: CheckedRun, {asOf, staleBars}: HealthLimits) {
  const whole = {...run, lastOutput: run.lastOutput, prices: run.prices};
  return dataAges(whole, {asOf, staleBars: staleBars ?? STALE_BARS});
}

function freshBars(run: CheckedRun, limits: HealthLimits): HealthCheck {
  const {facts} = run;
  const limit = limits.staleBars ?? STALE_BARS;
  const [recorded] = agesOf(run, limits);
  const last = recorded?.lastBar ?? Number.NaN;
  const age = Math.max(
    0,
    (asOfTime(run, limits.asOf) - (Number.isNaN(last) ? (facts.start ?? Number.NaN) : last)) /
      facts.barMs,
  );
  const old = ageText(age, facts.barMs);
  const found = Number.isNaN(last) ? `none in ${old}` : `${formatMinute(last)} UTC, age ${old}`;
  return {
    name: FRESH,
    status: Number.isNaN(age) ? "unknown" : age > limit ? "alert" : "ok",
    found: Number.isNaN(age) ? "no bar" : found,
    wanted: `at most ${formatCount(limit, "bar")} old`,
  };
}

/** An instrument is stale when none of the last bars has a price for it. */
function freshPrices(run: CheckedRun, limits: HealthLimits): HealthCheck {
  const price = run.prices ?? run.targets.price;
  const name = "Prices are fresh";
  const limit = limits.staleBars ?? STALE_BARS;
  const wanted = `a price in the last ${formatCount(limit, "bar")}`;
  if (price === undefined || price.index.length === 0) {
    return {name, status: "unknown", found: "no bar", wanted};
  }
  const last = price.index.at(-1) as number;
  // Of prices among themselves: that no bar comes at all is the check above.
  const stale = stalePrices(agesOf(run, {...limits, asOf: Math.min(last, asOfTime(run))}));
  return {
    name,
    status: stale === "" ? "ok" : "alert",
    found:
      stale === ""
        ? `all of ${formatCount(price.columns.length, "instrument")}`
        : `none of ${stale}`,
    wanted,
  };
}

/** Of the last bar: gaps that have closed are told elsewhere. */
function valuedHoldings({portfolio}: CheckedRun): HealthCheck {
  const {holdings_shares: held} = portfolio;
  const open = unpricedBars(portfolio).filter(({isOpen}) => isOpen);
  const count = held.data.filter((shares) => (shares.at(-1) ?? 0) !== 0).length;
  const some = listInWords(open.map(({asset}) => asset));
  return {
    name: "Holdings are valued",
    status: held.index.length === 0 ? "unknown" : open.length > 0 ? "alert" : "ok",
    found:
      held.index.length === 0
        ? "no bar"
        : open.length > 0
          ? `no value of ${some}`
          : `all of ${formatCount(count, "holding")}`,
    wanted: "a value at the last bar",
  };
}

function completeBars({facts, portfolio}: CheckedRun, asOf: EpochMs): HealthCheck {
  const {start, barMs} = facts;
  const recorded = portfolio.statistics.index;
  if (start === undefined || !(barMs > 0) || Number.isNaN(asOf)) {
    const found = formatCount(recorded.length, "bar");
    return {name: "No bar is missing", status: "unknown", found, wanted: "the run's interval"};
  }
  const isRunning = facts.exitState === "running";
  const until = isRunning ? Math.min(asOf, recorded.at(-1) ?? start) : asOf;
  const wanted = barEnds(start, until, barMs);
  const known = new Set(recorded);
  const missing = wanted.filter((time) => !known.has(time));
  const first =
    missing.length === 0 ? "" : `, first missing ${formatMinute(missing[0] as number)} UTC`;
  return {
    name: "No bar is missing",
    status: missing.length > 0 ? "alert" : "ok",
    found: `${wanted.length - missing.length} of ${formatCount(wanted.length, "bar")}${first}`,
    wanted: isRunning ? "every bar up to the last" : "every bar of the run",
  };
}

function wholeFolder({problems = []}: CheckedRun): HealthCheck {
  return {
    name: "The run folder is whole",
    status: problems.length > 0 ? "alert" : "ok",
    found:
      problems.length > 0
        ? `${formatCount(problems.length, "part")} not readable in full`
        : "all readable",
    wanted: "every part readable",
  };
}

function goesOn({facts: {exitState}}: CheckedRun): HealthCheck {
  return {
    name: "The run has not failed",
    status: exitState === "failed" ? "alert" : exitState === "unknown" ? "unknown" : "ok",
    found: exitState,
    wanted: "running or done",
  };
}

/** What could not be read; or that everything could. */
export function problemsView({problems}: Pick<ObservedRun, "problems">): Sentence {
  return problems.length === 0
    ? note("Everything that the run recorded could be read.")
    : verdictBox("differs", "Not all could be read.", problems.join(" "));
}
