import {type EpochMs, formatMinute} from "../../time/epoch.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {valueAt} from "./scene.js";

/** Sums of shares agree to this part of the larger. */
const SUM_NOISE = 1e-9;

/**
 * That one bar's holdings of a run neither follow from the bar before and the trades, nor are what
 * the next bar goes on from: a transfer would have stayed. Undefined where they are.
 */
export function strayedHoldings({first, both}: Scene): Cause | undefined {
  const {barEnd, instrument} = first;
  const [prod, sim] = [both.prod, both.sim].map((side) => isStrayed(side, barEnd, instrument));
  if (prod === sim) {
    return undefined;
  }
  const owner = prod ? "Prod's" : "The simulation's";
  return causeOf({name: "record contradicts itself", confidence: "certain"}, [
    `${owner} record contradicts itself: its holdings of ${instrument} at ` +
      `${formatMinute(barEnd)} UTC are not those of the bar before and the trades since, and the ` +
      "next bar does not go on from them.",
  ]);
}

function isStrayed({portfolio}: RecordedSide, barEnd: EpochMs, id: string): boolean {
  const {holdings_shares: held, executed_trades_shares: traded} = portfolio;
  const t = held?.index.indexOf(barEnd) ?? -1;
  const [before, after] = [held?.index[t - 1], held?.index[t + 1]];
  if (t < 0 || before === undefined || after === undefined) {
    return false;
  }
  const at = (bar: EpochMs): number => valueAt(held, bar, id);
  const isApart = (from: EpochMs, to: EpochMs): boolean => {
    const wanted = at(from) + (valueAt(traded, to, id) || 0);
    return Math.abs(at(to) - wanted) > SUM_NOISE * Math.max(Math.abs(at(to)), Math.abs(wanted));
  };
  return isApart(before, barEnd) && isApart(barEnd, after);
}
