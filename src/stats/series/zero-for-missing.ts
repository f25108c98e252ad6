import type {Column} from "../../table/frame.js";

/** The values with 0 in place of every NaN: for what nobody earned, held or traded. */
export function zeroForMissing(values: Column): Float64Array {
  return values.map((x) => (Number.isNaN(x) ? 0 : x));
}
