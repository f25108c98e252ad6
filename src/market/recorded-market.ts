import type {EpochMs} from "../time/epoch.js";
import {AsOfMarket, type AsOfOptions} from "./as-of-market.js";
import type {BarPatience} from "./bar-cut-off.js";
import {type BarLattice, makeLattice} from "./bar-lattice.js";
import type {BarTable} from "./bars.js";
import type {MarketNotice} from "./live/market-notice.js";
import type {BarArrival} from "./market-data.js";
import {MissingRows} from "./missing-rows.js";

/** What a recorded market is made of. */
export interface RecordedMarketOptions extends AsOfOptions {
  readonly bars: BarTable;
  readonly onNotice?: (notice: MarketNotice) => void;
}

/**
 * Recorded bars, from the Parquet store or a replay file, shown as they became known.
 *
 * Windows whose rows are all known and never were corrected are views of the recorded arrays; treat
 * them as read-only.
 */
export class RecordedMarket extends AsOfMarket {
  protected readonly lattice: BarLattice;
  readonly #bars: BarTable;
  readonly #onNotice: (notice: MarketNotice) => void;
  readonly #missing = new MissingRows();
  #knownLate = 0;

  constructor({bars, onNotice = () => undefined, ...options}: RecordedMarketOptions) {
    super(bars, options);
    this.#bars = bars;
    this.#onNotice = onNotice;
    this.lattice = makeLattice(bars);
  }

  /**
   * What was not as it should be, by the names of `run.json`, where it happened at all: `gaps` and
   * `missing` as a live market counts them, `known_late` for missing rows that became known later,
   * `corrections` for later versions of bars that were seen.
   */
  counts(): Readonly<Record<string, number>> {
    const counts = {
      gaps: this.#missing.gaps,
      missing: this.#missing.rows,
      known_late: this.#knownLate,
      corrections: this.#seenCorrections(),
    };
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  /** There is nothing behind it to let go of. */
  async close(): Promise<void> {}

  async waitForBar(
    barEnd: EpochMs,
    {signal, ...patience}: BarPatience & {readonly signal?: AbortSignal},
  ): Promise<BarArrival> {
    const cutOff = this.cutOffOf(barEnd, patience);
    await this.clock.sleepUntil(cutOff.asOf, signal);
    const symbols = cutOff.missing.map((i) => this.symbols[i] as string);
    this.#missing.add(symbols);
    if (symbols.length > 0) {
      const at = (barEnd - this.lattice.firstEnd) / this.barMs;
      const knownAt = (symbol: string) => this.lattice.rows.get(symbol)?.known[at];
      this.#knownLate += symbols.filter((symbol) => Number.isFinite(knownAt(symbol))).length;
      this.#onNotice({kind: "missing", barEnd, symbols});
    }
    return this.decide(barEnd, cutOff);
  }

  #seenCorrections(): number {
    const latest = (this.decidedAsOf ?? Number.NEGATIVE_INFINITY) - this.delayMs;
    let seen = 0;
    for (const {corrections} of this.#bars.bySymbol.values()) {
      corrections?.knowledgeTime.forEach((time) => {
        seen += time <= latest ? 1 : 0;
      });
    }
    return seen;
  }
}
