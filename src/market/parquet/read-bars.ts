import {existsSync} from "node:fs";
import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import {parsePeriod} from "../../time/bar-grid.js";
import type {EpochMs} from "../../time/epoch.js";
import {type BarSource, type BarTable, emptyBars, type SymbolBars} from "../bars.js";
import {type DuckDBConnection, withDuckDb} from "./duck-db.js";
import {monthOf, monthsOf, partitionsOf, timeframeDir} from "./market-layout.js";
import {readFiles} from "./read-files.js";

/** Which rows of the store to read. */
export interface BarQuery extends BarSource {
  /** Instrument ids, in the order wanted; all that the store has (sorted) when left out. */
  readonly symbols?: readonly string[];
  /** Bars end after this instant; from the beginning when left out. */
  readonly from?: EpochMs;
  /** Bars end at or before this instant; to the end when left out. */
  readonly to?: EpochMs;
}

/**
 * Bars from the store whose end lies in (from, to], as typed arrays.
 *
 * An instrument that the store knows but that has no bar in the range comes back empty.
 *
 * @throws ReckonError `bad-data` for an exchange, timeframe or symbol that the store lacks, naming
 *   what it has, and for a file that cannot be read
 */
export async function readBars(query: BarQuery): Promise<BarTable> {
  const symbols = await storedSymbols(query);
  const bySymbol = new Map<string, SymbolBars>();
  await withDuckDb(async (connection) => {
    for (const symbol of symbols) {
      bySymbol.set(symbol, await readSymbol(connection, query, symbol));
    }
  });
  return {barMs: parsePeriod(query.timeframe), symbols, bySymbol};
}

/**
 * The instruments that a query asks for, all of which the store knows.
 *
 * @throws ReckonError `bad-data` for an exchange, timeframe or symbol that the store lacks, naming
 *   what it has
 */
export async function storedSymbols(
  query: Pick<BarQuery, keyof BarSource | "symbols">,
): Promise<readonly string[]> {
  const known = await knownSymbols(query);
  const symbols = query.symbols ?? known;
  for (const symbol of symbols) {
    requireOneOf(known, symbol, {what: "symbol", place: timeframeDir(query)});
  }
  return symbols;
}

/** One instrument's bars; `query` names the store and the range. */
async function readSymbol(
  connection: DuckDBConnection,
  query: BarQuery,
  symbol: string,
): Promise<SymbolBars> {
  const {from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY} = query;
  const months = await monthsOf(query, symbol);
  const files = months.filter(({month}) => isWithin(month, from, to)).map(({file}) => file);
  return files.length === 0 ? emptyBars() : readFiles(connection, files, {from, to});
}

/** Whether a month can hold a bar that ends in (from, to]. */
function isWithin(month: string, from: EpochMs, to: EpochMs): boolean {
  return (
    (!Number.isFinite(from) || month >= monthOf(from + 1)) &&
    (!Number.isFinite(to) || month <= monthOf(to))
  );
}

/** The symbols of an exchange and timeframe; an error names what the store has instead. */
async function knownSymbols(query: BarSource): Promise<string[]> {
  const {dataDir, exchange} = query;
  requireStore(dataDir);
  const root = join(dataDir, "market");
  const exchanges = await partitionsOf(root, "exchange");
  requireOneOf(exchanges, exchange, {what: "exchange", place: root});
  const dir = timeframeDir(query);
  const timeframes = await partitionsOf(join(dir, ".."), "timeframe");
  const wanted = dir.slice(dir.lastIndexOf("=") + 1);
  requireOneOf(timeframes, wanted, {what: "timeframe", place: join(dir, "..")});
  return partitionsOf(dir, "symbol");
}

/** @throws ReckonError `bad-data` when the folder of the store is not there */
export function requireStore(dataDir: string): void {
  if (!existsSync(dataDir)) {
    throw new ReckonError("bad-data", {
      place: `--data-dir ${dataDir}`,
      expected: "the folder of a market store",
      found: "no such folder",
      fix: "name the right one, or make it with reckon market import or reckon market fetch",
    });
  }
}

/** Throws, naming what there is, unless `wanted` is there. */
function requireOneOf(
  known: readonly string[],
  wanted: string,
  {what, place}: {what: string; place: string},
): void {
  if (known.includes(wanted)) {
    return;
  }
  throw new ReckonError("bad-data", {
    place,
    expected: `${what} ${wanted}`,
    found: known.length === 0 ? `no ${what} at all` : known.join(", "),
    fix: "import or fetch it first: reckon market import, reckon market fetch",
  });
}
