import type {Column} from "../table/frame.js";

/** The usual columns of a bar, in the order files and tables list them. */
export const OHLCV = ["open", "high", "low", "close", "volume"] as const;

/**
 * The recorded bars of one instrument, oldest first; one row per bar that exists.
 *
 * A bar nobody recorded has no row. Prices are in quote currency, volume in base currency.
 */
export interface SymbolBars {
  /** Ends of the bars (epoch ms, UTC), strictly increasing; the bar is (end − length, end]. */
  readonly barEnd: Float64Array;
  /** When each row became visible at its source, before any configured delay. */
  readonly knowledgeTime: Float64Array;
  /** Values by name, each as long as `barEnd`: {@link OHLCV}, or what a feed has besides. */
  readonly columns: ReadonlyMap<string, Column>;
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

/** Rows `from` (inclusive) to `to` (exclusive); a view, nothing is copied. */
export function sliceBars(bars: SymbolBars, from: number, to: number): SymbolBars {
  const columns = new Map<string, Column>();
  for (const [name, column] of bars.columns) {
    columns.set(name, column.subarray(from, to));
  }
  return {
    barEnd: bars.barEnd.subarray(from, to),
    knowledgeTime: bars.knowledgeTime.subarray(from, to),
    columns,
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
