import {basename} from "node:path";
import {ReckonError} from "../../errors.js";
import {compoundIntoDays, type DayValues, sumIntoDays} from "../../stats/series/local-days.js";
import {toIso} from "../../time/epoch.js";
import {localTimeIn} from "../../time/local-day.js";
import {type DatedValues, readDatedValues} from "./read-dated-values.js";

/** Where returns come from and how they are to be read. */
export interface ReturnsQuery {
  /** A csv of `date,return` or `date,pnl`. */
  readonly path: string;
  /** The same of the benchmark. */
  readonly benchmarkPath?: string | undefined;
  /** Where days begin at midnight; default UTC. */
  readonly zone?: string | undefined;
  /** Net wealth before the first row of PnL, which grows by it. */
  readonly capital?: number | undefined;
  /** A gross market value that stays, by which every PnL is divided. */
  readonly gmv?: number | undefined;
}

/** Returns by day, with all that has to be said of them. */
export interface ReturnSeries {
  readonly name: string;
  /** Midnights (as if of UTC) that name the days or longer periods, increasing. */
  readonly index: Float64Array;
  /** Simple returns; money where `isMoney`. */
  readonly returns: Float64Array;
  /** PnL without any capital it could be divided by. */
  readonly isMoney: boolean;
  /** The benchmark's return of each period, NaN where it has none; undefined without one. */
  readonly benchmark?: Float64Array;
  readonly benchmarkName?: string;
  /** The rows of the file where several fall on a day, else undefined. */
  readonly bars?: {readonly barEnd: Float64Array; readonly returns: Float64Array};
  readonly zone: string;
  /** How returns came about: `simple returns of UTC days, compounded from 288 bars a day`. */
  readonly basis: string;
}

/**
 * Reads a file of returns or PnL; rows of less than a day are compounded into days of the zone.
 *
 * @throws ReckonError `bad-data` when a file is wrong, `misuse` when the options do not fit it
 */
export function loadReturns(query: ReturnsQuery): ReturnSeries {
  const {zone = "UTC", benchmarkPath} = query;
  requireZone(zone);
  const rows = readDatedValues(query.path, zone);
  requireFit(query, rows);
  const days = daysOf(rows, zone);
  const isMoney = rows.kind === "pnl" && query.capital === undefined && query.gmv === undefined;
  const returns = rows.kind === "pnl" && !isMoney ? returnsOfPnl(days, query) : days.values;
  const series = {
    name: basename(query.path).replace(/\.csv$/i, ""),
    index: days.day,
    returns,
    isMoney,
    zone,
    basis: basisOf(query, rows, days),
    ...(rows.isDays ? {} : {bars: {barEnd: rows.time, returns: barReturns(query, rows)}}),
  };
  return benchmarkPath === undefined
    ? series
    : {...series, ...benchmarkOf(benchmarkPath, zone, days.day)};
}

function daysOf(rows: DatedValues, zone: string): DayValues {
  if (rows.isDays) {
    return {day: rows.time, values: rows.values};
  }
  const local = localTimeIn(zone);
  const dayOf = (time: number): number => local(time).day;
  return rows.kind === "pnl"
    ? sumIntoDays(rows.time, rows.values, dayOf)
    : compoundIntoDays(rows.time, rows.values, dayOf);
}

/** Of every row: PnL over the wealth before it, or over a GMV that stays. */
function barReturns({capital, gmv}: ReturnsQuery, {kind, values}: DatedValues): Float64Array {
  let wealth = capital ?? gmv;
  if (kind === "return" || wealth === undefined) {
    return values;
  }
  return values.map((pnl) => {
    const made = pnl / (wealth as number);
    wealth = (wealth as number) + (capital === undefined ? 0 : pnl);
    return made;
  });
}

/** PnL over the wealth its day began with, or over a GMV that stays. */
function returnsOfPnl({day, values}: DayValues, query: ReturnsQuery): Float64Array {
  let wealth = query.capital ?? (query.gmv as number);
  return values.map((pnl, t) => {
    const made = pnl / wealth;
    if (made <= -1) {
      const base = query.gmv === undefined ? "wealth" : "GMV";
      throw new ReckonError("bad-data", {
        place: `${query.path}, ${toIso(day[t] as number).slice(0, 10)}`,
        expected: `a loss smaller than the ${base} of the day`,
        found: `${pnl} of ${wealth}`,
        fix: `give a larger ${query.gmv === undefined ? "--capital" : "--gmv"}`,
      });
    }
    wealth += query.capital === undefined ? 0 : pnl;
    return made;
  });
}

function benchmarkOf(path: string, zone: string, index: Float64Array) {
  const rows = readDatedValues(path, zone);
  if (rows.kind === "pnl") {
    throw new ReckonError("bad-data", {
      place: path,
      expected: "a column `return`: a benchmark is measured in returns",
      found: "`pnl`",
    });
  }
  const days = daysOf(rows, zone);
  const at = new Map(Array.from(days.day, (day, t) => [day, days.values[t] as number]));
  const benchmark = index.map((day) => at.get(day) ?? Number.NaN);
  if (benchmark.every(Number.isNaN)) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: "days that the returns have too",
      found: [days.day[0], days.day.at(-1)]
        .map((t) => toIso(t as number).slice(0, 10))
        .join(" to "),
    });
  }
  return {benchmark, benchmarkName: basename(path).replace(/\.csv$/i, "")};
}

function basisOf(query: ReturnsQuery, rows: DatedValues, days: DayValues): string {
  const {capital, gmv, zone = "UTC"} = query;
  const perDay = Math.round(rows.values.length / days.day.length);
  const made = rows.kind === "pnl" ? "summed" : "compounded";
  const bars = rows.isDays ? "" : `, ${made} from about ${perDay} rows into each day of ${zone}`;
  if (rows.kind === "return") {
    return `simple returns${bars}`;
  }
  const over =
    capital !== undefined
      ? ` over net wealth, which starts at ${capital}`
      : gmv !== undefined
        ? ` over a constant GMV of ${gmv}`
        : ", money: the capital is not known";
  return `PnL${bars}${over}`;
}

function requireFit(query: ReturnsQuery, {kind}: DatedValues): void {
  for (const [flag, value] of [
    ["--capital", query.capital],
    ["--gmv", query.gmv],
  ] as const) {
    if (value !== undefined && !(value > 0 && value < Infinity)) {
      const found = String(value);
      throw new ReckonError("misuse", {place: flag, expected: "an amount above 0", found});
    }
    if (value !== undefined && kind === "return") {
      const expected = "a file of `pnl`: returns need no capital";
      throw new ReckonError("misuse", {place: flag, expected, found: `returns in ${query.path}`});
    }
  }
}

function requireZone(zone: string): void {
  if (zone === "UTC") {
    return;
  }
  try {
    new Intl.DateTimeFormat("en-US", {timeZone: zone});
  } catch (cause) {
    const expected = "the name of a time zone such as UTC or Europe/Zurich";
    const complaint = {place: "--timezone", expected, found: JSON.stringify(zone)};
    throw new ReckonError("misuse", complaint, {cause});
  }
}
