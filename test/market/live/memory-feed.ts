import type {BarFeed, FeedQuery, FeedRow} from "../../../src/market/live/bar-feed.js";
import type {Clock} from "../../../src/time/clock.js";
import type {EpochMs} from "../../../src/time/epoch.js";

/** A row and the moment from which a reader of the table can see it. */
export interface TimedRow extends FeedRow {
  readonly readableFrom: EpochMs;
}

/** A bar with one price throughout. */
export function flatRow(
  id: number,
  symbol: string,
  {
    barEnd,
    known,
    price = 1,
    lagMs = 0,
  }: {
    readonly barEnd: EpochMs;
    readonly known: EpochMs;
    readonly price?: number;
    readonly lagMs?: number;
  },
): TimedRow {
  return {
    id,
    symbol,
    barEnd,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 1,
    knowledgeTime: known,
    endDownloadTime: known,
    readableFrom: known + lagMs,
  };
}

/** A table in memory whose rows appear as time goes on; it can be made to go away. */
export class MemoryFeed implements BarFeed {
  readonly place = "a table in memory";
  readonly barMs: number;
  readonly symbols: readonly string[];
  readonly #rows: readonly TimedRow[];
  readonly #clock: Clock;
  /** Times (from, to) in which the table cannot be reached. */
  away: readonly (readonly [from: EpochMs, to: EpochMs])[] = [];
  reads = 0;

  constructor(
    rows: readonly TimedRow[],
    {symbols, barMs, clock}: {symbols: readonly string[]; barMs: number; clock: Clock},
  ) {
    this.#rows = [...rows].sort((a, b) => a.id - b.id);
    this.symbols = symbols;
    this.barMs = barMs;
    this.#clock = clock;
  }

  async read({from, to = Infinity, afterId = 0}: FeedQuery): Promise<readonly FeedRow[]> {
    this.reads += 1;
    const now = this.#clock.now();
    if (this.away.some(([start, end]) => start <= now && now < end)) {
      throw Object.assign(new Error("connection refused"), {code: "ECONNREFUSED"});
    }
    return this.#rows.filter(
      ({id, barEnd, readableFrom}) =>
        id > afterId && barEnd > from && barEnd <= to && readableFrom <= now,
    );
  }
}
