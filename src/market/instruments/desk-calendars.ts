import {z} from "zod";
import {ReckonError} from "../../errors.js";
import {parseDay, weekdayOf} from "../../time/local-day.js";
import {parseTimeOfDay} from "../../time/zone.js";
import {readDeskFile} from "./read-desk-file.js";
import type {Session, SessionCalendar} from "./session-calendar.js";

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "expected a time of day such as 09:30, or 24:00")
  .transform(parseTimeOfDay);
const day = z
  .string()
  .refine((text) => !Number.isNaN(parseDay(text)), "expected a day such as 2025-12-25")
  .transform(parseDay);
const session = z
  .strictObject({days: z.array(z.enum(WEEKDAYS)).min(1), open: timeOfDay, close: timeOfDay})
  .refine(({open, close}) => open < close, "expected open before close, on one day");

const calendars = z.array(
  z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected letters, digits, . _ or -"),
    timezone: z.string().refine(isZone, "expected a time zone such as Europe/Berlin"),
    sessions: z.array(session).min(1),
    holidays: z.array(day).default([]),
    early_closes: z.array(z.strictObject({day, close: timeOfDay})).default([]),
  }),
);

/**
 * Session calendars that a desk wrote: a list of
 * `{name, timezone, sessions: [{days: [mon, …], open, close}], holidays, early_closes}`. A session
 * over midnight is written as two.
 *
 * @param place the file, for the message
 * @throws ReckonError `bad-data` naming the record and the key
 */
export function parseCalendars(value: unknown, place: string): SessionCalendar[] {
  const parsed = calendars.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ReckonError("bad-data", `${place}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return parsed.data.map(({name, timezone, sessions, holidays, early_closes}) => {
    const closed = new Set(holidays);
    const closes = new Map(early_closes.map((early) => [early.day, early.close]));
    const byWeekday = WEEKDAYS.map((weekday) =>
      sessions.filter(({days}) => days.includes(weekday)),
    );
    return {
      name,
      timeZone: timezone,
      sessionsOf: (at) =>
        closed.has(at) ? [] : cut(byWeekday[weekdayOf(at)] ?? [], closes.get(at)),
    };
  });
}

/** Calendars from a JSON or YAML file; none where there is no such file. */
export async function readCalendars(path: string): Promise<SessionCalendar[]> {
  const value = await readDeskFile(path, "calendars");
  return value === undefined ? [] : parseCalendars(value, path);
}

/** What is left of a day's sessions when the market closes early. */
function cut(sessions: readonly Session[], close = Number.POSITIVE_INFINITY): readonly Session[] {
  return sessions
    .map((one) => ({open: one.open, close: Math.min(one.close, close)}))
    .filter((one) => one.open < one.close);
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", {timeZone: name}) !== undefined;
  } catch {
    return false;
  }
}
