import type {EpochMs} from "../../time/epoch.js";

/** Rows of one instrument as a source has them, before any is judged or sorted. */
export interface RawBars {
  readonly symbol: string;
  readonly barMs: number;
  /** End of each row's bar; NaN where the row has no readable time. */
  readonly barEnd: Float64Array;
  /** Open, high, low, close and volume; NaN where a cell is empty or no number. */
  readonly values: readonly Float64Array[];
  /** Where the source notes when a row became known. */
  readonly knowledgeTime?: Float64Array;
  /** Lines that could not be split into a row at all. */
  readonly unreadableRows: number;
}

/** Bars that end in (from, to]; an end that is left out is where the rows begin or end. */
export interface CheckRange {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}
