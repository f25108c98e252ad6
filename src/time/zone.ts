import {DAY_MS, type EpochMs, HOUR_MS} from "./epoch.js";

/** The time of day in a zone, ms since local midnight. */
export function timeOfDayIn(zone: string): (time: EpochMs) => number {
  const offset = utcOffsetIn(zone);
  return (time) => modulo(time + offset(time), DAY_MS);
}

/** What a zone's clocks are ahead of UTC, ms; looked up once per hour. */
export function utcOffsetIn(zone: string): (time: EpochMs) => number {
  if (zone === "UTC") {
    return () => 0;
  }
  const format = new Intl.DateTimeFormat("en-US", {timeZone: zone, timeZoneName: "longOffset"});
  const offsets = new Map<number, number>();
  return (time) => {
    const hour = Math.floor(time / HOUR_MS);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      offset = parseOffset(format.format(hour * HOUR_MS));
      offsets.set(hour, offset);
    }
    return offset;
  };
}

/** `09:30:00` or `09:30` as ms since midnight. */
export function parseTimeOfDay(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

/** `…, GMT-05:00` as ms; `GMT` alone is 0. */
function parseOffset(text: string): number {
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? -size : size;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
