import type {SymbolQuality} from "../../market/quality/check-bars.js";
import type {Gap} from "../../market/quality/find-gaps.js";
import {formatNumber, formatPercent, UNKNOWN} from "../../report/number-text.js";
import {MINUTE_MS, SECOND_MS} from "../../time/epoch.js";

/** The share of bars that are missing: `2.45%`; n/a where none are expected. */
export function percentMissing(of: {readonly missing: number; readonly expected: number}): string {
  return of.expected === 0 ? UNKNOWN : formatPercent((100 * of.missing) / of.expected, 2);
}

/** `0.250 s`, `12.0 s`, `3.5 min`. */
export function formatLate(ms: number): string {
  return Math.abs(ms) < MINUTE_MS
    ? `${formatNumber(ms / SECOND_MS, Math.abs(ms) < 10 * SECOND_MS ? 3 : 1)} s`
    : `${formatNumber(ms / MINUTE_MS, 1)} min`;
}

/** The longest gaps of all instruments, longest first. */
export function longestGaps(
  symbols: readonly SymbolQuality[],
  count: number,
): readonly {readonly symbol: string; readonly gap: Gap}[] {
  return symbols
    .flatMap(({symbol, gaps}) => longest(gaps, count).map((gap) => ({symbol, gap})))
    .sort((a, b) => b.gap.bars - a.gap.bars || a.gap.first - b.gap.first)
    .slice(0, count);
}

function longest(gaps: readonly Gap[], count: number): readonly Gap[] {
  return [...gaps].sort((a, b) => b.bars - a.bars).slice(0, count);
}
