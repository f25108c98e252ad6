import {ReckonError} from "../errors.js";

/** An instant: milliseconds since 1970-01-01T00:00:00Z. Fractions of a millisecond do not occur. */
export type EpochMs = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const STAMP = /^(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})$/;

/** `YYYYMMDD_HHMMSS`, UTC; fractions of a second are cut off. Used in file names and flags. */
export function formatStamp(time: EpochMs): string {
  const iso = toIso(time);
  return `${iso.slice(0, 10).replaceAll("-", "")}_${iso.slice(11, 19).replaceAll(":", "")}`;
}

/**
 * The instant named by `YYYYMMDD_HHMMSS` (UTC).
 *
 * @param place what the text came from, for the message
 * @throws ReckonError `misuse` when the text is not such a stamp or names no real instant
 */
export function parseStamp(text: string, place = "timestamp"): EpochMs {
  const parts = STAMP.exec(text)?.slice(1).map(Number);
  if (parts) {
    const [year, month, day, hour, minute, second] = parts as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const time = Date.UTC(year, month - 1, day, hour, minute, second);
    if (formatStamp(time) === text) {
      return time;
    }
  }
  throw new ReckonError("misuse", {
    place,
    expected: "a UTC time as YYYYMMDD_HHMMSS",
    found: JSON.stringify(text),
    fix: "write for example 20250901_000000",
  });
}

/** ISO 8601 in UTC with milliseconds: `2025-09-01T00:00:00.000Z`. */
export function toIso(time: EpochMs): string {
  return new Date(time).toISOString();
}

/** `2025-09-01 00:05` (UTC), for people; the caller prints the zone once. */
export function formatMinute(time: EpochMs): string {
  return toIso(time).slice(0, 16).replace("T", " ");
}

/** The calendar year, in UTC. */
export function utcYear(time: EpochMs): number {
  return new Date(time).getUTCFullYear();
}
