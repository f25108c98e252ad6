import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {BarTable, SymbolBars} from "../../src/market/bars.js";

/** Ends of `count` bars, the first of which is `first`. */
export function endsFrom(first: number, count: number, barMs: number): Float64Array {
  return Float64Array.from({length: count}, (_, i) => first + i * barMs);
}

/** Flat bars at these closes, known at their ends unless said otherwise. */
export function flatBars(
  barEnd: Float64Array,
  closes: ArrayLike<number>,
  knowledgeTime: Float64Array = barEnd,
): SymbolBars {
  const close = Float64Array.from(closes);
  const volume = close.map(() => 1);
  return {
    barEnd,
    knowledgeTime,
    columns: new Map([
      ["open", close],
      ["high", close],
      ["low", close],
      ["close", close],
      ["volume", volume],
    ]),
  };
}

/** A table of these instruments. */
export function tableOf(barMs: number, bars: Record<string, SymbolBars>): BarTable {
  return {barMs, symbols: Object.keys(bars), bySymbol: new Map(Object.entries(bars))};
}

/** Runs with a folder of its own, which is removed afterwards. */
export async function withFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "reckon-market-"));
  try {
    return await use(dir);
  } finally {
    rmSync(dir, {recursive: true, force: true});
  }
}
