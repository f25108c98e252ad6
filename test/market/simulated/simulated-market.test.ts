import {createHash} from "node:crypto";
import {readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {aggregateBars} from "../../../src/market/aggregate-bars.js";
import {makeLattice} from "../../../src/market/bar-lattice.js";
import type {BarTable, SymbolBars} from "../../../src/market/bars.js";
import {readInstruments} from "../../../src/market/instruments/instrument-book.js";
import {readBars} from "../../../src/market/parquet/read-bars.js";
import {
  makeSimulatedMarket,
  simulateMarket,
} from "../../../src/market/simulated/simulated-market.js";
import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {endsFrom, flatBars, withFolder} from "../sample-bars.js";
import {placeSimulatedMarket} from "./simulated-data.js";

const HOUR = 3_600_000;
const market = simulateMarket();

/** SHA-256 of every column of every instrument, in order. */
function hashOf({symbols, bySymbol}: BarTable): string {
  const hash = createHash("sha256");
  for (const symbol of symbols) {
    const {barEnd, knowledgeTime, columns} = bySymbol.get(symbol) as SymbolBars;
    for (const data of [barEnd, knowledgeTime, ...columns.values()]) {
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  }
  return hash.digest("hex");
}

/** Closes on the common grid, the last one carried over holes. */
function filledCloses(table: BarTable): Float64Array[] {
  const {rows} = makeLattice(table);
  return table.symbols.map((symbol) => {
    let last = Number.NaN;
    const closes = rows.get(symbol)?.columns.get("close") as Float64Array;
    return closes.map((close) => {
      last = Number.isNaN(close) ? last : close;
      return last;
    });
  });
}

const returnsOf = (closes: Float64Array) =>
  closes.subarray(1).map((close, i) => close / (closes[i] as number) - 1);

const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

function moment(values: Float64Array, power: number): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** power));
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const products = a.map((value, i) => (value - meanA) * ((b[i] as number) - meanB));
  return mean(products) / Math.sqrt(moment(a, 2) * moment(b, 2));
}

/**
 * Annual Sharpe ratio of holding, over each hour, each asset's signal less the mean signal. Signals
 * and gains are in units of each asset's volatility; a signal is traded an hour after it is known.
 */
function sharpeOf(returns: Float64Array[], signal: (scaled: Float64Array, t: number) => number) {
  const scaled = returns.map((series) => {
    const volatility = Math.sqrt(moment(series, 2));
    return series.map((value) => value / volatility);
  });
  const pnl: number[] = [];
  for (let t = 48; t < (scaled[0] as Float64Array).length; t++) {
    const signals = scaled.map((series) => signal(series, t - 1));
    const center = signals.reduce((a, b) => a + b, 0) / signals.length;
    const weights = signals.map((value) => value - center);
    const gross = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
    const gains = weights.map((weight, j) => weight * ((scaled[j] as Float64Array)[t] as number));
    pnl.push(gains.reduce((a, b) => a + b, 0) / gross);
  }
  const gains = Float64Array.from(pnl);
  return (mean(gains) / Math.sqrt(moment(gains, 2))) * Math.sqrt(8_760);
}

describe("simulateMarket", () => {
  it("gives the same bytes everywhere", () => {
    expect({fine: hashOf(market.fine), hourly: hashOf(market.hourly)}).toMatchInlineSnapshot(`
      {
        "fine": "e46842cb7372c2a5574dd1df623cc092a3efdbb75eebaf5e747397644234b086",
        "hourly": "7c9ca846fc7b958f523e315343dce39266fb7f3d7cb2dd90886116993533d0bd",
      }
    `);
  });

  it("is another market with another seed", () => {
    expect(hashOf(simulateMarket(1).fine)).not.toBe(hashOf(market.fine));
  });

  it("has bars as an exchange would print them", () => {
    for (const {barMs, bySymbol} of [market.fine, market.hourly]) {
      for (const {barEnd, columns} of bySymbol.values()) {
        const [open, high, low, close, volume] = [...columns.values()] as Float64Array[];
        const isPlausible = barEnd.every((end, t) => {
          const top = high?.[t] as number;
          const bottom = low?.[t] as number;
          const inside = [open?.[t] as number, close?.[t] as number].every(
            (price) => price <= top && price >= bottom,
          );
          const isOrdered = t === 0 || end > (barEnd[t - 1] as number);
          return inside && isOrdered && bottom > 0 && (volume?.[t] as number) > 0 && !(end % barMs);
        });
        expect(isPlausible).toBe(true);
      }
    }
  });

  it("covers ten days of five minutes and more than three years of hours", () => {
    const span = ({bySymbol, symbols}: BarTable) => {
      const {barEnd} = bySymbol.get(symbols[0] as string) as SymbolBars;
      return ((barEnd.at(-1) as number) - (barEnd[0] as number)) / (24 * HOUR);
    };
    expect(market.fine.symbols).toHaveLength(16);
    expect(span(market.fine)).toBeCloseTo(10, 1);
    expect(span(market.hourly)).toBeGreaterThan(3 * 365);
  });

  it("has hours that are made of their five-minute bars", () => {
    for (const [symbol, fine] of market.fine.bySymbol) {
      const wanted = aggregateBars(fine, HOUR);
      const hourly = market.hourly.bySymbol.get(symbol) as SymbolBars;
      const from = hourly.barEnd.length - wanted.barEnd.length;
      expect(hourly.barEnd.subarray(from)).toEqual(wanted.barEnd);
      for (const name of ["open", "high", "low", "close"]) {
        expect(hourly.columns.get(name)?.subarray(from)).toEqual(wanted.columns.get(name));
      }
    }
  });

  it.each(["fine", "hourly"] as const)("looks recorded: %s", (which) => {
    const table = market[which];
    const returns = filledCloses(table).map(returnsOf);
    for (const series of returns) {
      expect(moment(series, 4) / moment(series, 2) ** 2).toBeGreaterThan(3.5);
    }
    const clustering = returns.map((series) => {
      const size = series.map(Math.abs);
      return correlation(size.subarray(0, -1), size.subarray(1));
    });
    expect(mean(Float64Array.from(clustering))).toBeGreaterThan(0.03);
    const pairs = returns.flatMap((a, i) => returns.slice(0, i).map((b) => correlation(a, b)));
    const average = mean(Float64Array.from(pairs));
    expect(average).toBeGreaterThan(0.3);
    expect(average).toBeLessThan(0.8);
    for (const {columns} of table.bySymbol.values()) {
      const moves = returnsOf(columns.get("close") as Float64Array).map(Math.abs);
      const volume = columns.get("volume") as Float64Array;
      expect(correlation(moves, volume.subarray(1))).toBeGreaterThan(0.3);
    }
    const rows = makeLattice(table).ends.length;
    const missing = [...table.bySymbol.values()].map((bars) => rows - bars.barEnd.length);
    const total = missing.reduce((a, b) => a + b, 0);
    expect(total).toBeGreaterThan(0);
    expect(total / (16 * rows)).toBeLessThan(0.002);
  });

  it("pays a patient model something plausible before costs, and not a fortune", () => {
    const returns = filledCloses(market.hourly).map(returnsOf);
    const past = (scaled: Float64Array, t: number, bars: number) =>
      scaled.subarray(t - bars, t).reduce((a, b) => a + b, 0) / Math.sqrt(bars);
    const sharpe = sharpeOf(returns, (scaled, t) => {
      return past(scaled, t, 24) + past(scaled, t, 48) - past(scaled, t, 1);
    });
    expect(sharpe).toBeGreaterThan(1);
    expect(sharpe).toBeLessThan(4);
  });
});

describe("makeSimulatedMarket", () => {
  it("stores the market once, and anew for another seed", async () => {
    await withFolder(async (dataDir) => {
      await placeSimulatedMarket(dataDir);
      const made = await makeSimulatedMarket({dataDir});
      const source = {dataDir, exchange: made.exchange};
      expect(hashOf(await readBars({...source, timeframe: "1h", symbols: made.symbols}))).toBe(
        hashOf(market.hourly),
      );
      const fine = await readBars({...source, timeframe: "5m", symbols: made.symbols});
      expect(hashOf(fine)).toBe(hashOf(market.fine));
      expect([...(await readInstruments(source)).keys()]).toEqual(made.symbols);
      expect(fine.bySymbol.get("ALFAUSDT")?.barEnd[0]).toBe(made.start + 300_000);
      expect(fine.bySymbol.get("ALFAUSDT")?.barEnd.at(-1)).toBe(made.end);

      const month = "timeframe=5m/symbol=ALFAUSDT/month=2025-09/bars.parquet";
      const file = join(dataDir, "market", "exchange=simulated", month);
      const {mtimeMs} = statSync(file);
      await makeSimulatedMarket({dataDir});
      expect(statSync(file).mtimeMs).toBe(mtimeMs);
      const bytes = readFileSync(file);
      await makeSimulatedMarket({dataDir, seed: 1});
      expect(readFileSync(file).equals(bytes)).toBe(false);
    });
  });
});

describe("aggregateBars", () => {
  it("takes first, highest, lowest, last and the sum, and leaves an empty hour out", () => {
    const base = Date.UTC(2025, 0, 1);
    const quarter = HOUR / 4;
    const barEnd = Float64Array.from([1, 2, 4, 13], (i) => base + i * quarter);
    const bars = flatBars(
      barEnd,
      [3, 9, 5, 7],
      barEnd.map((end) => end + 10),
    );
    const hours = aggregateBars(bars, HOUR);
    expect(Array.from(hours.barEnd)).toEqual([base + HOUR, base + 4 * HOUR]);
    expect(Array.from(hours.knowledgeTime)).toEqual([base + HOUR + 10, base + 13 * quarter + 10]);
    const values = [...hours.columns.values()].map((column) => Array.from(column));
    expect(values).toEqual([
      [3, 7],
      [9, 7],
      [3, 7],
      [5, 7],
      [3, 1],
    ]);
  });

  it("is the identity for bars of the same length", () => {
    const bars = flatBars(endsFrom(HOUR, 5, HOUR), [1, 2, 3, 4, 5]);
    expect(aggregateBars(bars, HOUR)).toEqual(bars);
  });
});

describe("SeededRandom", () => {
  const draw = (count: number, next: (random: SeededRandom) => number, seed = 1) => {
    const random = new SeededRandom(seed);
    return Float64Array.from({length: count}, () => next(random));
  };

  it("repeats for a seed and differs between seeds", () => {
    const uniforms = (seed: number) => draw(50, (random) => random.uniform(), seed);
    expect(uniforms(5)).toEqual(uniforms(5));
    expect(uniforms(6)).not.toEqual(uniforms(5));
  });

  it("is uniform and Student in mean, variance and tails", () => {
    const uniform = draw(100_000, (random) => random.uniform());
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(moment(uniform, 2)).toBeCloseTo(1 / 12, 2);
    const student = draw(100_000, (random) => random.student());
    expect(Math.abs(mean(student))).toBeLessThan(0.01);
    expect(moment(student, 2)).toBeGreaterThan(0.9);
    expect(moment(student, 2)).toBeLessThan(1.05);
    expect(moment(student, 4)).toBeGreaterThan(5);
  });
});
