import {ReckonError} from "../../errors.js";

/**
 * A number of a flag that must be above 0 and finite.
 *
 * @throws ReckonError `misuse` naming the flag
 */
export function positiveNumber(value: number, place: string): number {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new ReckonError("misuse", {
      place,
      expected: "a number above 0",
      found: String(value),
    });
  }
  return value;
}
