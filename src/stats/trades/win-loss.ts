import type {Column} from "../../table/frame.js";
import {countKnown, mean} from "../distribution/moments.js";

/** How often and how much was won and lost; what did not move is in neither. */
export interface WinsAndLosses {
  readonly wins: number;
  readonly losses: number;
  readonly won: number;
  /** Positive. */
  readonly lost: number;
}

export function winsAndLosses(values: Column): WinsAndLosses {
  let [wins, losses, won, lost] = [0, 0, 0, 0];
  for (let t = 0; t < values.length; ++t) {
    const x = values[t] as number;
    if (!Number.isNaN(x)) {
      // Without conditions, which would be foreseen wrongly every other time.
      wins += Number(x > 0);
      losses += Number(x < 0);
      won += 0.5 * (x + Math.abs(x));
      lost += 0.5 * (Math.abs(x) - x);
    }
  }
  return {wins, losses, won, lost};
}

const countedIn = (values: Column | WinsAndLosses): WinsAndLosses =>
  "wins" in values ? values : winsAndLosses(values);

/** Periods (or trades) won / those that moved at all; NaN when none did. */
export function winRate(values: Column | WinsAndLosses): number {
  const {wins, losses} = countedIn(values);
  return wins / (wins + losses);
}

/** The mean gain of what was won; NaN of none. */
export function averageWin(values: Column): number {
  const {wins, won} = winsAndLosses(values);
  return won / wins;
}

/** The mean, negative, of what was lost; NaN of none. */
export function averageLoss(values: Column): number {
  const {losses, lost} = winsAndLosses(values);
  return -(lost / losses);
}

/** Average win / |average loss|. */
export function payoffRatio(values: Column): number {
  return averageWin(values) / -averageLoss(values);
}

/** Σ won / |Σ lost|; NaN when nothing was lost. */
export function profitFactor(values: Column | WinsAndLosses): number {
  const {won, lost} = countedIn(values);
  return lost > 0 ? won / lost : Number.NaN;
}

/**
 * (Σ won / n²) / (|Σ lost| / m²), n periods at 0 or above, m below: quantstats' profit ratio.
 */
export function profitRatio(values: Column): number {
  const atLeast = values.filter((x) => x >= 0);
  const {losses, lost} = winsAndLosses(values);
  return mean(atLeast) / atLeast.length / (lost / losses / losses);
}

/** Σ / |Σ lost| (Schwager); NaN when nothing was lost. */
export function gainToPainRatio(values: Column): number {
  const {won, lost} = winsAndLosses(values);
  return lost > 0 ? (won - lost) / lost : Number.NaN;
}

/**
 * What a trade earns on average: win rate · average win + (1 − win rate) · average loss.
 *
 * What neither won nor lost is left out of both rates, as nautilus does; 0 where nothing moved.
 */
export function expectancy(values: Column): number {
  const {wins, losses, won, lost} = winsAndLosses(values);
  return wins + losses === 0 ? 0 : (won - lost) / (wins + losses);
}

/**
 * Expectancy in units of the average loss: (1 + payoff) · win rate − 1, freqtrade's ratio; the
 * Van Tharp R multiple. NaN when nothing was lost.
 */
export function expectancyRatio(values: Column): number {
  return (1 + payoffRatio(values)) * winRate(values) - 1;
}

/** The share of wealth to stake that makes it grow fastest: win rate − loss rate / payoff. */
export function kellyCriterion(values: Column): number {
  const rate = winRate(values);
  return rate - (1 - rate) / payoffRatio(values);
}

/** ((1 − w) / (1 + w))^n with w the win rate: quantstats' risk of ruin. */
export function riskOfRuin(values: Column): number {
  const rate = winRate(values);
  return ((1 - rate) / (1 + rate)) ** countKnown(values);
}

/** The longest run of values for which the test holds. */
export function longestRun(values: Column, test: (x: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const x of values) {
    run = test(x) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Share of periods that moved at all, rounded up to a whole percent as quantstats does. */
export function exposure(values: Column): number {
  return Math.ceil((100 * values.filter((x) => x !== 0).length) / values.length) / 100;
}
