import {writeFile} from "node:fs/promises";
import {promisify} from "node:util";
import {gzip} from "node:zlib";
import {ReckonError} from "../../errors.js";
import {formatCsv} from "../../table/csv.js";
import {DAY_MS, type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import {type BarSource, type BarTable, OHLCV, type SymbolBars} from "../bars.js";
import {fullSymbol, type Instrument} from "../instruments/instrument.js";
import {readInstruments} from "../instruments/instrument-book.js";
import {readBars} from "../parquet/read-bars.js";
import {replaceFile} from "../parquet/replace-file.js";

/** How much market data before the run's start a replay file holds, unless said otherwise. */
const HISTORY_MS = 7 * DAY_MS;

/** The replay file's columns, in order. */
const HEADER = [
  "end_timestamp",
  "asset_id",
  "knowledge_timestamp",
  ...OHLCV,
  "end_download_timestamp",
  "id",
  "full_symbol",
  "start_timestamp",
];

/** What to write into a replay file. */
export interface DumpOptions extends BarSource {
  /** The file, usually `test_data.csv.gz`. */
  readonly path: string;
  /** Instrument ids; all of the store when left out. */
  readonly symbols?: readonly string[];
  /** The run's start and end. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Time before `start` that is included; seven days when left out. */
  readonly historyMs?: number;
}

/** What was written. */
export interface DumpReport {
  readonly path: string;
  readonly rows: number;
  readonly symbols: readonly string[];
  /** End of the first and of the last bar. */
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/**
 * Writes the market data a replay needs: every bar that ends in (start − history, end].
 *
 * Numbers are written with the fewest digits that read back to the same double, rows are sorted by
 * bar end and then instrument, and the same bars give the same bytes.
 *
 * @throws ReckonError `bad-data` when the store has no bar in the range; `failed` when the file
 *   cannot be written
 */
export async function dumpMarketData(options: DumpOptions): Promise<DumpReport> {
  const {start, end, historyMs = HISTORY_MS} = options;
  if (start >= end) {
    throw new ReckonError("misuse", {
      place: "start and end",
      expected: "start before end",
      found: `${formatMinute(start)} and ${formatMinute(end)} (UTC)`,
    });
  }
  const from = start - historyMs;
  const bars = await readBars({...options, from, to: end});
  const rows = sortedRows(bars);
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) {
    throw new ReckonError("bad-data", {
      place: `${options.exchange} ${options.timeframe}`,
      expected: `bars between ${formatMinute(from)} and ${formatMinute(end)} (UTC)`,
      found: "none",
    });
  }
  const instruments = await readInstruments(options);
  await writeGzip(options.path, formatRows(rows, bars.barMs, instruments));
  const {symbols} = bars;
  return {path: options.path, rows: rows.length, symbols, first: first.end, last: last.end};
}

interface DumpRow {
  readonly end: EpochMs;
  readonly symbol: string;
  readonly bars: SymbolBars;
  readonly row: number;
}

function sortedRows({symbols, bySymbol}: BarTable): DumpRow[] {
  const rows: DumpRow[] = [];
  for (const symbol of [...symbols].sort()) {
    const bars = bySymbol.get(symbol) as SymbolBars;
    bars.barEnd.forEach((end, row) => {
      rows.push({end, symbol, bars, row});
    });
  }
  return rows.sort((a, b) => a.end - b.end);
}

function formatRows(
  rows: readonly DumpRow[],
  barMs: number,
  instruments: ReadonlyMap<string, Instrument>,
): string {
  const names = new Map<string, string>();
  for (const [id, instrument] of instruments) {
    names.set(id, fullSymbol(instrument));
  }
  const cells = rows.map(({end, symbol, bars, row}, id) => {
    const known = formatUtc(bars.knowledgeTime[row] as number);
    return [
      formatUtc(end),
      symbol,
      known,
      ...OHLCV.map((name) => (bars.columns.get(name) as Float64Array)[row] as number),
      known,
      id,
      names.get(symbol) ?? symbol,
      formatUtc(end - barMs),
    ];
  });
  return formatCsv([HEADER, ...cells]);
}

const OS_BYTE = 9;
const UNKNOWN_OS = 255;

/** Node writes no time into the header; the operating system's byte is blanked as well. */
async function writeGzip(path: string, text: string): Promise<void> {
  const bytes = await promisify(gzip)(Buffer.from(text));
  bytes[OS_BYTE] = UNKNOWN_OS;
  await replaceFile(path, (aside) => writeFile(aside, bytes));
}
