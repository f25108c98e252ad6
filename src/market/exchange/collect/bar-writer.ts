import type {BarValues} from "../../../table/bar-values.js";
import type {EpochMs} from "../../../time/epoch.js";

/** A closed bar as the exchange sent it. */
export interface CollectedBar extends BarValues {
  /** `BTC_USDT`, as the store names pairs. */
  readonly currencyPair: string;
  readonly barEnd: EpochMs;
  /** When it was received. */
  readonly endDownloadTime: EpochMs;
}

/** Where collected bars are kept. */
export interface BarWriter {
  /**
   * Keeps bars, or fails and may be asked again with the same bars. A bar becomes known when it is
   * written; the same values again are not news, other values are a correction and a further row.
   */
  append(bars: readonly CollectedBar[]): Promise<void>;
  /** The stored bars that end after an instant, each as it was last known. */
  readSince(from: EpochMs): Promise<readonly CollectedBar[]>;
}
