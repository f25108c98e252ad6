import type {BarQuality} from "../../market/csv/clean-bars.js";
import type {ImportReport, SymbolImport} from "../../market/csv/import-csv.js";
import type {FetchReport} from "../../market/exchange/fetch-ohlcv.js";
import type {MarketSeries} from "../../market/parquet/list-market.js";
import type {DumpReport} from "../../market/replay-file/write-replay-file.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {formatTextTable, type TextColumn} from "../console/text-table.js";

type Named = BarQuality & {readonly symbol: string};

const SYMBOL: TextColumn<Named> = {title: "symbol", cell: ({symbol}) => symbol};

const QUALITY_COLUMNS: readonly TextColumn<Named>[] = [
  {title: "first bar end", cell: ({first}) => minuteOrDash(first)},
  {title: "last bar end", cell: ({last}) => minuteOrDash(last)},
  {title: "gaps", cell: ({gaps}) => gaps},
  {title: "missing bars", cell: ({missingBars}) => missingBars},
  {title: "duplicates", cell: ({duplicates}) => duplicates},
  {title: "conflicts", cell: ({conflicts}) => conflicts},
  {title: "out of order", cell: ({outOfOrder}) => outOfOrder},
  {title: "rejected", cell: rejectedRows},
];

/** What an import found and did, as a table with a line per symbol that had bad rows below it. */
export function formatImport({exchange, timeframe, status, symbols}: ImportReport): string {
  const columns: TextColumn<SymbolImport>[] = [
    SYMBOL,
    {title: "rows", cell: ({rows}) => rows},
    ...QUALITY_COLUMNS,
    {title: "stored", cell: describeStored},
  ];
  const rows = symbols.reduce((sum, symbol) => sum + symbol.rows, 0);
  const verdict = status === "refused" ? "nothing was stored" : "stored";
  return [
    formatTextTable(symbols, columns),
    ...symbols.map(explainBadRows),
    `${exchange} ${timeframe}: ${countSymbols(symbols)}, ${formatCount(rows, "row")}; `,
    `${verdict}. Times are UTC.\n`,
  ].join("");
}

/** What a fetch brought. */
export function formatFetch({exchange, timeframe, symbols}: FetchReport): string {
  const table = formatTextTable(symbols, [
    SYMBOL,
    {title: "bars", cell: ({bars}) => bars},
    ...QUALITY_COLUMNS,
    {title: "rows sent", cell: ({rows}) => rows},
    {title: "not sent", cell: ({notSent}) => notSent},
    {title: "stored", cell: describeStored},
  ]);
  const note =
    "bars, their ends and gaps: what the store now has of the range asked for; " +
    "rows sent: what was asked for this time; not sent: bars that the exchange did not have.";
  return [
    table,
    ...symbols.map(explainBadRows),
    `${exchange} ${timeframe}; times are UTC; ${note}\n`,
  ].join("");
}

/** What the store holds. */
export function formatSeries(series: readonly MarketSeries[]): string {
  if (series.length === 0) {
    return "The market store is empty.\n";
  }
  return formatTextTable(series, [
    {title: "exchange", cell: ({exchange}) => exchange},
    {title: "timeframe", cell: ({timeframe}) => timeframe},
    {title: "symbol", cell: ({symbol}) => symbol},
    {title: "rows", cell: ({rows}) => rows},
    {title: "first bar end (UTC)", cell: ({first}) => formatMinute(first)},
    {title: "last bar end (UTC)", cell: ({last}) => formatMinute(last)},
  ]);
}

/** What a replay file holds, with its first and last lines. */
export function formatDump(report: DumpReport): string {
  const {path, rows, bytes, symbols, first, last, corrections} = report;
  const range = `${formatMinute(first)} to ${formatMinute(last)} UTC`;
  const later =
    corrections === 0 ? "" : `, ${corrections.toLocaleString("en-US")} of them corrections`;
  const count = `${formatCount(rows, "row")}${later}`;
  const size = `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
  return [
    `${path}: ${count}, ${countSymbols(symbols)}, ${range}, ${size}`,
    ...report.head.map((line) => `  ${line}`),
    "  ...",
    ...report.tail.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function countSymbols({length}: readonly unknown[]): string {
  return formatCount(length, "symbol");
}

function rejectedRows({rejected}: BarQuality): number {
  return rejected.reduce((sum, {count}) => sum + count, 0);
}

/** `BTCUSDT: 3 rows rejected: 2 × high is below low, 1 × not a number`; nothing without any. */
function explainBadRows(symbol: Named): string {
  const count = rejectedRows(symbol);
  if (count === 0) {
    return "";
  }
  const reasons = symbol.rejected.map((rejection) => `${rejection.count} × ${rejection.reason}`);
  return `${symbol.symbol}: ${formatCount(count, "row")} rejected: ${reasons.join(", ")}\n`;
}

function describeStored({stored}: Pick<SymbolImport, "stored">): string {
  if (stored === undefined) {
    return "nothing";
  }
  const {added, changed} = stored;
  return added + changed === 0 ? "unchanged" : `${added} added, ${changed} changed`;
}

function minuteOrDash(time: EpochMs): string {
  return Number.isNaN(time) ? "-" : formatMinute(time);
}
