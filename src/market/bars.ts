import {type Column, countUpTo} from "../table/frame.js";

/** The usual columns of a bar, in the order files and tables list them. */
export const OHLCV = ["open", "high", "low", "close", "volume"] as const;

/** Rows of bars as columns. Prices are in quote currency, volume in base currency. */
export interface BarRows {
  /** Ends of the bars (epoch ms, UTC), increasing; the bar is (end − length, end]. */
  readonly barEnd: Float64Array;
  /** When each row became visible at its source, before any configured delay. */
  readonly knowledgeTime: Float64Array;
  /** Values by name, each as long as `barEnd`: {@link OHLCV}, or what a feed has besides. */
  readonly columns: ReadonlyMap<string, Column>;
}

/**
 * The recorded bars of one instrument, oldest first; one row per bar that exists, the first version
 * that became known. `barEnd` is strictly increasing; a bar nobody recorded has no row.
 */
export interface SymbolBars extends BarRows {
  /**
   * Versions that became known later, sorted by bar end and then knowledge time; each is of a bar
   * that has a row above. Left out where nothing was corrected.
   */
  readonly corrections?: BarRows;
}

/** Bars of one length of several instruments. */
export interface BarTable {
  /** Length of a bar. */
  readonly barMs: number;
  readonly symbols: readonly string[];
  /** One entry for each of `symbols`; an instrument without bars in the range has empty arrays. */
  readonly bySymbol: ReadonlyMap<string, SymbolBars>;
}

/** Which bars: the store, the market and the length. */
export interface BarSource {
  /** The folder that holds `market/`. */
  readonly dataDir: string;
  readonly exchange: string;
  /** Bar length as `5m`, `1h`, `1d`. */
  readonly timeframe: string;
}

/** Rows `from` (inclusive) to `to` (exclusive) and their corrections; a view, nothing is copied. */
export function sliceBars(bars: SymbolBars, from: number, to: number): SymbolBars {
  const rows = sliceRows(bars, from, to);
  const {corrections} = bars;
  if (corrections === undefined || from >= to) {
    return rows;
  }
  const before = countUpTo(corrections.barEnd, (bars.barEnd[from] as number) - 1);
  const upTo = countUpTo(corrections.barEnd, bars.barEnd[to - 1] as number);
  return upTo > before ? {...rows, corrections: sliceRows(corrections, before, upTo)} : rows;
}

function sliceRows({barEnd, knowledgeTime, columns}: BarRows, from: number, to: number): BarRows {
  const sliced = new Map<string, Column>();
  for (const [name, column] of columns) {
    sliced.set(name, column.subarray(from, to));
  }
  return {
    barEnd: barEnd.subarray(from, to),
    knowledgeTime: knowledgeTime.subarray(from, to),
    columns: sliced,
  };
}

/**
 * One row per bar, the version known last with its own knowledge time: for whoever does not ask
 * what was known when. Bars that were never corrected are handed back as they are.
 */
export function latestVersions(bars: SymbolBars): SymbolBars {
  const {corrections, barEnd, knowledgeTime, columns} = bars;
  if (corrections === undefined) {
    return bars;
  }
  const rows = Array.from(corrections.barEnd, (end) => countUpTo(barEnd, end) - 1);
  const patch = (values: Column, later: Column): Float64Array => {
    const patched = values.slice();
    rows.forEach((row, i) => {
      patched[row] = later[i] as number;
    });
    return patched;
  };
  const patched = new Map<string, Column>();
  for (const [name, values] of columns) {
    const later = corrections.columns.get(name);
    patched.set(name, later === undefined ? values : patch(values, later));
  }
  return {
    barEnd,
    knowledgeTime: patch(knowledgeTime, corrections.knowledgeTime),
    columns: patched,
  };
}

/** Bars from arrays in the order of {@link OHLCV}. */
export function barsOf(
  barEnd: Float64Array,
  knowledgeTime: Float64Array,
  columns: readonly Float64Array[],
): SymbolBars {
  const named = OHLCV.map((name, i) => [name, columns[i] as Float64Array] as const);
  return {barEnd, knowledgeTime, columns: new Map(named)};
}

/** No bars, with the usual columns. */
export function emptyBars(): SymbolBars {
  const none = new Float64Array(0);
  return barsOf(
    none,
    none,
    OHLCV.map(() => none),
  );
}
