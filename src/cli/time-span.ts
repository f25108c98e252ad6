import {ReckonError} from "../errors.js";

const SECONDS: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3_600};

/**
 * Milliseconds of a span on the command line: `30s`, `5m`, `1h`, or a number of seconds.
 *
 * @param place the flag
 * @throws ReckonError `misuse` for anything else, and for a span of nothing
 */
export function timeSpanMs(place: string, text: string): number {
  const [, count, unit = ""] = /^(\d+\.?\d*|\.\d+)\s*([smh]?)$/.exec(text.trim()) ?? [];
  const seconds = Number(count) * (SECONDS[unit || "s"] ?? Number.NaN);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * 1_000;
  const expected = "a span above 0 like 30s, 5m or 1h, or a number of seconds";
  throw new ReckonError("misuse", {place, expected, found: `"${text}"`});
}
