import type {Column} from "../../table/frame.js";
import {DAY_MS, type EpochMs} from "../../time/epoch.js";

/** A value for each day, each day named by its midnight as if its zone were UTC. */
export interface DayValues {
  readonly day: Float64Array;
  readonly values: Float64Array;
}

/** Which local day an instant belongs to, counted from 1970-01-01. */
export type LocalDay = (time: EpochMs) => number;

/** Days of UTC. */
export const UTC_DAY: LocalDay = (time) => Math.floor(time / DAY_MS);

/**
 * Simple returns of bars compounded into days: Π(1 + r) − 1 of those that end within (midnight,
 * midnight]. Days without a bar do not appear; missing returns count as 0.
 *
 * @param barEnd instants, increasing
 * @param dayOf  days of a zone, with their 23 or 25 hours where clocks change
 */
export function compoundIntoDays(barEnd: Column, returns: Column, dayOf = UTC_DAY): DayValues {
  const grown = intoDays(barEnd, returns, {dayOf, start: 1, add: (w, r) => w * (1 + r)});
  return {...grown, values: grown.values.map((wealth) => wealth - 1)};
}

/** Money of bars added up into days, which are those of {@link compoundIntoDays}. */
export function sumIntoDays(barEnd: Column, money: Column, dayOf = UTC_DAY): DayValues {
  return intoDays(barEnd, money, {dayOf, start: 0, add: (total, x) => total + x});
}

function intoDays(
  barEnd: Column,
  values: Column,
  rule: {dayOf: LocalDay; start: number; add: (total: number, x: number) => number},
): DayValues {
  const days: number[] = [];
  const totals: number[] = [];
  for (let t = 0; t < values.length; ++t) {
    // Instants are whole milliseconds: a bar that ends at midnight ends the day before.
    const day = rule.dayOf((barEnd[t] as number) - 1) * DAY_MS;
    if (day !== days.at(-1)) {
      days.push(day);
      totals.push(rule.start);
    }
    const x = values[t] as number;
    const before = totals.at(-1) as number;
    totals[totals.length - 1] = Number.isNaN(x) ? before : rule.add(before, x);
  }
  return {day: Float64Array.from(days), values: Float64Array.from(totals)};
}
