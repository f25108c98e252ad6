import {ReckonError} from "../../errors.js";
import {DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS} from "../../time/epoch.js";
import {localTimeIn, weekdayOf} from "../../time/local-day.js";
import {isNyseHoliday, isNyseShortDay} from "./nyse-days.js";

/** The calendar of markets that never close; what an instrument has where none is named. */
export const ALWAYS_OPEN = "24/7";

/** A stretch of a local day in which orders are taken: open <= time < close, ms since midnight. */
export interface Session {
  readonly open: number;
  readonly close: number;
}

/** When an instrument can be traded. */
export interface SessionCalendar {
  readonly name: string;
  readonly timeZone: string;
  /** The sessions of a local day, counted from 1970-01-01; none when the market stays closed. */
  readonly sessionsOf: (day: number) => readonly Session[];
}

const NYSE_OPEN = 9 * HOUR_MS + 30 * MINUTE_MS;
const NYSE_CLOSE = 16 * HOUR_MS;
const NYSE_SHORT_CLOSE = 13 * HOUR_MS;

const alwaysOpen: SessionCalendar = {
  name: ALWAYS_OPEN,
  timeZone: "UTC",
  sessionsOf: () => [{open: 0, close: DAY_MS}],
};

/** Regular hours of the New York Stock Exchange, its holidays and early closings included. */
const newYork: SessionCalendar = {
  name: "XNYS",
  timeZone: "America/New_York",
  sessionsOf(day) {
    const weekday = weekdayOf(day);
    if (weekday === 0 || weekday === 6 || isNyseHoliday(day)) {
      return [];
    }
    return [{open: NYSE_OPEN, close: isNyseShortDay(day) ? NYSE_SHORT_CLOSE : NYSE_CLOSE}];
  },
};

/** The calendars that need no file. */
export const KNOWN_CALENDARS: readonly SessionCalendar[] = [alwaysOpen, newYork];

/**
 * The calendar of this name: one of the desk's own, else one of {@link KNOWN_CALENDARS}.
 *
 * @throws ReckonError `misuse` naming those that there are
 */
export function findCalendar(name: string, own: readonly SessionCalendar[] = []): SessionCalendar {
  const all = [...own, ...KNOWN_CALENDARS];
  const found = all.find((calendar) => calendar.name === name);
  if (found === undefined) {
    throw new ReckonError("misuse", {
      place: "sessionCalendar",
      expected: `one of ${all.map((calendar) => calendar.name).join(", ")}`,
      found: JSON.stringify(name),
      fix: "name one of these, or write the calendar into the desk's file of calendars",
    });
  }
  return found;
}

/** Tells whether a calendar's market takes orders at an instant. */
export function sessionTest(calendar: SessionCalendar): (time: EpochMs) => boolean {
  if (calendar.name === ALWAYS_OPEN) {
    return () => true;
  }
  const localTime = localTimeIn(calendar.timeZone);
  return (time) => {
    const {day, timeOfDay} = localTime(time);
    return calendar.sessionsOf(day).some(({open, close}) => open <= timeOfDay && timeOfDay < close);
  };
}
