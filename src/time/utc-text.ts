import {ReckonError} from "../errors.js";
import {type EpochMs, toIso} from "./epoch.js";
import {utcOffsetIn} from "./zone.js";

const TIME_TEXT =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})$/;

/** `2025-09-01 00:05:10.100000+00:00`, as in rows of files; whole seconds carry no fraction. */
export function formatUtc(time: EpochMs): string {
  const iso = toIso(time);
  const fraction = iso.slice(20, 23) === "000" ? "" : `.${iso.slice(20, 23)}000`;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}+00:00`;
}

/** The same in the local time of a zone: `2000-01-01 09:35:05.100000-05:00`. */
export function formatZoned(time: EpochMs, zone: string): string {
  const offset = utcOffsetIn(zone)(time);
  const size = new Date(Math.abs(offset)).toISOString().slice(11, 16);
  return formatUtc(time + offset).replace("+00:00", `${offset < 0 ? "-" : "+"}${size}`);
}

/**
 * The instant of a time text with any UTC offset: `2000-01-01 09:30:00.1-05:00`.
 *
 * @throws ReckonError `bad-data` when the text is none, or has no offset
 */
export function parseUtc(text: string, place = "time"): EpochMs {
  const [, day, clock, fraction = "", zone] = TIME_TEXT.exec(text) ?? [];
  const offset = zone?.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  const time = Date.parse(`${day}T${clock}.${fraction.padEnd(3, "0").slice(0, 3)}${offset}`);
  if (Number.isNaN(time)) {
    throw new ReckonError("bad-data", {
      place,
      expected: "a time with a UTC offset, such as 2025-09-01 00:05:00+00:00",
      found: JSON.stringify(text),
    });
  }
  return time;
}
