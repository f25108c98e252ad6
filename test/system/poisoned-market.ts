import type {BarRows, BarTable} from "../../src/market/bars.js";
import type {MarketData} from "../../src/market/market-data.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import type {
  LiveMarket,
  LiveRunMarket,
  MarketOpening,
  RecordedRunMarket,
} from "../../src/system/run/run-market.js";
import {MINUTE_MS} from "../../src/time/epoch.js";

/** A row that comes later than this after its bar's end is the future, too. */
const LATE_MS = MINUTE_MS;

/** What a value becomes that nobody may have read yet. */
export type Poison = (value: number) => number;

export const POISONS: readonly (readonly [name: string, poison: Poison])[] = [
  ["not a number", () => Number.NaN],
  ["1e9", () => 1e9],
  ["negative", (value) => -value - 1],
];

/** The bars with every value poisoned that belongs to a bar after `t`, or became known after it. */
export function poisonAfter(bars: BarTable, t: number, poison: Poison): BarTable {
  const bySymbol = new Map(
    Array.from(bars.bySymbol, ([symbol, own]) => {
      const {corrections} = own;
      const later = corrections && {corrections: poisonRows(corrections, t, poison)};
      return [symbol, {...poisonRows(own, t, poison), ...later}] as const;
    }),
  );
  return {...bars, bySymbol};
}

function poisonRows(rows: BarRows, t: number, poison: Poison): BarRows {
  const {barEnd, knowledgeTime} = rows;
  const isFuture = (row: number): boolean =>
    (barEnd[row] as number) > t || (knowledgeTime[row] as number) > t + LATE_MS;
  const columns = Array.from(rows.columns, ([name, cells]) => {
    return [name, cells.map((cell, row) => (isFuture(row) ? poison(cell) : cell))] as const;
  });
  return {barEnd, knowledgeTime, columns: new Map(columns)};
}

/**
 * A market in which, at every bar, all that comes after it is poisoned: the run that sees it at bar
 * t sees what a run over {@link poisonAfter} t sees.
 *
 * @param leadMs how much of the past is poisoned too
 */
export function poisonedMarket(
  {bars, ...facts}: RecordedRunMarket,
  poison: Poison,
  leadMs = 0,
): LiveRunMarket {
  const feed = {kind: "sql", table: "none", exchange: facts.exchange} as const;
  const open = async (opening: MarketOpening): Promise<LiveMarket> => {
    const at = (t: number) =>
      new RecordedMarket({...opening, bars: poisonAfter(bars, t - leadMs, poison)});
    let now: MarketData = at(opening.clock.now());
    return {
      barMs: bars.barMs,
      symbols: bars.symbols,
      window: (query) => now.window(query),
      valuesWithin: (column, symbol, within) => now.valuesWithin(column, symbol, within),
      lastValue: (column, symbol) => now.lastValue(column, symbol),
      hasColumn: (column) => now.hasColumn(column),
      lastKnownEnd: () => now.lastKnownEnd(),
      waitForBar: async (barEnd, options) => {
        now = at(barEnd);
        return await now.waitForBar(barEnd, options);
      },
      counts: () => ({}),
      close: async () => {},
    };
  };
  return {...facts, feed, open};
}
