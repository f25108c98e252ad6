import {type BarTable, barsOf, type SymbolBars} from "../../../src/market/bars.js";
import {type Instrument, inferInstrument} from "../../../src/market/instruments/instrument.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import type {WholeRun} from "../../system/whole-runs.js";

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x = (x + Math.imul(x ^ (x >>> 7), x | 61)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** C1 needs two days and an hour of history; mock1 trades from half past nine in New York. */
const C1_HISTORY_BARS = 588;
const C1_START = Date.UTC(2025, 0, 8);
const MOCK1_START = Date.UTC(2025, 0, 6, 14, 30);

/** How a small run is made. */
export interface SmallRun {
  readonly seed: number;
  /** Five-minute bars. */
  readonly bars: number;
  /** Of every instrument; 1e-6 where left out. */
  readonly lotDecimals?: number;
}

/** C1 over five names, each a random walk of its own. */
export function smallC1({seed, bars, lotDecimals = 6}: SmallRun): WholeRun {
  const random = seededRandom(seed);
  const symbols = ["AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDT", "EEEUSDT"];
  const barMs = 5 * MINUTE_MS;
  const rows = C1_HISTORY_BARS + bars + 4;
  const first = C1_START - (C1_HISTORY_BARS + 2) * barMs;
  const bySymbol = new Map(
    symbols.map((symbol): [string, SymbolBars] => {
      const [ends, columns] = walk({rows, first, barMs, random});
      return [symbol, barsOf(ends, ends, columns)];
    }),
  );
  return {
    model: "C1",
    start: C1_START,
    end: C1_START + bars * barMs,
    market: marketOf({barMs, symbols, bySymbol}, {timeframe: "5m", kind: "linear", lotDecimals}),
  };
}

/** mock1 over two names of one-minute bars, with the signal it trades. */
export function smallMock1({seed, bars, lotDecimals = 6}: SmallRun): WholeRun {
  const random = seededRandom(seed);
  const symbols = ["101", "202"];
  const rows = 5 * bars + 6;
  const first = MOCK1_START - 3 * MINUTE_MS;
  const bySymbol = new Map(
    symbols.map((symbol): [string, SymbolBars] => {
      const [ends, columns] = walk({rows, first, barMs: MINUTE_MS, random});
      const feature1 = ends.map(() => random() - 0.5);
      const [close, volume] = [columns[3], columns[4]] as [Float64Array, Float64Array];
      const named = new Map(Object.entries({close, volume, feature1}));
      return [symbol, {barEnd: ends, knowledgeTime: ends, columns: named}];
    }),
  );
  const market = marketOf(
    {barMs: MINUTE_MS, symbols, bySymbol},
    {timeframe: "1m", kind: "spot", lotDecimals},
  );
  return {model: "mock1", start: MOCK1_START, end: MOCK1_START + bars * 5 * MINUTE_MS, market};
}

function walk({
  rows,
  first,
  barMs,
  random,
}: {
  readonly rows: number;
  readonly first: number;
  readonly barMs: number;
  readonly random: () => number;
}): [Float64Array, Float64Array[]] {
  const ends = Float64Array.from({length: rows}, (_, t) => first + t * barMs);
  const columns = Array.from({length: 5}, () => new Float64Array(rows));
  const [open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let price = 10 + 200 * random();
  for (let t = 0; t < rows; ++t) {
    open[t] = price;
    price *= 1 + 0.004 * (random() - 0.5);
    close[t] = price;
    high[t] = Math.max(open[t] as number, price) * 1.0005;
    low[t] = Math.min(open[t] as number, price) * 0.9995;
    volume[t] = 1_000 * (0.5 + random());
  }
  return [ends, columns];
}

function marketOf(
  bars: BarTable,
  {
    timeframe,
    kind,
    lotDecimals,
  }: {
    readonly timeframe: string;
    readonly kind: Instrument["kind"];
    readonly lotDecimals: number;
  },
): WholeRun["market"] {
  const instruments = bars.symbols.map((id) =>
    inferInstrument({id, venue: "walk", kind, priceDecimals: 6, volumeDecimals: lotDecimals}),
  );
  const title = `random walk ${timeframe}`;
  return {exchange: "walk", timeframe, title, bars, instruments};
}
