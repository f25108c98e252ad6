import type {Convention} from "../convention.js";
import {annualReturn} from "../performance/total-return.js";
import type {PairedReturns} from "./paired.js";

/**
 * Annual return / the benchmark's annual return, over the same periods: 1 is the benchmark.
 *
 * Given the periods in which the benchmark rose it is the up capture, fell: the down capture.
 */
export function capture(
  {returns, benchmark}: PairedReturns,
  periodsPerYear: number,
  convention: Convention = "reckon",
): number {
  const [own, other] = [returns, benchmark].map((column) =>
    annualReturn(column, periodsPerYear, {convention}),
  ) as [number, number];
  return own / other;
}
