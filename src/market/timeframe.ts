import {formatTimeframe, parsePeriod} from "../time/bar-grid.js";

/**
 * The one spelling of a timeframe: `5T`, `5min` and `300s` are all `5m`.
 *
 * @throws ReckonError `misuse` when the text is no period
 */
export function canonicalTimeframe(text: string, place = "timeframe"): string {
  return formatTimeframe(parsePeriod(text, place));
}
