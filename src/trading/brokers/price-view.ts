import type {EpochMs} from "../../time/epoch.js";

/** What brokers and portfolios may know of the market: only what is known on the wall clock now. */
export interface PriceView {
  /** Values of a column at the bars known now whose end is in (start, end], in time order. */
  valuesWithin(
    column: string,
    instrumentId: string,
    within: {readonly start: EpochMs; readonly end: EpochMs},
  ): Float64Array;
  /** The newest known value of a column; NaN when there is none. */
  lastValue(column: string, instrumentId: string): number;
  /** True when the market has this column at all. */
  hasColumn(column: string): boolean;
}

/** Which columns of the market hold what an order type asks for. */
export interface PriceColumns {
  readonly price: string;
  readonly bid: string;
  readonly ask: string;
  readonly midpoint: string;
}

/** Columns of a market of trade bars. */
export const DEFAULT_PRICE_COLUMNS: PriceColumns = {
  price: "close",
  bid: "bid",
  ask: "ask",
  midpoint: "midpoint",
};
