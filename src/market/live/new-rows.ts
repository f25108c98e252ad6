import type {EpochMs} from "../../time/epoch.js";
import type {BarFeed, FeedQuery, FeedRow} from "./bar-feed.js";

/** Ids looked at again, per instrument: a long write may show its rows after younger ones. */
const OVERLAP_PER_SYMBOL = 20;
const OVERLAP = 1_000;

/** Hands out each row of a feed once, also one that became visible after rows with larger ids. */
export class NewRows {
  readonly #feed: BarFeed;
  readonly #overlap: number;
  readonly #seen = new Set<number>();
  #largest = 0;

  constructor(feed: BarFeed) {
    this.#feed = feed;
    this.#overlap = OVERLAP + OVERLAP_PER_SYMBOL * feed.symbols.length;
  }

  /** Rows of a stretch of the past. */
  async history(query: Pick<FeedQuery, "from" | "to">): Promise<readonly FeedRow[]> {
    return this.#unseen(await this.#feed.read(query));
  }

  /** Rows that were appended since, of bars that end after `from`. */
  async read(from: EpochMs): Promise<readonly FeedRow[]> {
    return this.#unseen(await this.#feed.read({from, afterId: this.#largest}));
  }

  /** The same, and rows with ids a little smaller that could not be seen before. */
  async readAgain(from: EpochMs): Promise<readonly FeedRow[]> {
    const afterId = Math.max(0, this.#largest - this.#overlap);
    return this.#unseen(await this.#feed.read({from, afterId}));
  }

  #unseen(rows: readonly FeedRow[]): readonly FeedRow[] {
    const unseen = rows.filter(({id}) => !this.#seen.has(id));
    for (const {id} of unseen) {
      this.#seen.add(id);
      this.#largest = Math.max(this.#largest, id);
    }
    for (const id of this.#seen) {
      if (id > this.#largest - this.#overlap) {
        break;
      }
      this.#seen.delete(id);
    }
    return unseen;
  }
}
