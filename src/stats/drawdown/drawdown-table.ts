import type {Column} from "../../table/frame.js";
import {DAY_MS, type EpochMs} from "../../time/epoch.js";
import type {Convention} from "../convention.js";
import {wealthPath} from "../performance/total-return.js";

/** One fall from a peak, until wealth is back or the series ends. */
export interface Drawdown {
  /** Deepest loss against the peak as a fraction, negative. */
  readonly depth: number;
  /** The last period at the peak; NaN where that is the starting capital, before the first. */
  readonly peak: EpochMs;
  /** The first period under water. */
  readonly start: EpochMs;
  readonly valley: EpochMs;
  /** The last period under water. */
  readonly end: EpochMs;
  /** The first period back at the peak or above it; NaN while it is under water. */
  readonly recovery: EpochMs;
  /** Still under water when the series ends. */
  readonly isOngoing: boolean;
  /** Calendar days under water, `start` to `end`, both counted. */
  readonly daysUnderWater: number;
}

/**
 * Every drawdown of a series of returns, deepest first.
 *
 * Wealth starts at 1, which counts as a peak: an initial loss is a drawdown (under pyfolio the
 * first period is the first peak instead). A recovery is the first period at the peak or above;
 * one that has none is ongoing, and its days count up to the last period. Days are calendar days,
 * as is right for a market that never closes.
 *
 * @param index   instants that name the periods, increasing
 * @param returns simple returns; missing ones are 0
 */
export function drawdownTable(
  index: Column,
  returns: Column,
  convention: Convention = "reckon",
): Drawdown[] {
  const wealth = wealthPath(returns);
  const found: Drawdown[] = [];
  const hasCapital = convention !== "pyfolio";
  let peak = hasCapital ? 1 : Number.NEGATIVE_INFINITY;
  let peakAt = -1;
  let valleyAt = -1;
  const close = (to: number): void => {
    if (valleyAt >= 0) {
      found.push(describe({peak, peakAt, valleyAt, to}, index, wealth));
    }
  };
  for (let t = 0; t < wealth.length; ++t) {
    const now = wealth[t] as number;
    if (now >= peak) {
      close(t);
      [peak, peakAt, valleyAt] = [now, t, -1];
    } else if (valleyAt < 0 || now < (wealth[valleyAt] as number)) {
      valleyAt = t;
    }
  }
  close(wealth.length);
  return found.sort((a, b) => a.depth - b.depth || a.start - b.start);
}

interface Span {
  readonly peak: number;
  readonly peakAt: number;
  readonly valleyAt: number;
  /** The row of the recovery, or the number of rows. */
  readonly to: number;
}

function describe({peak, peakAt, valleyAt, to}: Span, index: Column, wealth: Column): Drawdown {
  const [start, end] = [index[peakAt + 1] as number, index[to - 1] as number];
  return {
    depth: (wealth[valleyAt] as number) / peak - 1,
    peak: index[peakAt] ?? Number.NaN,
    start,
    valley: index[valleyAt] as number,
    end,
    recovery: index[to] ?? Number.NaN,
    isOngoing: to === wealth.length,
    daysUnderWater: Math.round((end - start) / DAY_MS) + 1,
  };
}

/** Days from Monday to Friday between two instants, both counted: pyfolio's duration. */
export function businessDaysBetween(from: EpochMs, to: EpochMs): number {
  let count = 0;
  for (let day = Math.floor(from / DAY_MS); day <= Math.floor(to / DAY_MS); ++day) {
    // 1970-01-01 was a Thursday.
    count += (day + 3) % 7 < 5 ? 1 : 0;
  }
  return count;
}
