import type {BarTable} from "../../src/market/bars.js";
import {OHLCV} from "../../src/market/bars.js";
import {floorToBar} from "../../src/time/bar-grid.js";
import type {Clock} from "../../src/time/clock.js";
import type {EpochMs} from "../../src/time/epoch.js";

/** A candle; `open`, `high`, `low`, `close` are prices, `time` is when it opened. */
export interface Candle {
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Which way a candle is asked for or sent. */
export type Way = "rest" | "websocket";

interface Hidden {
  /** Shown before this instant; never when left out. */
  readonly from: EpochMs;
  /** Shown from this instant on; never when left out. */
  readonly until: EpochMs;
  readonly ways: readonly Way[];
}

/** Which candle. */
export interface CandlePlace {
  readonly symbol: string;
  readonly time: EpochMs;
}

/**
 * Bars as an exchange shows them while they happen: nothing of the future, the newest candle still
 * growing; and what goes wrong on exchanges: candles that are late, absent or corrected.
 */
export class CandleMarket {
  readonly clock: Clock;
  readonly barMs: number;
  readonly symbols: readonly string[];
  readonly #candles = new Map<string, Map<EpochMs, Candle>>();
  readonly #hidden = new Map<string, Hidden>();

  constructor({barMs, symbols, bySymbol}: BarTable, clock: Clock) {
    this.clock = clock;
    this.barMs = barMs;
    this.symbols = symbols;
    for (const symbol of symbols) {
      const rows = bySymbol.get(symbol);
      const value = (name: string, i: number): number => rows?.columns.get(name)?.[i] as number;
      const candles = Array.from(rows?.barEnd ?? [], (end, i) => {
        const [open, high, low, close, volume] = OHLCV.map((name) => value(name, i));
        return {time: end - barMs, open, high, low, close, volume} as Candle;
      });
      this.#candles.set(symbol, new Map(candles.map((candle) => [candle.time, candle])));
    }
  }

  /** Keeps a candle back for a time, on one way or on both. */
  hide(
    place: CandlePlace,
    {
      from = Number.NEGATIVE_INFINITY,
      until = Number.POSITIVE_INFINITY,
      ways = BOTH,
    }: {readonly from?: EpochMs; readonly until?: EpochMs; readonly ways?: readonly Way[]} = {},
  ): void {
    this.#hidden.set(keyOf(place), {from, until, ways});
  }

  /** From now on a candle has other values. */
  correct(place: CandlePlace, change: Partial<Candle>): void {
    const candles = this.#candles.get(place.symbol);
    const candle = candles?.get(place.time);
    if (candle === undefined) {
      throw new Error(`${place.symbol} has no candle at ${place.time}`);
    }
    candles?.set(place.time, {...candle, ...change});
  }

  /** A candle as it stands at `now`; undefined where nothing is shown. */
  at(place: CandlePlace, way: Way, now: EpochMs = this.clock.now()): Candle | undefined {
    const candle = this.#candles.get(place.symbol)?.get(place.time);
    const hidden = this.#hidden.get(keyOf(place));
    const isHidden = hidden?.ways.includes(way) && now >= hidden.from && now < hidden.until;
    if (candle === undefined || isHidden || now < candle.time) {
      return undefined;
    }
    return grown(candle, Math.min(1, (now - candle.time) / this.barMs));
  }

  /** Candles from `since` on, at most `limit`, oldest first; longer ones are made of short ones. */
  page(symbol: string, since: EpochMs, {barMs, limit}: {barMs: number; limit: number}): Candle[] {
    const now = this.clock.now();
    const groups = new Map<EpochMs, Candle>();
    const from = Math.max(since, this.#first(symbol));
    for (let time = floorToBar(from, barMs); time <= now; time += this.barMs) {
      const candle = this.at({symbol, time}, "rest", now);
      const group = floorToBar(time, barMs);
      if (candle !== undefined && group >= since) {
        const merged = groups.get(group);
        if (merged === undefined && groups.size === limit) {
          break;
        }
        groups.set(group, merged === undefined ? {...candle, time: group} : joined(merged, candle));
      }
    }
    return [...groups.values()];
  }

  #first(symbol: string): EpochMs {
    const [first = Number.POSITIVE_INFINITY] = this.#candles.get(symbol)?.keys() ?? [];
    return first;
  }
}

const BOTH: readonly Way[] = ["rest", "websocket"];

function keyOf({symbol, time}: CandlePlace): string {
  return `${symbol} ${time}`;
}

/** A candle after a share of its time: it moves in a line from its open to where it ends. */
function grown(candle: Candle, share: number): Candle {
  if (share === 1) {
    return candle;
  }
  const {open, high, low, close, volume} = candle;
  const part = (to: number): number => Number((open + (to - open) * share).toPrecision(10));
  return {
    ...candle,
    high: part(high),
    low: part(low),
    close: part(close),
    volume: Number((volume * share).toFixed(6)),
  };
}

function joined(a: Candle, b: Candle): Candle {
  return {
    ...a,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume + b.volume,
  };
}
