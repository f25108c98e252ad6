import {type BarTable, emptyBars} from "../../../src/market/bars.js";
import {whyRefused} from "../../../src/market/live/bar-feed.js";
import type {MarketNotice} from "../../../src/market/live/market-notice.js";
import {StoreMarket} from "../../../src/market/live/store-market.js";
import {readMarketDump} from "../../../src/market/replay-file/read-market-dump.js";
import {writeReplayFile} from "../../../src/market/replay-file/write-replay-file.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {withFolder} from "../sample-bars.js";
import {flatRow, MemoryFeed, type TimedRow} from "./memory-feed.js";

/** Bar length, start, delay and history of the live markets here. */
export const BAR = 60_000;
export const START = Date.UTC(2025, 8, 1);
export const DELAY = 10_000;
export const HISTORY = 5 * BAR;

/** Opens a live market on these rows at START, unless said otherwise. */
export async function openMarket(
  rows: readonly TimedRow[],
  {
    symbols = ["A", "B"],
    now = START,
    missingAssets = "warn_and_trim" as "assert" | "warn_and_trim",
    historyMs = HISTORY,
    away = [] as [number, number][],
  } = {},
) {
  const clock = new SimulatedClock(now);
  const feed = new MemoryFeed(rows, {symbols, barMs: BAR, clock});
  feed.away = away;
  const notices: MarketNotice[] = [];
  const market = await StoreMarket.open({
    feed,
    clock,
    delayMs: DELAY,
    historyMs,
    sleepMs: 500,
    missingAssets,
    onNotice: (notice) => notices.push(notice),
  });
  return {clock, feed, market, notices};
}

/** How long a bar is waited for. */
export const patience = (barEnd: number) => ({deadlineMs: barEnd + 40_000, graceMs: 3_000});

/** A row known a second after its bar's end; its price is its id. */
export const onTime = (id: number, symbol: string, barEnd: number): TimedRow =>
  flatRow(id, symbol, {barEnd, known: barEnd + 1_000, price: id});

/** The bars of the replay file of these rows; an instrument it has no row of is empty. */
export async function replayOf(
  rows: readonly TimedRow[],
  symbols: readonly string[] = ["A", "B"],
): Promise<BarTable> {
  return withFolder(async (dir) => {
    const path = `${dir}/test_data.csv.gz`;
    const sorted = rows
      .filter((row) => whyRefused(row, BAR) === undefined)
      .sort(
        (a, b) =>
          a.barEnd - b.barEnd ||
          a.symbol.localeCompare(b.symbol) ||
          a.knowledgeTime - b.knowledgeTime ||
          a.id - b.id,
      )
      .map(({open, high, low, close, volume, ...row}) => ({
        end: row.barEnd,
        symbol: row.symbol,
        known: row.knowledgeTime,
        values: [open, high, low, close, volume],
      }));
    const {rows: written} = await writeReplayFile(path, sorted, {barMs: BAR, names: new Map()});
    const read = written === 0 ? undefined : (await readMarketDump(path)).bySymbol;
    const bySymbol = new Map(symbols.map((name) => [name, read?.get(name) ?? emptyBars()]));
    return {barMs: BAR, symbols, bySymbol};
  });
}
