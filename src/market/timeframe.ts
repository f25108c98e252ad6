import {parsePeriod} from "../time/bar-grid.js";
import {DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS} from "../time/epoch.js";

const UNITS: readonly (readonly [ms: number, letter: string])[] = [
  [DAY_MS, "d"],
  [HOUR_MS, "h"],
  [MINUTE_MS, "m"],
  [SECOND_MS, "s"],
];

/** A bar length as folders and exchanges spell it: the largest whole unit of `5m`, `1h`, `1d`. */
export function formatTimeframe(barMs: number): string {
  const [ms, letter] = UNITS.find(([unit]) => barMs % unit === 0) ?? [SECOND_MS, "s"];
  return `${barMs / ms}${letter}`;
}

/**
 * The one spelling of a timeframe: `5T`, `5min` and `300s` are all `5m`.
 *
 * @throws ReckonError `misuse` when the text is no period
 */
export function canonicalTimeframe(text: string, place = "timeframe"): string {
  return formatTimeframe(parsePeriod(text, place));
}
