import {DAY_MS, toIso} from "../../time/epoch.js";
import {parseDay, weekdayOf} from "../../time/local-day.js";

/**
 * True when the New York Stock Exchange stays closed on a weekday: its Rule 7.2, by which a holiday
 * on a Sunday is kept on the Monday and one on a Saturday on the Friday (but not New Year's Day,
 * which would fall into the year before), and the closings it announced in mourning or after
 * disasters. Holds for 1998 on; an unforeseen closing of the future is not in it.
 *
 * @param day local day, counted from 1970-01-01
 */
export function isNyseHoliday(day: number): boolean {
  return daysOf(yearOf(day)).holidays.has(day);
}

/**
 * True when it closes at 13:00: the day after Thanksgiving, and the eves of Independence Day and of
 * Christmas where both eve and holiday are weekdays. Holds for 2013 on.
 */
export function isNyseShortDay(day: number): boolean {
  return daysOf(yearOf(day)).shortDays.has(day);
}

const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6];

/** Closings that follow from no rule. */
const UNSCHEDULED = [
  "2001-09-11",
  "2001-09-12",
  "2001-09-13",
  "2001-09-14",
  "2004-06-11",
  "2007-01-02",
  "2012-10-29",
  "2012-10-30",
  "2018-12-05",
  "2025-01-09",
].map(parseDay);

interface NyseYear {
  readonly holidays: ReadonlySet<number>;
  readonly shortDays: ReadonlySet<number>;
}

const years = new Map<number, NyseYear>();

function daysOf(year: number): NyseYear {
  let days = years.get(year);
  if (days === undefined) {
    days = {holidays: new Set(holidaysIn(year)), shortDays: new Set(shortDaysIn(year))};
    years.set(year, days);
  }
  return days;
}

function holidaysIn(year: number): number[] {
  const newYear = dayOf(year, 1, 1);
  return [
    weekdayOf(newYear) === SUNDAY ? newYear + 1 : newYear,
    nthWeekday(dayOf(year, 1, 1), MONDAY, 3), // Martin Luther King Jr. Day
    nthWeekday(dayOf(year, 2, 1), MONDAY, 3), // Washington's Birthday
    easterOf(year) - 2, // Good Friday
    nthWeekday(dayOf(year, 5, 25), MONDAY, 1), // Memorial Day, the last Monday of May
    ...(year >= 2022 ? [observed(dayOf(year, 6, 19))] : []), // Juneteenth
    observed(dayOf(year, 7, 4)),
    nthWeekday(dayOf(year, 9, 1), MONDAY, 1), // Labor Day
    thanksgivingOf(year),
    observed(dayOf(year, 12, 25)),
    ...UNSCHEDULED.filter((day) => yearOf(day) === year),
  ];
}

function shortDaysIn(year: number): number[] {
  const eves = [dayOf(year, 7, 3), dayOf(year, 12, 24)];
  const isMondayToThursday = (day: number): boolean =>
    MONDAY <= weekdayOf(day) && weekdayOf(day) <= THURSDAY;
  return [thanksgivingOf(year) + 1, ...eves.filter(isMondayToThursday)];
}

/** The fourth Thursday of November. */
function thanksgivingOf(year: number): number {
  return nthWeekday(dayOf(year, 11, 1), THURSDAY, 4);
}

function observed(day: number): number {
  return weekdayOf(day) === SATURDAY ? day - 1 : weekdayOf(day) === SUNDAY ? day + 1 : day;
}

/** The n-th such weekday at or after a day. */
function nthWeekday(from: number, wanted: number, n: number): number {
  return from + ((wanted - weekdayOf(from) + 7) % 7) + (n - 1) * 7;
}

/** Easter Sunday by the Gregorian computus of Meeus, Jones and Butcher. */
function easterOf(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const moonShift = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonShift + 15) % 30;
  const leaps = 2 * (century % 4) + 2 * Math.floor(inCentury / 4);
  const toSunday = (32 + leaps - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const sum = epact + toSunday - 7 * late + 114;
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1);
}

function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

function yearOf(day: number): number {
  return Number(toIso(day * DAY_MS).slice(0, 4));
}
