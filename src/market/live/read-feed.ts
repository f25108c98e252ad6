import {DAY_MS, type EpochMs} from "../../time/epoch.js";
import {type BarTable, emptyBars, OHLCV} from "../bars.js";
import {VersionRows} from "../replay-file/version-rows.js";
import type {DumpRow} from "../replay-file/write-replay-file.js";
import {type BarFeed, type FeedRow, whyRefused} from "./bar-feed.js";

/** Bars that end in (from, to]. */
export interface FeedRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Bars of a feed as a replay of them starts from. */
export interface FeedBars {
  readonly bars: BarTable;
  /** Rows that hold no bar. */
  readonly refusedRows: number;
}

/**
 * Everything a feed has of these bars, versions included, but no row that a live market refuses.
 * Read a day at a time.
 */
export async function readFeed(feed: BarFeed, range: FeedRange): Promise<FeedBars> {
  const bySymbol = new Map(feed.symbols.map((symbol) => [symbol, new VersionRows(OHLCV.length)]));
  let refusedRows = 0;
  for await (const rows of daysOf(feed, range)) {
    for (const row of rows) {
      if (whyRefused(row, feed.barMs) !== undefined) {
        refusedRows += 1;
        continue;
      }
      const values = valuesOf(row);
      bySymbol
        .get(row.symbol)
        ?.add(row.barEnd, row.knowledgeTime, (column) => values[column] as number);
    }
  }
  const {barMs, symbols} = feed;
  const bars = [...bySymbol].map(
    ([symbol, rows]) => [symbol, rows.length === 0 ? emptyBars() : rows.toBars(OHLCV)] as const,
  );
  return {bars: {barMs, symbols, bySymbol: new Map(bars)}, refusedRows};
}

/**
 * The same rows as a replay file tells them, sorted by bar end, instrument and knowledge time.
 *
 * @param onRefused called for each row that is left out
 */
export async function* feedDumpRows(
  feed: BarFeed,
  range: FeedRange,
  onRefused: (row: FeedRow, reason: string) => void = () => undefined,
): AsyncGenerator<DumpRow> {
  for await (const rows of daysOf(feed, range)) {
    const sorted = [...rows].sort(
      (a, b) =>
        a.barEnd - b.barEnd ||
        (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0) ||
        a.knowledgeTime - b.knowledgeTime ||
        a.id - b.id,
    );
    for (const row of sorted) {
      const reason = whyRefused(row, feed.barMs);
      if (reason !== undefined) {
        onRefused(row, reason);
        continue;
      }
      yield {
        end: row.barEnd,
        symbol: row.symbol,
        known: row.knowledgeTime,
        values: valuesOf(row),
        downloaded: row.endDownloadTime,
        id: row.id,
      };
    }
  }
}

async function* daysOf(feed: BarFeed, {from, to}: FeedRange): AsyncGenerator<readonly FeedRow[]> {
  for (let start = from; start < to; start += DAY_MS) {
    yield await feed.read({from: start, to: Math.min(start + DAY_MS, to)});
  }
}

function valuesOf(row: FeedRow): number[] {
  return OHLCV.map((name) => row[name]);
}
