import {ReckonError} from "../../errors.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {type BarRows, type BarSource, OHLCV, type SymbolBars} from "../bars.js";
import {type CsvSource, findCsv} from "../csv/csv-source.js";
import {type RawRows, readCsv, SHAPE} from "../csv/read-csv.js";
import type {BarFeed} from "../live/bar-feed.js";
import {concatenate, type DuckDBConnection, withDuckDb} from "../parquet/duck-db.js";
import {readBars} from "../parquet/read-bars.js";
import {readRawReplayFile} from "../replay-file/read-market-dump.js";
import type {CheckRange, RawBars} from "./raw-bars.js";

/** Rows of instruments one after the other, so that only one is held at a time. */
export type RawBarReader = AsyncGenerator<RawBars>;

/**
 * The rows of csv and csv.gz files, several files of an instrument joined; nothing is imported.
 *
 * @param symbols which instruments; all where left out
 * @throws ReckonError `bad-data` for a missing folder, a damaged file, an instrument without a file
 */
export async function* readRawCsv(
  dir: string,
  timeframe: string,
  symbols?: readonly string[],
): RawBarReader {
  const files = groupBySymbol(await findCsv(dir, timeframe));
  const barMs = parsePeriod(timeframe);
  for (const symbol of symbols ?? files.keys()) {
    const paths = files.get(symbol);
    if (paths === undefined) {
      throw new ReckonError("bad-data", {
        place: dir,
        expected: `a file of ${symbol}`,
        found: [...files.keys()].join(", "),
      });
    }
    yield await withDuckDb((connection) => readFilesOf(symbol, {paths, barMs}, connection));
  }
}

/** The rows of the Parquet store, which has one per bar. */
export async function* readRawStore(
  source: BarSource & {readonly symbols?: readonly string[]},
  range: CheckRange,
): RawBarReader {
  const symbols = source.symbols ?? (await readBars({...source, from: 0, to: 0})).symbols;
  for (const symbol of symbols) {
    const {bySymbol, barMs} = await readBars({
      ...source,
      symbols: [symbol],
      ...(range.from === undefined ? {} : {from: range.from}),
      ...(range.to === undefined ? {} : {to: range.to}),
    });
    yield rawBars(symbol, bySymbol.get(symbol) as SymbolBars, barMs);
  }
}

/**
 * The rows of a replay file. Lines that cannot be read belong to no instrument and are counted with
 * the first.
 *
 * @throws ReckonError `bad-data` when it cannot be read, or lacks an instrument asked for
 */
export async function* readRawFile(path: string, symbols?: readonly string[]): RawBarReader {
  const {barMs, bySymbol, unreadableRows} = await readRawReplayFile(path);
  let unread = unreadableRows;
  for (const symbol of symbols ?? bySymbol.keys()) {
    const rows = bySymbol.get(symbol);
    if (rows === undefined) {
      throw new ReckonError("bad-data", {
        place: path,
        expected: `rows of ${symbol}`,
        found: [...bySymbol.keys()].join(", "),
      });
    }
    yield {...rawBars(symbol, rows, barMs), unreadableRows: unread};
    unread = 0;
  }
}

function rawBars(symbol: string, rows: BarRows, barMs: number): RawBars {
  const {barEnd, knowledgeTime, columns} = rows;
  const values = OHLCV.map(
    (name) => columns.get(name) ?? new Float64Array(barEnd.length).fill(Number.NaN),
  );
  return {symbol, barMs, barEnd, knowledgeTime, values, unreadableRows: 0};
}

function groupBySymbol(sources: readonly CsvSource[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const {symbol, path} of sources) {
    files.set(symbol, [...(files.get(symbol) ?? []), path]);
  }
  return files;
}

async function readFilesOf(
  symbol: string,
  {paths, barMs}: {readonly paths: readonly string[]; readonly barMs: number},
  connection: DuckDBConnection,
): Promise<RawBars> {
  const parts: RawRows[] = [];
  for (const path of paths) {
    parts.push(await readCsv(connection, path));
  }
  const join = (pick: (part: RawRows) => Float64Array): Float64Array =>
    parts.length === 1 ? pick(parts[0] as RawRows) : concatenate(parts.map(pick));
  const shape = join((part) => part.shape);
  return {
    symbol,
    barMs,
    // A line with a field too many or too few is no row: nobody knows which field is which.
    barEnd: join((part) => part.openTime).map((time, row) =>
      shape[row] === SHAPE.tooManyFields ? Number.NaN : time + barMs,
    ),
    values: OHLCV.map((_, i) => join((part) => part.values[i] as Float64Array)),
    unreadableRows: parts.reduce((sum, part) => sum + part.unreadableLines, 0),
  };
}

/** The rows of feeds, one instrument at a time: every version, and rows a live market refuses. */
export async function* readRawFeed(
  symbols: readonly string[],
  feedOf: (symbol: string) => BarFeed,
  {from = 0, to}: CheckRange,
): RawBarReader {
  for (const symbol of symbols) {
    const feed = feedOf(symbol);
    const rows = await feed.read(to === undefined ? {from} : {from, to});
    yield {
      symbol,
      barMs: feed.barMs,
      barEnd: Float64Array.from(rows, ({barEnd}) => barEnd),
      knowledgeTime: Float64Array.from(rows, ({knowledgeTime}) => knowledgeTime),
      values: OHLCV.map((name) => Float64Array.from(rows, (row) => row[name])),
      unreadableRows: 0,
    };
  }
}
