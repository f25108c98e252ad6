import {DAY_MS, type EpochMs, toIso} from "./epoch.js";
import {utcOffsetIn} from "./zone.js";

/** An instant as the clocks and calendars of a zone show it. */
export interface LocalTime {
  /** Local days since 1970-01-01. */
  readonly day: number;
  /** Milliseconds since local midnight. */
  readonly timeOfDay: number;
}

/** Reads instants as local days and times of day of a zone. */
export function localTimeIn(zone: string): (time: EpochMs) => LocalTime {
  const offset = utcOffsetIn(zone);
  return (time) => {
    const local = time + offset(time);
    const day = Math.floor(local / DAY_MS);
    return {day, timeOfDay: local - day * DAY_MS};
  };
}

/** Sunday 0 to Saturday 6, of a day counted from 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The day of `YYYY-MM-DD`, counted from 1970-01-01; NaN for any other text, as 2024-02-30. */
export function parseDay(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Engines read a 30th of February as the 1st of March.
  return Number.isNaN(time) || toIso(time).slice(0, 10) !== text ? Number.NaN : time / DAY_MS;
}
