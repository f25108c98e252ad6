import {parseOverride} from "../../src/config/override.js";
import type {SystemConfig} from "../../src/config/system-config.js";
import {OHLCV, type SymbolBars} from "../../src/market/bars.js";
import type {BarFeed} from "../../src/market/live/bar-feed.js";
import {describeNotice} from "../../src/market/live/market-notice.js";
import {StoreMarket} from "../../src/market/live/store-market.js";
import {SIMULATED_ASSETS} from "../../src/market/simulated/simulated-assets.js";
import {simulateBars, startMarket} from "../../src/market/simulated/simulated-process.js";
import {SeededRandom} from "../../src/stats/distribution/seeded-random.js";
import type {RunMarket} from "../../src/system/run/run-market.js";
import {type RunRequest, runSystem} from "../../src/system/run/run-system.js";
import {barEnds} from "../../src/time/bar-grid.js";
import type {Clock} from "../../src/time/clock.js";
import {HOUR_MS, MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {MemoryFeed, type TimedRow} from "../market/live/memory-feed.js";

/** A live run of an hour, three instruments, on one-minute bars that are traded every five. */
export const LIVE_START = Date.UTC(2025, 8, 1, 12);
export const LIVE_END = LIVE_START + HOUR_MS;
export const LIVE_BARS = 12;
const HISTORY_MS = 3 * HOUR_MS;

const ASSETS = SIMULATED_ASSETS.slice(0, 3);
export const LIVE_INSTRUMENTS = ASSETS.map(({instrument}) => instrument);
export const LIVE_SYMBOLS = LIVE_INSTRUMENTS.map(({id}) => id);

/** C1 with look-backs that three hours of history fill. */
export const LIVE_OVERRIDES = [
  "market_data_config.history_lookback=3h",
  "market_data_config.sleep_in_secs=2",
  "dag_config.volatility.period=1h",
  "dag_config.signals.momentum_fast=1h",
  "dag_config.signals.momentum_slow=2h",
  "dag_config.signals.volume_surprise=15m",
];

/**
 * The rows a collector would have written, with their knowledge times, in the order of their ids:
 * most are known within three seconds, all can be read up to eight seconds after that. One never
 * comes, one comes when its bar is decided, one is corrected four minutes later.
 */
export function liveRows(): TimedRow[] {
  const ends = barEnds(LIVE_START - HISTORY_MS, LIVE_END, MINUTE_MS);
  const bySymbol = simulateBars(startMarket(new SeededRandom(7), ASSETS), ends, MINUTE_MS);
  const rows = LIVE_SYMBOLS.flatMap((symbol, s) => rowsOf(symbol, s, bySymbol.get(symbol)));
  const [first, second, third] = LIVE_SYMBOLS;
  const at = (minutes: number) => LIVE_START + minutes * MINUTE_MS;
  const is = (symbol: string | undefined, minutes: number) => (row: TimedRow) =>
    row.symbol === symbol && row.barEnd === at(minutes);
  const kept = rows.filter((row) => !is(third, 20)(row));
  const wrong = kept.find(is(first, 30)) as TimedRow;
  const right = {...wrong, close: 1.02 * wrong.close, high: 1.03 * wrong.high};
  const late = kept.map((row) => (is(second, 25)(row) ? knownAt(row, at(25) + 40_000) : row));
  return [...late, knownAt(right, at(34))]
    .sort((a, b) => a.knowledgeTime - b.knowledgeTime)
    .map((row, i) => ({...row, id: i + 1}));
}

function knownAt(row: TimedRow, knowledgeTime: number): TimedRow {
  const lagMs = row.readableFrom - row.knowledgeTime;
  return {...row, knowledgeTime, readableFrom: knowledgeTime + lagMs};
}

function rowsOf(symbol: string, s: number, bars: SymbolBars | undefined): TimedRow[] {
  return Array.from(bars?.barEnd ?? [], (barEnd, t): TimedRow => {
    const [open, high, low, close, volume] = OHLCV.map((name) => bars?.columns.get(name)?.[t]);
    const values = {open, high, low, close, volume} as Record<(typeof OHLCV)[number], number>;
    const knowledgeTime = barEnd + 500 + ((7 * t + 3 * s) % 5) * 500;
    const readableFrom = knowledgeTime + ((5 * t + 7 * s) % 9) * SECOND_MS;
    const times = {barEnd, knowledgeTime, endDownloadTime: knowledgeTime, readableFrom};
    return {id: 0, symbol, ...values, ...times};
  });
}

/** The live market of a feed, as `reckon run` opens it on the SQL store. */
export function liveMarket(feed: BarFeed, {market_data_config}: SystemConfig): RunMarket {
  return {
    exchange: "simulated",
    timeframe: "1m",
    title: "simulated 1m",
    instruments: LIVE_INSTRUMENTS,
    feed: {kind: "sql", table: "ccxt_ohlcv_futures", exchange: "simulated"},
    open: ({clock, delayMs, from, onNote}) =>
      StoreMarket.open({
        feed,
        clock,
        delayMs,
        historyMs: clock.now() - from,
        sleepMs: market_data_config.sleep_in_secs * SECOND_MS,
        onNotice: (notice) => onNote(describeNotice(notice), {...notice}),
      }),
  };
}

/** Where and when a live run takes place. */
interface LivePlace {
  readonly dir: string;
  readonly clock?: Clock;
  readonly away?: readonly (readonly [from: number, to: number])[];
}

/** What every run of the sample is asked for. */
export function liveRequest(dir: string, overrides: readonly string[] = []) {
  return {
    model: "C1",
    runMode: "paper_trading",
    start: LIVE_START,
    end: LIVE_END,
    dir,
    overrides: [...LIVE_OVERRIDES, ...overrides].map(parseOverride),
    choices: {exchange: "simulated", timeframe: "1m", instrumentIds: LIVE_SYMBOLS},
  } as const;
}

/** Runs C1 live over rows in memory that appear as simulated time passes. */
export async function runLive(
  {dir, clock = new SimulatedClock(LIVE_START - 5 * SECOND_MS), away = []}: LivePlace,
  {overrideTexts = [], ...changes}: Partial<RunRequest> & {overrideTexts?: string[]} = {},
) {
  const feed = new MemoryFeed(liveRows(), {symbols: LIVE_SYMBOLS, barMs: MINUTE_MS, clock});
  feed.away = away;
  const request = {...liveRequest(dir, overrideTexts), clock, ...changes};
  return await runSystem({...request, market: async (config) => liveMarket(feed, config)});
}
