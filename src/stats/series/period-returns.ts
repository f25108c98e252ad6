import type {Column} from "../../table/frame.js";
import {DAY_MS, type EpochMs} from "../../time/epoch.js";

/** How long the periods are that returns are compounded into. */
export type CalendarPeriod = "week" | "month" | "quarter" | "year";

/** Returns of calendar periods (UTC), each with the first day of its period. */
export interface PeriodReturns {
  readonly start: Float64Array;
  readonly returns: Float64Array;
}

/**
 * Daily returns compounded into calendar weeks (from Monday), months, quarters or years.
 *
 * Periods without a row do not appear; the first and the last may be incomplete. Missing returns
 * are 0.
 *
 * @param index days named by an instant in them, increasing
 */
export function periodReturns(
  index: Column,
  returns: Column,
  period: CalendarPeriod,
): PeriodReturns {
  const starts: EpochMs[] = [];
  const wealth: number[] = [];
  for (let t = 0; t < returns.length; ++t) {
    const start = periodStart(index[t] as number, period);
    if (start !== starts.at(-1)) {
      starts.push(start);
      wealth.push(1);
    }
    const r = returns[t] as number;
    wealth[wealth.length - 1] = (wealth.at(-1) as number) * (Number.isNaN(r) ? 1 : 1 + r);
  }
  return {start: Float64Array.from(starts), returns: Float64Array.from(wealth, (w) => w - 1)};
}

function periodStart(time: EpochMs, period: CalendarPeriod): EpochMs {
  const day = Math.floor(time / DAY_MS);
  if (period === "week") {
    // 1970-01-01 was a Thursday.
    return (day - ((day + 3) % 7)) * DAY_MS;
  }
  const date = new Date(day * DAY_MS);
  const month = date.getUTCMonth();
  const first = period === "year" ? 0 : period === "quarter" ? month - (month % 3) : month;
  return Date.UTC(date.getUTCFullYear(), first, 1);
}
