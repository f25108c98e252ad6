import {capitalise} from "../../words.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {wordOf} from "./scene.js";

/** Holdings or cash that differ at the first bar. */
export function startCause({first, both}: Scene): Cause {
  const {instrument, field, prod, sim} = first;
  const what = instrument === "" ? field : `${field} of ${instrument}`;
  const [a, b] = [both.prod.opening, both.sim.opening];
  const isRecorded = a !== undefined && b !== undefined;
  const isOther =
    isRecorded && (a.cash !== b.cash || JSON.stringify(a.holdings) !== JSON.stringify(b.holdings));
  return causeOf({name: "start state", confidence: isRecorded && !isOther ? "likely" : "certain"}, [
    `${capitalise(what)} differs at the first bar, before anything was traded: ` +
      `${wordOf(prod)} in prod, ${wordOf(sim)} in sim.`,
    isOther ? `Prod began from ${a.source}, the simulation from ${b.source}.` : "",
    otherMoneyText(both),
  ]);
}

/** That the same shares are the same multiple in money at every bar; empty where they are not. */
function otherMoneyText({prod, sim}: Scene["both"]): string {
  if (!holdsTheSame(prod, sim)) {
    return "";
  }
  const [a, b] = [prod, sim].map(({portfolio: {holdings_notional, statistics}}) => [
    ...(holdings_notional?.data.flatMap((column) => [...column]) ?? []),
    ...(statistics?.data[statistics.columns.indexOf("cash")] ?? []),
  ]) as [number[], number[]];
  const ratios = a.map((x, i) => x / (b[i] as number)).filter(Number.isFinite);
  const [ratio = 1] = ratios;
  const isConstant = ratios.every((x) => Math.abs(x / ratio - 1) < MONEY_SLACK);
  return a.length !== b.length || !isConstant || Math.abs(ratio - 1) < MONEY_SLACK
    ? ""
    : `All money of prod is ${Number(ratio.toPrecision(6))} times the simulation's, ` +
        "at every bar: it is counted in another currency.";
}

function holdsTheSame(...sides: readonly RecordedSide[]): boolean {
  const [a, b] = sides.map(({portfolio: {holdings_shares: held}}) =>
    JSON.stringify([held?.columns, held?.data.map((column) => [...column])]),
  );
  return a === b;
}

/** A rate of exchange that stays the same, but for rounding. */
const MONEY_SLACK = 1e-6;
