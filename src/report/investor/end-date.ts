import {ReckonError} from "../../errors.js";
import {DAY_MS, type EpochMs, parseStamp} from "../../time/epoch.js";

/**
 * The instant up to which bars count: the end of a day (`2025-09-01`, `20250901`), UTC, or an
 * instant (`20250901_120000`); Infinity for an empty text.
 *
 * @throws ReckonError `misuse` for any other text
 */
export function parseEndDate(text: string, place = "end date"): EpochMs {
  if (text === "") {
    return Number.POSITIVE_INFINITY;
  }
  const day = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  try {
    return day === null
      ? parseStamp(text, place)
      : parseStamp(`${day.slice(1).join("")}_000000`, place) + DAY_MS;
  } catch {
    throw new ReckonError("misuse", {
      place,
      expected: "a day as YYYY-MM-DD or an instant as YYYYMMDD_HHMMSS, UTC",
      found: JSON.stringify(text),
    });
  }
}
