import type {EpochMs} from "../../time/epoch.js";
import type {SymbolQuality} from "./check-bars.js";
import type {Gap} from "./find-gaps.js";
import {FAULTS} from "./row-faults.js";

/** A question asked of market data and its answer: `PASSED`, or `FAILED: …`. */
export interface QualityCheck {
  readonly name: string;
  readonly result: string;
}

/** What was found in a market's data. */
export interface MarketQuality {
  /** What was looked at, for people. */
  readonly source: string;
  readonly barMs: number;
  readonly symbols: readonly SymbolQuality[];
  readonly total: QualityTotal;
  /** Bars that no instrument has, between the first and the last of any: outages of the feed. */
  readonly outages: readonly Gap[];
  readonly checks: readonly QualityCheck[];
}

/** Sums over the instruments. */
export interface QualityTotal {
  readonly rows: number;
  readonly bars: number;
  readonly expected: number;
  readonly missing: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly revisions: number;
  readonly outOfOrder: number;
  readonly offGrid: number;
  readonly unreadable: number;
  readonly faults: number;
  readonly zeroVolume: number;
}

/** Rows with any fault; a row with two counts twice. */
export function faultCount({faults}: SymbolQuality): number {
  return FAULTS.reduce((sum, fault) => sum + faults[fault], 0);
}

/** The instruments' findings, summed and judged. */
export function marketQuality(
  source: string,
  barMs: number,
  symbols: readonly SymbolQuality[],
): MarketQuality {
  const sum = (pick: (symbol: SymbolQuality) => number): number =>
    symbols.reduce((total, symbol) => total + pick(symbol), 0);
  const total: QualityTotal = {
    rows: sum(({rows}) => rows),
    bars: sum(({bars}) => bars),
    expected: sum(({expected}) => expected),
    missing: sum(({missing}) => missing),
    gaps: sum(({gaps}) => gaps.length),
    duplicates: sum(({duplicates}) => duplicates),
    revisions: sum(({revisions}) => revisions),
    outOfOrder: sum(({outOfOrder}) => outOfOrder),
    offGrid: sum(({offGrid}) => offGrid),
    unreadable: sum(({unreadable}) => unreadable),
    faults: sum(faultCount),
    zeroVolume: sum(({zeroVolume}) => zeroVolume),
  };
  const outages = sharedGaps(symbols, barMs);
  return {source, barMs, symbols, total, outages, checks: judge(symbols, total)};
}

/** What every instrument is missing at once. */
function sharedGaps(symbols: readonly SymbolQuality[], barMs: number): readonly Gap[] {
  const filled = symbols.filter(({bars}) => bars > 0);
  const first = Math.min(...filled.map((symbol) => symbol.first));
  const last = Math.max(...filled.map((symbol) => symbol.last));
  let shared: readonly Gap[] = [{first, last, bars: (last - first) / barMs + 1}];
  for (const symbol of filled) {
    const before = {first, last: symbol.first - barMs, bars: 0};
    const after = {first: symbol.last + barMs, last, bars: 0};
    shared = intersect(shared, [before, ...symbol.gaps, after], barMs);
  }
  return filled.length === 0 ? [] : shared;
}

/** The bars that are in both lists of runs, each sorted. */
function intersect(a: readonly Gap[], b: readonly Gap[], barMs: number): readonly Gap[] {
  const both: Gap[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i] as Gap, b[j] as Gap];
    const first: EpochMs = Math.max(left.first, right.first);
    const last: EpochMs = Math.min(left.last, right.last);
    if (first <= last) {
      both.push({first, last, bars: (last - first) / barMs + 1});
    }
    if (left.last < right.last) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return both;
}

function judge(symbols: readonly SymbolQuality[], total: QualityTotal): readonly QualityCheck[] {
  const check = (name: string, count: number, what: string): QualityCheck => ({
    name,
    result: count === 0 ? "PASSED" : `FAILED: ${count.toLocaleString("en-US")} ${what}`,
  });
  const empty = symbols.filter(({bars}) => bars === 0).map(({symbol}) => symbol);
  return [
    {
      name: "every instrument has bars",
      result: empty.length === 0 ? "PASSED" : `FAILED: none of ${empty.join(", ")}`,
    },
    check("no bar is missing", total.missing, "bars are missing"),
    check("no bar comes twice", total.duplicates, "rows repeat a row"),
    check("no bar has two values", total.revisions, "rows have other values for their bar"),
    check("rows are in order", total.outOfOrder, "rows are older than one before them"),
    check("times are on the grid", total.offGrid, "rows are off the grid"),
    check("rows can be read", total.unreadable, "rows cannot be read"),
    check("low ≤ open, close ≤ high, all > 0", total.faults, "faults in values"),
  ];
}
