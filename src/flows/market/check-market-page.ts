import {fillTemplate, templateText} from "../../../publish/render/template-files.js";
import type {SymbolQuality} from "../../market/quality/check-bars.js";
import {type Gap, longestGapBars} from "../../market/quality/find-gaps.js";
import {type GapCalendar, gapCalendar, gapStrip, SHADES} from "../../market/quality/gap-strip.js";
import {LATENESS_GROUPS} from "../../market/quality/lateness.js";
import {faultCount, type MarketQuality} from "../../market/quality/market-quality.js";
import {formatCount, formatNumber, formatPercent} from "../../report/number-text.js";
import {kpiRow} from "../../report/sentence.js";
import {formatTimeframe} from "../../time/bar-grid.js";
import {formatMinute} from "../../time/epoch.js";
import {formatLate, longestGaps, percentMissing} from "./check-market-text.js";

interface PageTable {
  readonly title: string;
  readonly note?: string;
  readonly heads: readonly {readonly text: string; readonly isNumber: boolean}[];
  readonly rows: readonly (readonly string[])[];
  readonly foot?: readonly string[];
}

const SHOWN_GAPS = 15;

/** The findings as one self-contained HTML page, light and dark, without script or network. */
export function checkMarketPage(quality: MarketQuality): string {
  const {symbols, barMs, source, checks} = quality;
  const failed = checks.filter(({result}) => result !== "PASSED");
  const calendar = gapCalendar(symbols.map(({days}) => days));
  const filled = symbols.filter(({bars}) => bars > 0);
  const first = formatMinute(Math.min(...filled.map((symbol) => symbol.first)));
  const last = formatMinute(Math.max(...filled.map((symbol) => symbol.last)));
  const span = filled.length === 0 ? "no bars" : `bars that end ${first} to ${last} UTC`;
  return fillTemplate("market-check.html", {
    title: "Is the market data whole?",
    byline: `${source}, ${formatCount(symbols.length, "instrument")}, ${span}`,
    isWhole: failed.length === 0,
    verdict:
      failed.length === 0
        ? "All checks passed."
        : `${failed.length} of ${checks.length} checks failed.`,
    verdictNote: failed.map(({result}) => result.replace("FAILED: ", "")).join("; "),
    kpis: headline(quality),
    stripNote:
      `Each column is ${formatCount(calendar.daysPerColumn, "UTC day")}; the stronger its ` +
      `colour, the more of its ${formatTimeframe(barMs)} bars have no row. Exchanges send no bar ` +
      "for a time without a trade, so a quiet instrument has more of them.",
    columns: Math.max(1, calendar.columns),
    strips: symbols.map((symbol) => stripOf(symbol, calendar)),
    ticks: ticksOf(calendar),
    legend: [{level: 0, text: "whole"}, ...SHADES.map(([, text], i) => ({level: i + 1, text}))],
    tables: tablesOf(quality),
    styles: `${templateText("report.css")}\n${templateText("market-check.css")}`,
    policy: [
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
  });
}

function headline({total, outages}: MarketQuality): string {
  const share = total.expected === 0 ? Number.NaN : (100 * total.bars) / total.expected;
  const longest = longestGapBars(outages);
  const bad = total.duplicates + total.revisions + total.offGrid + total.unreadable + total.faults;
  return kpiRow([
    {label: "Complete", value: formatPercent(share, 2), note: "of the expected bars"},
    {label: "Bars", value: formatNumber(total.bars), note: "all instruments"},
    {
      label: "Missing bars",
      value: formatNumber(total.missing),
      note: `in ${formatCount(total.gaps, "gap")}`,
    },
    {
      label: "Outages of all at once",
      value: formatNumber(outages.length),
      note: `longest ${formatCount(longest, "bar")}`,
    },
    {label: "Doubtful rows", value: formatNumber(bad), note: "repeated, off the grid, impossible"},
  ]).html;
}

function stripOf(symbol: SymbolQuality, calendar: GapCalendar) {
  const share = percentMissing(symbol);
  return {
    symbol: symbol.symbol,
    share,
    label: `${symbol.symbol}: ${share} of the bars missing`,
    cells: gapStrip(symbol.days, calendar).map(({x, width, level, first, last, ...count}) => ({
      x,
      width,
      level,
      title:
        `${symbol.symbol}, ${first === last ? first : `${first} to ${last}`}: ` +
        `${formatNumber(count.missing)} of ${formatNumber(count.expected)} missing`,
    })),
  };
}

const MOST_TICKS = 13;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** First days of months, or of years where there are many months; of few days, some of them. */
function ticksOf({days, daysPerColumn, columns}: GapCalendar) {
  const starts = (pattern: RegExp): number[] =>
    [...days.keys()].filter((i) => pattern.test(days[i] as string));
  const months = starts(/-01$/);
  const every = Math.max(1, Math.ceil(days.length / MOST_TICKS));
  const isMonthly = months.length >= 2;
  const chosen = !isMonthly
    ? [...days.keys()].filter((i) => i % every === 0)
    : months.length <= MOST_TICKS
      ? months
      : starts(/-01-01$/);
  return chosen.map((i, tick) => ({
    left: ((100 * Math.floor(i / daysPerColumn)) / columns).toFixed(3),
    text: isMonthly ? monthText(days[i] as string, tick === 0) : (days[i] as string).slice(5),
  }));
}

/** `Feb`, but `Jan 2019` for the first one and for each January. */
function monthText(day: string, isFirst: boolean): string {
  const month = MONTHS[Number(day.slice(5, 7)) - 1] as string;
  return isFirst || month === "Jan" ? `${month} ${day.slice(0, 4)}` : month;
}

function tablesOf(quality: MarketQuality): readonly PageTable[] {
  const {symbols, checks, outages} = quality;
  return [
    {
      title: "Checks",
      heads: headsOf(["check", "result"]),
      rows: checks.map(({name, result}) => [name, result]),
    },
    instrumentTable(quality),
    ...gapTable(
      "The longest gaps",
      longestGaps(symbols, SHOWN_GAPS).map(({symbol, gap}) => [symbol, ...gapCells(gap)]),
    ),
    ...gapTable(
      "Outages of all instruments at once",
      longestOf(outages).map((gap) => ["all", ...gapCells(gap)]),
    ),
    ...latenessTable(symbols),
    ...faultTable(symbols),
  ];
}

function instrumentTable({symbols, total}: MarketQuality): PageTable {
  const numbers = ["rows", "missing", "gaps", "longest", "repeated", "revised"];
  const more = ["unsorted", "off grid", "unreadable", "faults", "no volume"];
  return {
    title: "Instruments",
    note:
      "Longest: bars of the longest gap. Revised: rows with other values than an earlier row of " +
      "their bar, which are late corrections where the source notes when a row became known.",
    heads: [...headsOf(["instrument"]), ...headsOf([...numbers, ...more], true)],
    rows: symbols.map((one) => [
      one.symbol,
      formatNumber(one.rows),
      formatNumber(one.missing),
      formatNumber(one.gaps.length),
      formatNumber(longestGapBars(one.gaps)),
      ...[one.duplicates, one.revisions, one.outOfOrder, one.offGrid, one.unreadable].map((count) =>
        formatNumber(count),
      ),
      formatNumber(faultCount(one)),
      formatNumber(one.zeroVolume),
    ]),
    foot: [
      "all",
      formatNumber(total.rows),
      formatNumber(total.missing),
      formatNumber(total.gaps),
      "",
      ...[total.duplicates, total.revisions, total.outOfOrder, total.offGrid].map((count) =>
        formatNumber(count),
      ),
      ...[total.unreadable, total.faults, total.zeroVolume].map((count) => formatNumber(count)),
    ],
  };
}

function gapTable(title: string, rows: readonly (readonly string[])[]): readonly PageTable[] {
  const heads = [
    ...headsOf(["instrument", "first missing bar (UTC)", "last missing bar (UTC)"]),
    ...headsOf(["bars"], true),
  ];
  return rows.length === 0 ? [] : [{title, heads, rows}];
}

function gapCells({first, last, bars}: Gap): readonly string[] {
  return [formatMinute(first), formatMinute(last), formatNumber(bars)];
}

function longestOf(gaps: readonly Gap[]): readonly Gap[] {
  return [...gaps].sort((a, b) => b.bars - a.bars || a.first - b.first).slice(0, SHOWN_GAPS);
}

function latenessTable(symbols: readonly SymbolQuality[]): readonly PageTable[] {
  const known = symbols.filter(({lateness}) => lateness !== undefined);
  const quantiles = ["median", "95 %", "99 %", "latest"];
  return known.length === 0
    ? []
    : [
        {
          title: "When bars became known",
          note: "Time from a bar's end to its knowledge time, of the first row of each bar.",
          heads: [
            ...headsOf(["instrument"]),
            ...headsOf([...quantiles, ...LATENESS_GROUPS.map(([, title]) => title)], true),
          ],
          rows: known.map(({symbol, lateness}) => [
            symbol,
            ...[lateness?.medianMs, lateness?.p95Ms, lateness?.p99Ms, lateness?.maxMs].map((ms) =>
              formatLate(ms as number),
            ),
            ...(lateness?.counts ?? []).map((count) => formatNumber(count)),
          ]),
        },
      ];
}

function faultTable(symbols: readonly SymbolQuality[]): readonly PageTable[] {
  const rows = symbols.flatMap(({symbol, faultyRows}) =>
    faultyRows.map(({fault, barEnd, values}) => [
      symbol,
      formatMinute(barEnd),
      fault,
      ...values.map(String),
    ]),
  );
  const heads = [
    ...headsOf(["instrument", "bar end (UTC)", "fault"]),
    ...headsOf(["open", "high", "low", "close", "volume"], true),
  ];
  const note = "The first of each instrument.";
  return rows.length === 0 ? [] : [{title: "Impossible values", note, heads, rows}];
}

function headsOf(titles: readonly string[], isNumber = false): PageTable["heads"] {
  return titles.map((text) => ({text, isNumber}));
}
