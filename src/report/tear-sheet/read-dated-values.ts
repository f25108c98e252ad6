import {readFileSync} from "node:fs";
import {resolve} from "node:path";
import {isErrno, messageOf, ReckonError} from "../../errors.js";
import {parseCsv} from "../../table/csv.js";
import {DAY_MS, type EpochMs, HOUR_MS} from "../../time/epoch.js";
import {parseDay} from "../../time/local-day.js";
import {utcOffsetIn} from "../../time/zone.js";

/** The rows of a csv of returns or of PnL. */
export interface DatedValues {
  /** `return` or `pnl`. */
  readonly kind: "return" | "pnl";
  /** Instants, increasing; midnights of UTC that name the days where `isDays`. */
  readonly time: Float64Array;
  readonly values: Float64Array;
  /** Every row is a day of its own: dates, or midnights of the zone. */
  readonly isDays: boolean;
}

const DATE_HEADS = [
  "date",
  "datetime",
  "timestamp",
  "time",
  "end_timestamp",
  "bar_end",
  "index",
  "",
];
const VALUE_HEADS: Readonly<Record<string, DatedValues["kind"]>> = {
  return: "return",
  returns: "return",
  pnl: "pnl",
};
const EXAMPLE = "write date,return or date,pnl in the first line";

/** What other programs put between columns. */
const MARKS: Readonly<Record<string, string>> = {";": "semicolons", "\t": "tabs", "|": "bars"};

/**
 * Reads `date,return` or `date,pnl` from a csv file.
 *
 * Dates are `2024-01-31`, or times with or without a UTC offset (without one they are of `zone`),
 * increasing; other columns are left alone.
 *
 * @throws ReckonError `bad-data` with the line of the first thing that is wrong
 */
export function readDatedValues(path: string, zone = "UTC"): DatedValues {
  const [heads = [], ...rows] = parseCsv(readText(path));
  const {dateAt, valueAt, kind, head} = columnsOf(path, heads);
  const lines = rows.map((row, i) => ({row, line: i + 2})).filter(({row}) => row.join("") !== "");
  if (lines.length === 0) {
    throw complain(path, {expected: "a row below the heads", found: "none"});
  }
  const readTime = dateReader(path, zone);
  const readValue = valueReader(path, kind, head);
  const time = new Float64Array(lines.length);
  const values = new Float64Array(lines.length);
  lines.forEach(({row, line}, t) => {
    time[t] = readTime(row[dateAt] ?? "", line);
    values[t] = readValue(row[valueAt] ?? "", line);
    requireLater(path, {now: time[t] as number, before: time[t - 1], line, row, dateAt});
  });
  return {kind, values, ...namedByDays(time, zone, readTime.hasDates())};
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const found = isErrno(error, "ENOENT")
      ? `no such file: ${resolve(path)}`
      : isErrno(error, "EISDIR")
        ? "a folder"
        : messageOf(error);
    throw new ReckonError("bad-data", {place: path, expected: "a csv file", found}, {cause: error});
  }
}

function columnsOf(path: string, heads: readonly string[]) {
  const names = heads.map((head) => head.trim().toLowerCase());
  const dateAt = names.findIndex((name) => DATE_HEADS.includes(name));
  const found = names.flatMap((name, j) => (Object.hasOwn(VALUE_HEADS, name) ? [j] : []));
  if (names.join("") === "") {
    throw complain(path, {expected: "a csv with heads", found: "an empty file", fix: EXAMPLE});
  }
  if (dateAt < 0 || found.length === 0) {
    const lacks = dateAt < 0 ? "a column `date`" : "a column `return` or `pnl`";
    const listed = heads.map((head) => JSON.stringify(head.trim())).join(", ");
    const mark = heads.length > 1 ? undefined : [";", "\t", "|"].find((x) => names[0]?.includes(x));
    const fix = mark === undefined ? EXAMPLE : `part columns by commas, not by ${MARKS[mark]}`;
    throw complain(path, {line: 1, expected: lacks, found: `the columns ${listed}`, fix});
  }
  if (found.length > 1) {
    const listed = found.map((j) => `\`${heads[j]?.trim()}\``).join(" and ");
    const fix = "remove the one that does not count";
    throw complain(path, {line: 1, expected: "one of `return` and `pnl`", found: listed, fix});
  }
  const valueAt = found[0] as number;
  const name = names[valueAt] as string;
  return {dateAt, valueAt, kind: VALUE_HEADS[name] as DatedValues["kind"], head: name};
}

function valueReader(path: string, kind: DatedValues["kind"], head: string) {
  return (cell: string, line: number): number => {
    const text = cell.trim();
    const value = text === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) {
      throw complain(path, {
        line,
        head,
        expected: "a number",
        found: text === "" ? "an empty cell" : JSON.stringify(text),
        fix: text.endsWith("%")
          ? "write fractions: 0.01 for 1 %"
          : "fill the cell, or leave the line out",
      });
    }
    if (kind === "return" && value <= -1) {
      throw complain(path, {
        line,
        head,
        expected: "a return above -1, which is a total loss",
        found: text,
        fix: "write fractions: -0.01 for -1 %; name a column of money `pnl`",
      });
    }
    return value;
  };
}

const TIME =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

type Style = "days" | "zone" | "offset";
const STYLE_NAMES: Readonly<Record<Style, string>> = {
  days: "a date without a time",
  zone: "a time without a UTC offset",
  offset: "a time with a UTC offset",
};

/** Reads dates that are all written alike; offsets may differ by an hour, as clocks change. */
export function dateReader(path: string, zone: string) {
  const zoneOffset = utcOffsetIn(zone);
  let style: Style | undefined;
  let firstOffset: number | undefined;
  const read = (cell: string, line: number): EpochMs => {
    const text = cell.trim();
    const parts = TIME.exec(text);
    const day = parseDay(parts?.[1] ?? text);
    const clock = parts === null ? 0 : clockMs(parts);
    if (Number.isNaN(day) || !(clock < DAY_MS)) {
      const expected = "a date such as 2024-01-31 or 2024-01-31T12:00:00Z";
      throw complain(path, {line, head: "date", expected, found: JSON.stringify(text)});
    }
    const own: Style = parts === null ? "days" : parts[6] === undefined ? "zone" : "offset";
    style ??= own;
    if (own !== style) {
      const expected = `${STYLE_NAMES[style]} as before`;
      throw mixed(path, line, {expected, found: `${STYLE_NAMES[own]}: ${text}`});
    }
    const local = day * DAY_MS + clock;
    if (own !== "offset") {
      return own === "days" ? local : local - zoneOffset(local - zoneOffset(local));
    }
    const offset = offsetMs(parts?.[6] as string);
    firstOffset ??= offset;
    if (Math.abs(offset - firstOffset) > HOUR_MS) {
      const expected = `the UTC offset of the first row, ${formatOffset(firstOffset)}`;
      throw mixed(path, line, {expected, found: `${parts?.[6]}`});
    }
    return local - offset;
  };
  return Object.assign(read, {hasDates: () => style === "days"});
}

function clockMs(parts: RegExpExecArray): number {
  const [hour, minute, second] = [2, 3, 4].map((i) => Number(parts[i] ?? 0)) as [
    number,
    number,
    number,
  ];
  const fraction = Number((parts[5] ?? "0").padEnd(3, "0").slice(0, 3));
  return minute < 60 && second < 60
    ? ((hour * 60 + minute) * 60 + second) * 1_000 + fraction
    : Number.NaN;
}

function offsetMs(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? -size : size;
}

function formatOffset(offset: number): string {
  const size = new Date(Math.abs(offset)).toISOString().slice(11, 16);
  return `${offset < 0 ? "-" : "+"}${size}`;
}

function mixed(
  path: string,
  line: number,
  {expected, found}: {readonly expected: string; readonly found: string},
): ReckonError {
  const fix = "write all times in one way, best in UTC with a Z";
  return complain(path, {line, head: "date", expected, found, fix});
}

/** Midnights of the zone, one a day, are days: named by UTC midnight from here on. */
function namedByDays(
  time: Float64Array,
  zone: string,
  hasDates: boolean,
): Pick<DatedValues, "time" | "isDays"> {
  if (hasDates) {
    return {time, isDays: true};
  }
  const offset = utcOffsetIn(zone);
  const local = time.map((instant) => instant + offset(instant));
  return local.every((instant) => instant % DAY_MS === 0)
    ? {time: local, isDays: true}
    : {time, isDays: false};
}

interface RowPlace {
  readonly now: EpochMs;
  readonly before: EpochMs | undefined;
  readonly line: number;
  readonly row: readonly string[];
  readonly dateAt: number;
}

function requireLater(path: string, {now, before, line, row, dateAt}: RowPlace): void {
  if (before !== undefined && now <= before) {
    const text = row[dateAt]?.trim();
    throw complain(path, {
      line,
      head: "date",
      expected: "a date after that of the line before",
      found: now === before ? `${text} once more` : `${text}, which is earlier`,
      fix: now === before ? "leave one of the two lines out" : "sort the lines by date",
    });
  }
}

function complain(
  path: string,
  what: {line?: number; head?: string; expected: string; found: string; fix?: string},
): ReckonError {
  const {line, head, ...complaint} = what;
  const at = line === undefined ? "" : `, line ${line}`;
  const column = head === undefined ? "" : `, column \`${head}\``;
  return new ReckonError("bad-data", {place: `${path}${at}${column}`, ...complaint});
}
