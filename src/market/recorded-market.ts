import type {EpochMs} from "../time/epoch.js";
import {AsOfMarket, type AsOfOptions} from "./as-of-market.js";
import type {BarPatience} from "./bar-cut-off.js";
import {type BarLattice, makeLattice} from "./bar-lattice.js";
import type {BarTable} from "./bars.js";
import type {BarArrival} from "./market-data.js";

/** What a recorded market is made of. */
export interface RecordedMarketOptions extends AsOfOptions {
  readonly bars: BarTable;
}

/**
 * Recorded bars, from the Parquet store or a replay file, shown as they became known.
 *
 * Windows whose rows are all known and never were corrected are views of the recorded arrays; treat
 * them as read-only.
 */
export class RecordedMarket extends AsOfMarket {
  protected readonly lattice: BarLattice;

  constructor({bars, ...options}: RecordedMarketOptions) {
    super(bars, options);
    this.lattice = makeLattice(bars);
  }

  async waitForBar(
    barEnd: EpochMs,
    {signal, ...patience}: BarPatience & {readonly signal?: AbortSignal},
  ): Promise<BarArrival> {
    const cutOff = this.cutOffOf(barEnd, patience);
    await this.clock.sleepUntil(cutOff.asOf, signal);
    return this.decide(barEnd, cutOff);
  }
}
