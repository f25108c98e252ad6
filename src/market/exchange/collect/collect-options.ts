import type {Clock} from "../../../time/clock.js";
import {DAY_MS, type EpochMs, SECOND_MS} from "../../../time/epoch.js";
import type {Instrument} from "../../instruments/instrument.js";
import type {ExchangeClient} from "../exchange-client.js";
import type {BarWriter} from "./bar-writer.js";
import type {CollectStatus} from "./collect-counts.js";

/** Spans and bounds of a collector, in the clock's time. */
export interface CollectSettings {
  /** How far back missing bars are asked for. */
  readonly backfillMs: number;
  /** A bar that has not come this long after its end is asked for. */
  readonly graceMs: number;
  /** Every so many bars the newest ones are asked for again, to find what was corrected. */
  readonly recheckBars: number;
  /** A connection without any message for this long is given up. */
  readonly silentMs: number;
  /** A bar written later than this after its end is counted as late. */
  readonly lateMs: number;
  /** Bars kept in memory while the store is out of reach. */
  readonly memoryBars: number;
  /** Longest time to write what is left at the end. */
  readonly stopMs: number;
}

/** What to collect, and where to. */
export interface CollectOptions {
  /** Its markets are loaded. */
  readonly client: ExchangeClient;
  readonly timeframe: string;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly writer: BarWriter;
  /** Ends the collection; what was received by then is written. */
  readonly signal: AbortSignal;
  /** Instant at which to end; never when left out. */
  readonly until?: EpochMs | undefined;
  readonly settings?: Partial<CollectSettings>;
  /** Told of each bar once all symbols have it, or the next one is due. */
  readonly onBar?: (status: CollectStatus) => void;
  /** A sentence for each thing an operator should know. */
  readonly onEvent?: (text: string) => void;
}

/** The settings of a collector of bars of this length where nothing else is said. */
export function defaultSettings(barMs: number): CollectSettings {
  return {
    backfillMs: DAY_MS,
    graceMs: 2 * SECOND_MS,
    recheckBars: 5,
    silentMs: Math.min(3 * barMs, 90 * SECOND_MS),
    lateMs: 10 * SECOND_MS,
    memoryBars: 100_000,
    stopMs: 10 * SECOND_MS,
  };
}
