import type {Panel} from "../table/panel.js";
import type {EpochMs} from "../time/epoch.js";

/** The last `bars` bars up to and including the one that ends at `barEnd`. */
export interface WindowQuery {
  readonly barEnd: EpochMs;
  readonly bars: number;
}

/** What waiting for a bar came to. */
export interface BarArrival {
  /** `late`: no instrument's row was known by the deadline. */
  readonly kind: "known" | "late";
  /**
   * The bar's cut-off (epoch ms): from now until the next wait, everything that is read shows what
   * was known then, however much later it is read. A function of the rows' knowledge times, never
   * of how fast anybody looked, so that a replay sees exactly what the live run saw.
   */
  readonly asOf: EpochMs;
  /** Instruments whose row of this bar was not known by then. */
  readonly missing: readonly string[];
}

/**
 * What a system sees of the market, as of its clock: no row is visible before it was known.
 *
 * A row is known from its knowledge time plus the configured delay onwards.
 */
export interface MarketData {
  /** Length of a bar. */
  readonly barMs: number;
  /** Instrument ids: the columns of every panel, in this order. */
  readonly symbols: readonly string[];
  /**
   * A regular grid of `bars` rows that ends at `barEnd`, with one feature per column of the data
   * (open, high, low, close, volume). A missing or not yet known row is NaN.
   *
   * Columns that are views of one buffer show what never changes: two windows into it that overlap
   * have the same values there, on which the DAG relies. A source that reuses memory gives copies.
   */
  window(query: WindowQuery): Panel;
  /** Values of bars known now whose end lies in (start, end], oldest first; NaN is left out. */
  valuesWithin(
    column: string,
    symbol: string,
    within: {readonly start: EpochMs; readonly end: EpochMs},
  ): Float64Array;
  /** The last known value of a column; NaN when none is known. */
  lastValue(column: string, symbol: string): number;
  /** True when the data has this column at all. */
  hasColumn(column: string): boolean;
  /** The end of the newest bar of which some instrument's row is known; NaN when there is none. */
  lastKnownEnd(): EpochMs;
  /** Looks for rows that came in since the last wait; a recorded market has none to look for. */
  refresh?(signal?: AbortSignal): Promise<void>;
  /**
   * Sleeps on the clock until every instrument's row of the bar that ends at `barEnd` is known;
   * once the first is, the others get `graceMs` more (0 where left out). Gives up at the instant
   * `deadlineMs` (epoch ms) and says `late`.
   */
  waitForBar(
    barEnd: EpochMs,
    options: {
      readonly deadlineMs: EpochMs;
      readonly graceMs?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<BarArrival>;
}
