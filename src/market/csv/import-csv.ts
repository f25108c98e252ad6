import {parsePeriod} from "../../time/bar-grid.js";
import type {BarSource, SymbolBars} from "../bars.js";
import {type Instrument, inferInstrument} from "../instruments/instrument.js";
import {readInstrumentFile, saveInstruments} from "../instruments/instrument-book.js";
import {concatenate, type DuckDBConnection, withDuckDb} from "../parquet/duck-db.js";
import {type SaveCount, saveBars} from "../parquet/save-bars.js";
import {canonicalTimeframe} from "../timeframe.js";
import {type BarQuality, cleanBars, decimalsIn} from "./clean-bars.js";
import {type CsvSource, findCsv} from "./csv-source.js";
import {type RawRows, readCsv} from "./read-csv.js";

/** What to import, and where to. */
export interface ImportOptions extends BarSource {
  /** Folder of csv and csv.gz files, or one such file. */
  readonly from: string;
  /** Change nothing when any row is bad. */
  readonly isStrict?: boolean;
  /** JSON file with instrument records, which count instead of what the bars suggest. */
  readonly instrumentFile?: string;
  /** Kind of the instruments that no record is given for; `linear` when left out. */
  readonly kind?: Instrument["kind"];
}

/** What was found for one instrument, and what that did to the store. */
export interface SymbolImport extends BarQuality {
  readonly symbol: string;
  readonly files: readonly string[];
  /** Absent when nothing was stored because of strictness. */
  readonly stored?: SaveCount;
}

/** What an import did. */
export interface ImportReport {
  readonly exchange: string;
  readonly timeframe: string;
  /** `refused`: rows were bad, strictness was asked for, and the store is as it was. */
  readonly status: "stored" | "refused";
  readonly symbols: readonly SymbolImport[];
}

interface Cleaned {
  readonly symbol: string;
  readonly files: readonly string[];
  readonly bars: SymbolBars;
  readonly quality: BarQuality;
}

/**
 * Imports csv files of bars into the store.
 *
 * All files are read and judged before the first is stored. Bad rows are left out and counted.
 * Importing the same files again changes nothing; more months are merged in.
 *
 * @throws ReckonError `bad-data` or `misuse`, with the store untouched, for a missing folder, a
 *   wrong header, a damaged file; `failed` when the store cannot be written
 */
export async function importCsv(options: ImportOptions): Promise<ImportReport> {
  const timeframe = canonicalTimeframe(options.timeframe);
  const files = await findCsv(options.from, timeframe);
  const given = options.instrumentFile ? await readInstrumentFile(options.instrumentFile) : [];
  const head = {exchange: options.exchange, timeframe};
  return withDuckDb(async (connection) => {
    const cleaned = await readAll(connection, files, parsePeriod(timeframe));
    if (options.isStrict && cleaned.some(({quality}) => badRows(quality) > 0)) {
      const symbols = cleaned.map(({symbol, files: paths, quality}) => ({
        symbol,
        files: paths,
        ...quality,
      }));
      return {...head, status: "refused", symbols};
    }
    await saveInstruments(options, {given, inferred: inferAll(cleaned, options)});
    const symbols: SymbolImport[] = [];
    for (const {symbol, files: paths, bars, quality} of cleaned) {
      const stored = await saveBars(connection, {...options, timeframe, symbol, bars});
      symbols.push({symbol, files: paths, ...quality, stored});
    }
    return {...head, status: "stored", symbols};
  });
}

/** Rows that were rejected, or that contradict another row. */
export function badRows({rejected, conflicts}: BarQuality): number {
  return rejected.reduce((sum, {count}) => sum + count, conflicts);
}

async function readAll(
  connection: DuckDBConnection,
  sources: readonly CsvSource[],
  barMs: number,
): Promise<Cleaned[]> {
  const bySymbol = new Map<string, string[]>();
  for (const {symbol, path} of sources) {
    bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), path]);
  }
  const cleaned: Cleaned[] = [];
  for (const [symbol, files] of bySymbol) {
    const parts: RawRows[] = [];
    for (const file of files) {
      parts.push(await readCsv(connection, file));
    }
    cleaned.push({symbol, files, ...cleanBars(joinRows(parts), barMs)});
  }
  return cleaned;
}

/** The rows of several files, one after the other. */
function joinRows(parts: readonly RawRows[]): RawRows {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    return only;
  }
  const join = (pick: (part: RawRows) => Float64Array): Float64Array =>
    concatenate(parts.map(pick));
  return {
    openTime: join((part) => part.openTime),
    shape: join((part) => part.shape),
    values: (only?.values ?? []).map((_, i) => join((part) => part.values[i] as Float64Array)),
    unreadableLines: parts.reduce((sum, part) => sum + part.unreadableLines, 0),
  };
}

function inferAll(
  cleaned: readonly Cleaned[],
  {exchange, kind = "linear"}: Pick<ImportOptions, "exchange" | "kind">,
): Instrument[] {
  return cleaned
    .filter(({quality}) => quality.bars > 0)
    .map(({symbol, bars: {columns}}) => {
      const prices = ["open", "high", "low", "close"].map((name) => columns.get(name));
      return inferInstrument({
        id: symbol,
        venue: exchange,
        kind,
        priceDecimals: decimalsIn(prices as Float64Array[]),
        volumeDecimals: decimalsIn([columns.get("volume") as Float64Array]),
      });
    });
}
