import {type Cause, causeOf, type Scene} from "./cause.js";
import {coarserLot, lotOf} from "./scene.js";

/** What rounding to a lot leaves of a lot, in floating point. */
const LOT_SLACK = 1 + 1e-6;

/** A difference of up to one lot; undefined where it is larger or no lot is known. */
export function roundingCause({first, both}: Scene, gap: number, what: string): Cause | undefined {
  const {instrument} = first;
  const lot = coarserLot(both, instrument);
  const lots = [lotOf(both.prod, instrument), lotOf(both.sim, instrument)] as const;
  if (!(Math.abs(gap) > 0 && Math.abs(gap) <= lot * LOT_SLACK)) {
    return undefined;
  }
  const isOther = lots[0] !== lots[1];
  return causeOf({name: "rounding", confidence: isOther ? "certain" : "likely"}, [
    `${what} of ${instrument} are ${Math.abs(gap)} apart, within one lot of ${lot}.`,
    isOther ? `Prod's lot is ${lots[0]}, the simulation's ${lots[1]}.` : "",
  ]);
}
