import type {EpochMs} from "../../../time/epoch.js";

/** What a collector has done and met since it began; what alerts are made of. */
export interface CollectCounts {
  /** Bars written for the first time. */
  bars: number;
  /** Later versions of bars, written as further rows. */
  corrections: number;
  /** Bars that came by asking for what was missing, at the start and after a new connection. */
  backfilled: number;
  /** Bars written later after their end than allowed; back-filled ones are not counted. */
  late: number;
  /** Connections that were made again. */
  reconnects: number;
  /** Times a connection stood but sent nothing for too long. */
  silent: number;
  /** Failed attempts to reach the exchange or to write. */
  errors: number;
  /** Candles left out because their values cannot be. */
  rejected: number;
  /** Bars that no longer fitted in memory while the store was out of reach; asked for again. */
  dropped: number;
}

/** A collector's state at the end of a bar. */
export interface CollectStatus extends Readonly<CollectCounts> {
  /** The bar that ended. */
  readonly barEnd: EpochMs;
  /** Symbols without it so far. */
  readonly missing: readonly string[];
  /** Bars received and not yet written. */
  readonly pending: number;
  /** Whether bars come over a websocket now; asking goes on either way. */
  readonly isLive: boolean;
}

/** Nothing yet. */
export function noCounts(): CollectCounts {
  return {
    bars: 0,
    corrections: 0,
    backfilled: 0,
    late: 0,
    reconnects: 0,
    silent: 0,
    errors: 0,
    rejected: 0,
    dropped: 0,
  };
}
