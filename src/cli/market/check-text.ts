import {formatLate, longestGaps, percentMissing} from "../../flows/market/check-market-text.js";
import type {SymbolQuality} from "../../market/quality/check-bars.js";
import {longestGapBars} from "../../market/quality/find-gaps.js";
import {faultCount, type MarketQuality} from "../../market/quality/market-quality.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {formatTextTable, type TextColumn} from "../console/text-table.js";

const SHOWN_GAPS = 10;

const COLUMNS: readonly TextColumn<SymbolQuality>[] = [
  {title: "instrument", cell: ({symbol}) => symbol},
  {title: "rows", cell: ({rows}) => rows},
  {title: "first bar end", cell: ({first}) => minuteOrDash(first)},
  {title: "last bar end", cell: ({last}) => minuteOrDash(last)},
  {title: "missing", cell: ({missing}) => missing},
  {title: "share", cell: percentMissing},
  {title: "gaps", cell: ({gaps}) => gaps.length},
  {title: "longest", cell: ({gaps}) => longestGapBars(gaps)},
  {title: "repeated", cell: ({duplicates}) => duplicates},
  {title: "revised", cell: ({revisions}) => revisions},
  {title: "off grid", cell: ({offGrid}) => offGrid},
  {title: "faults", cell: faultCount},
  {title: "no volume", cell: ({zeroVolume}) => zeroVolume},
];

const LATENESS: readonly TextColumn<SymbolQuality>[] = [
  {title: "late by: median", cell: ({lateness}) => lateOrDash(lateness?.medianMs)},
  {title: "99 %", cell: ({lateness}) => lateOrDash(lateness?.p99Ms)},
  {title: "most", cell: ({lateness}) => lateOrDash(lateness?.maxMs)},
];

/** What a check found: instruments, the longest gaps, the answers. */
export function formatCheck({source, symbols, outages, checks}: MarketQuality): string {
  const isTimed = symbols.some(({lateness}) => lateness !== undefined);
  const gaps = longestGaps(symbols, SHOWN_GAPS);
  const parts = [
    `${source}; times are UTC, gaps in bars.\n\n`,
    formatTextTable(symbols, isTimed ? [...COLUMNS, ...LATENESS] : COLUMNS),
  ];
  if (gaps.length > 0) {
    const table = formatTextTable(gaps, [
      {title: "longest gaps", cell: ({symbol}) => symbol},
      {title: "first missing bar", cell: ({gap}) => formatMinute(gap.first)},
      {title: "last missing bar", cell: ({gap}) => formatMinute(gap.last)},
      {title: "bars", cell: ({gap}) => gap.bars},
    ]);
    const shared = `All instruments at once: ${formatCount(outages.length, "gap")}, `;
    parts.push(
      "\n",
      table,
      `${shared}the longest of ${formatCount(longestGapBars(outages), "bar")}.\n`,
    );
  }
  const answers = formatTextTable(checks, [
    {title: "check", cell: ({name}) => name},
    {title: "result", cell: ({result}) => result},
  ]);
  return [...parts, "\n", answers].join("");
}

function minuteOrDash(time: EpochMs): string {
  return Number.isNaN(time) ? "-" : formatMinute(time);
}

function lateOrDash(ms: number | undefined): string {
  return ms === undefined ? "-" : formatLate(ms);
}
