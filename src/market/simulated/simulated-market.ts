import {readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {SeededRandom} from "../../stats/distribution/seeded-random.js";
import {barEnds, formatTimeframe} from "../../time/bar-grid.js";
import {DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS} from "../../time/epoch.js";
import {aggregateBars} from "../aggregate-bars.js";
import type {BarTable, SymbolBars} from "../bars.js";
import {saveInstruments} from "../instruments/instrument-book.js";
import {concatenate, withDuckDb} from "../parquet/duck-db.js";
import {exchangeDir} from "../parquet/market-layout.js";
import {replaceFile} from "../parquet/replace-file.js";
import {saveBars} from "../parquet/save-bars.js";
import {SIMULATED_ASSETS, SIMULATED_EXCHANGE} from "./simulated-assets.js";
import {roundTo, simulateBars, startMarket} from "./simulated-process.js";

const HISTORY_START = Date.UTC(2022, 5, 1);
const END = Date.UTC(2025, 8, 2);
const FINE_START = END - 10 * DAY_MS;
const FINE_BAR_MS = 5 * MINUTE_MS;

/** Changes whenever other bars come out of the same seed, so that a stored market is made anew. */
const REVISION = 1;

/** The seed of the market that every user gets; its last day is an ordinary one. */
const DEFAULT_SEED = 9;

/** The built-in market in memory. */
export interface SimulatedBars {
  /** Five-minute bars of the last ten days. */
  readonly fine: BarTable;
  /** Hourly bars of more than three years; over those ten days they aggregate the fine ones. */
  readonly hourly: BarTable;
}

/** What {@link makeSimulatedMarket} made. */
export interface SimulatedMarket {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** The five-minute bars cover (start, end]. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** The hourly bars cover (historyStart, end]. */
  readonly historyStart: EpochMs;
}

/**
 * A market that looks recorded but is invented: sixteen assets with a common factor, volatility
 * clusters (GARCH), fat tails (Student's t), an intraday pattern, volume that follows the moves,
 * and a few missing bars. The same seed gives the same bytes on every machine.
 */
export function simulateMarket(seed: number = DEFAULT_SEED): SimulatedBars {
  const market = startMarket(new SeededRandom(seed), SIMULATED_ASSETS);
  const history = simulateBars(market, barEnds(HISTORY_START, FINE_START, HOUR_MS), HOUR_MS);
  const fine = simulateBars(market, barEnds(FINE_START, END, FINE_BAR_MS), FINE_BAR_MS);
  const hourly = new Map<string, SymbolBars>();
  for (const {instrument, volumeDecimals} of SIMULATED_ASSETS) {
    const recent = aggregateBars(fine.get(instrument.id) as SymbolBars, HOUR_MS);
    const volume = recent.columns.get("volume") as Float64Array;
    const columns = new Map(recent.columns);
    columns.set(
      "volume",
      volume.map((value) => roundTo(value, volumeDecimals)),
    );
    const past = history.get(instrument.id) as SymbolBars;
    hourly.set(instrument.id, append(past, {...recent, columns}));
  }
  const symbols = SIMULATED_ASSETS.map(({instrument}) => instrument.id);
  return {
    fine: {barMs: FINE_BAR_MS, symbols, bySymbol: fine},
    hourly: {barMs: HOUR_MS, symbols, bySymbol: hourly},
  };
}

/**
 * Puts the built-in market into the store under the exchange `simulated`, timeframes 5m and 1h.
 *
 * When it is there already nothing is written; a market of another seed is replaced as a whole.
 *
 * @throws ReckonError `failed` when the store cannot be written
 */
export async function makeSimulatedMarket({
  dataDir,
  seed = DEFAULT_SEED,
}: {
  readonly dataDir: string;
  readonly seed?: number;
}): Promise<SimulatedMarket> {
  const place = {dataDir, exchange: SIMULATED_EXCHANGE};
  const dir = exchangeDir(dataDir, SIMULATED_EXCHANGE);
  const stamp = `${JSON.stringify({seed, revision: REVISION})}\n`;
  const stampFile = join(dir, "simulated.json");
  if ((await readFile(stampFile, "utf8").catch(() => "")) !== stamp) {
    await rm(dir, {recursive: true, force: true});
    await saveInstruments(place, {given: SIMULATED_ASSETS.map(({instrument}) => instrument)});
    await saveTables(dataDir, Object.values(simulateMarket(seed)));
    await replaceFile(stampFile, (aside) => writeFile(aside, stamp));
  }
  return {
    exchange: SIMULATED_EXCHANGE,
    symbols: SIMULATED_ASSETS.map(({instrument}) => instrument.id),
    start: FINE_START,
    end: END,
    historyStart: HISTORY_START,
  };
}

/** Two databases side by side: a thousand small files keep one thread waiting for the disk. */
async function saveTables(dataDir: string, tables: readonly BarTable[]): Promise<void> {
  const half = SIMULATED_ASSETS.length / 2;
  const ids = SIMULATED_ASSETS.map(({instrument}) => instrument.id);
  const saved = [ids.slice(0, half), ids.slice(half)].map((symbols) =>
    withDuckDb(async (connection) => {
      for (const {barMs, bySymbol} of tables) {
        const timeframe = formatTimeframe(barMs);
        const source = {dataDir, exchange: SIMULATED_EXCHANGE, timeframe};
        for (const symbol of symbols) {
          const bars = bySymbol.get(symbol) as SymbolBars;
          await saveBars(connection, {...source, symbol, bars});
        }
      }
    }),
  );
  await Promise.all(saved);
}

/** The bars of both, one after the other. */
function append(past: SymbolBars, recent: SymbolBars): SymbolBars {
  const columns = new Map<string, Float64Array>();
  for (const [name, column] of past.columns) {
    columns.set(name, concatenate([column, recent.columns.get(name) as Float64Array]));
  }
  return {
    barEnd: concatenate([past.barEnd, recent.barEnd]),
    knowledgeTime: concatenate([past.knowledgeTime, recent.knowledgeTime]),
    columns,
  };
}
