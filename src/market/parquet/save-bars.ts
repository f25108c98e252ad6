import {existsSync} from "node:fs";
import type {Column} from "../../table/frame.js";
import {type BarSource, latestVersions, OHLCV, type SymbolBars, sliceBars} from "../bars.js";
import {concatenate, createTable, type DuckDBConnection, sqlText} from "./duck-db.js";
import {monthFile, monthOf} from "./market-layout.js";
import {mergeBars} from "./merge-bars.js";
import {readFiles} from "./read-files.js";
import {replaceFile} from "./replace-file.js";

/** What saving did to the store. */
export interface SaveCount {
  /** Rows of bars the store did not have. */
  readonly added: number;
  /** Rows whose values replaced others. */
  readonly changed: number;
  /** Rows the store had already. */
  readonly unchanged: number;
  /** Month files that were written. */
  readonly files: number;
}

const EVER = {from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY};

/**
 * Puts one instrument's bars into the store, month by month, merged with what is there.
 *
 * The new row wins where both have a bar with other values; a row with the values the store has
 * leaves the stored one, knowledge time included, alone. This store holds history, one row per bar:
 * of a corrected bar the last version, known when that became known. A month to which nothing is
 * new is not written, so saving the same bars twice changes no byte.
 *
 * @throws ReckonError `failed` when a file cannot be written; each file is then old or new
 */
export async function saveBars(
  connection: DuckDBConnection,
  {
    symbol,
    bars: recorded,
    ...source
  }: BarSource & {readonly symbol: string; readonly bars: SymbolBars},
): Promise<SaveCount> {
  const bars = latestVersions(recorded);
  let count: SaveCount = {added: 0, changed: 0, unchanged: 0, files: 0};
  const news: MonthBars[] = [];
  for (const {month, from, to} of monthSpans(bars.barEnd)) {
    const file = monthFile(source, symbol, month);
    const given = sliceBars(bars, from, to);
    const {merged, added, changed, unchanged} = existsSync(file)
      ? mergeBars(await readFiles(connection, [file], EVER), given)
      : {merged: given, added: to - from, changed: 0, unchanged: 0};
    const isNews = added + changed > 0;
    if (isNews) {
      news.push({file, bars: merged});
    }
    count = {
      added: count.added + added,
      changed: count.changed + changed,
      unchanged: count.unchanged + unchanged,
      files: count.files + (isNews ? 1 : 0),
    };
  }
  await writeMonths(connection, news);
  return count;
}

/** One month's bars and their file. */
interface MonthBars {
  readonly file: string;
  readonly bars: SymbolBars;
}

/** Runs of rows that lie in one month. */
function monthSpans(barEnd: Float64Array): {month: string; from: number; to: number}[] {
  const spans: {month: string; from: number; to: number}[] = [];
  let from = 0;
  while (from < barEnd.length) {
    const month = monthOf(barEnd[from] as number);
    const lastEnd = endOfMonth(month);
    let to = from + 1;
    while (to < barEnd.length && (barEnd[to] as number) <= lastEnd) {
      to += 1;
    }
    spans.push({month, from, to});
    from = to;
  }
  return spans;
}

/** Midnight after the last day of `2025-07`. */
function endOfMonth(month: string): number {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return Date.UTC(year, number, 1);
}

/** All months go into one table, and each from there into its file. */
async function writeMonths(
  connection: DuckDBConnection,
  months: readonly MonthBars[],
): Promise<void> {
  if (months.length === 0) {
    return;
  }
  const join = (pick: (bars: SymbolBars) => Column): Column =>
    concatenate(months.map(({bars}) => pick(bars)));
  const table = new Map<string, Column>([["bar_end", join(({barEnd}) => barEnd)]]);
  for (const name of OHLCV) {
    table.set(
      name,
      join(({columns}) => columns.get(name) as Column),
    );
  }
  table.set(
    "knowledge_time",
    join(({knowledgeTime}) => knowledgeTime),
  );
  await createTable(connection, "new_bars", table);
  for (const {file, bars} of months) {
    const select = `SELECT bar_end::BIGINT AS bar_end, ${OHLCV.join(", ")},
      knowledge_time::BIGINT AS knowledge_time FROM new_bars
      WHERE bar_end BETWEEN ${bars.barEnd[0]} AND ${bars.barEnd.at(-1)}`;
    await replaceFile(file, (aside) =>
      connection.run(`COPY (${select}) TO ${sqlText(aside)} (FORMAT PARQUET)`),
    );
  }
}
