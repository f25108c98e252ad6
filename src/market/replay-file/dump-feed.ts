import type {BarFeed} from "../live/bar-feed.js";
import {feedDumpRows} from "../live/read-feed.js";
import {type DumpRange, rangeOf, requireRows} from "./dump-market-data.js";
import {type DumpReport, writeReplayFile} from "./write-replay-file.js";

/** A report, with the rows that were left out. */
export interface FeedDumpReport extends DumpReport {
  /** Rows that hold no bar, as a live market refuses them. */
  readonly refusedRows: number;
}

/**
 * Writes the market data a replay of a live run needs: every version of every bar of the feed that
 * ends in (start − history, end], with its own knowledge time.
 *
 * @param names the instruments' names on their exchange
 * @throws ReckonError `bad-data` when the feed has no bar in the range; `misuse` when a file there
 *   is read-only; `failed` when the store does not answer or the file cannot be written
 */
export async function dumpFeed(
  feed: BarFeed,
  options: DumpRange,
  names: ReadonlyMap<string, string>,
): Promise<FeedDumpReport> {
  const range = rangeOf(options);
  let refusedRows = 0;
  const rows = feedDumpRows(feed, range, () => {
    refusedRows += 1;
  });
  const report = await writeReplayFile(options.path, rows, {barMs: feed.barMs, names});
  requireRows(report, feed.place, range);
  return {...report, refusedRows};
}
