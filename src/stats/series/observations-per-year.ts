import {ReckonError} from "../../errors.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {DAY_MS} from "../../time/epoch.js";

const START = Date.UTC(2012, 0, 1);
const END = Date.UTC(2019, 11, 31);
const YEARS = 8;

/**
 * How many points of a frequency a calendar year has on average: those from 2012-01-01 00:00 to
 * 2019-12-31 00:00, both counted, divided by 8.
 *
 * `B` (Monday to Friday) 260.875, `D` 365.25, `H` 8763.125, `5T` 105156.125, `T` 525780.125. A
 * market that trades around the clock wants 365 days: pass that number where a function takes
 * `periodsPerYear`.
 *
 * @throws ReckonError `misuse` when the text is no frequency
 */
export function observationsPerYear(frequency: string, place = "frequency"): number {
  if (frequency === "B") {
    return businessDays() / YEARS;
  }
  return (Math.floor((END - START) / frequencyMs(frequency, place)) + 1) / YEARS;
}

/**
 * The length in ms of a frequency of fixed length: `5T`, `15min`, `H`, `2D`; `T` alone is `1T`.
 *
 * @throws ReckonError `misuse` when the text is none
 */
export function frequencyMs(frequency: string, place = "frequency"): number {
  try {
    return parsePeriod(/^\d/.test(frequency) ? frequency : `1${frequency}`);
  } catch (cause) {
    const expected = "a frequency such as 5T, 1H, D or B";
    const complaint = {place, expected, found: JSON.stringify(frequency)};
    throw new ReckonError("misuse", complaint, {cause});
  }
}

function businessDays(): number {
  let count = 0;
  for (let day = START; day <= END; day += DAY_MS) {
    count += isBusinessDay(day) ? 1 : 0;
  }
  return count;
}

/** True from Monday to Friday, UTC; the epoch's first day was a Thursday. */
export function isBusinessDay(time: number): boolean {
  const weekday = (Math.floor(time / DAY_MS) + 4) % 7;
  return weekday !== 0 && weekday !== 6;
}
