import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {capitalise} from "../../words.js";
import type {Comparable} from "../layers/comparable.js";
import {fillFrames} from "../layers/order-layer.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {contradiction} from "./contradiction.js";
import {roundingCause} from "./rounding-cause.js";
import {clockText, isClockOff, valueAt, wordOf} from "./scene.js";
import {startCause} from "./start-cause.js";
import {strayedHoldings} from "./strayed-holdings.js";

/** Orders that differ though targets agree, and fills that differ though orders agree. */
export function orderCause(scene: Scene): Cause {
  return scene.first.field.startsWith("order_") ? sentOrderCause(scene) : fillCause(scene);
}

function sentOrderCause(scene: Scene): Cause {
  const {first, both} = scene;
  const {barEnd, instrument, field, prod, sim} = first;
  if (field === "order_start" || field === "order_end" || isClockOff(both, barEnd)) {
    return causeOf({name: "clock", confidence: isClockOff(both, barEnd) ? "certain" : "likely"}, [
      `The orders of ${formatMinute(barEnd)} UTC are the same but for their times.`,
      clockText(both, barEnd),
    ]);
  }
  const rounding = roundingCause(scene, Number(prod) - Number(sim), "Orders");
  return (
    rounding ??
    causeOf({name: "code or model", confidence: "likely"}, [
      `Targets agree at ${formatMinute(barEnd)} UTC, but the order of ${instrument} does not: ` +
        `${field} is ${wordOf(prod)} in prod and ${wordOf(sim)} in sim.`,
    ])
  );
}

function fillCause(scene: Scene): Cause {
  const {first, both} = scene;
  const {barEnd, instrument} = first;
  const hasFills = both.prod.fills !== undefined && both.sim.fills !== undefined;
  const [p, s] = [both.prod, both.sim].map((side) =>
    (hasFills ? fillSeen : tradeSeen)(side, barEnd, instrument),
  ) as [FillSeen, FillSeen];
  const faulty = first.field.startsWith("fill_") ? faultyRecord(scene) : undefined;
  if (faulty !== undefined) {
    return faulty;
  }
  const trade = `the trade of ${instrument} in the bar that ended ${formatMinute(barEnd)} UTC`;
  if (first.field === "fill_fee") {
    return causeOf({name: "fees", confidence: "certain"}, [
      `${capitalise(trade)} has the same shares and price in both runs.`,
      `Prod paid ${p.fee}, the simulation ${s.fee}, and the config asks for the same fee.`,
    ]);
  }
  if (hasFills && first.field.startsWith("executed_") && isSameFill(p, s)) {
    return causeOf({name: "unknown", confidence: "possible"}, [
      `The fills of both runs agree in ${trade}; what the accounts booked of them does not.`,
    ]);
  }
  if (Number.isNaN(p.shares) && Number.isNaN(s.shares)) {
    return causeOf({name: "unknown", confidence: "possible"}, [
      `Neither run traded ${instrument} in the bar that ended ${formatMinute(barEnd)} UTC; only ` +
        `the account of ${Number.isNaN(first.prod) ? "the simulation" : "prod"} knows it.`,
    ]);
  }
  const shares = first.field.endsWith("shares");
  const rounding = shares
    ? roundingCause(scene, Number(first.prod) - Number(first.sim), "Fills")
    : undefined;
  return (
    rounding ??
    causeOf({name: "fill model", confidence: "certain"}, [
      "Orders and market data agree up to there.",
      Number.isNaN(p.shares)
        ? `Prod was not filled in ${trade}; the simulation was.`
        : Number.isNaN(s.shares)
          ? `Only prod was filled in ${trade}.`
          : fillText(p, s),
      hasFills ? idleText(both, barEnd) : "",
    ])
  );
}

/** That a run was filled in nothing in a bar, in which the other was; empty where both were. */
function idleText({prod, sim}: Comparable, barEnd: EpochMs): string {
  const [p, s] = [prod, sim].map(
    ({fills = []}) => fills.filter((fill) => fill.barEnd === barEnd).length,
  ) as [number, number];
  const [idle, count] = p === 0 ? ["Prod", s] : ["The simulation", p];
  return p + s === Math.max(p, s) && count > 1
    ? `${idle} has no fill at all in this bar, the other run ${count}: it may have been stopped ` +
        "and started again, or have lost its broker."
    : "";
}

/** Fills that the account of their own run does not know as they are, while the other's agree. */
function faultyRecord({first, both}: Scene): Cause | undefined {
  const [prod, sim] = [both.prod, both.sim].map((side) => contradiction(side, first));
  const found = prod ?? sim;
  if (found === undefined || (prod === undefined) === (sim === undefined)) {
    return undefined;
  }
  const owner = sim === undefined ? "Prod's" : "The simulation's";
  return causeOf(
    {name: "record contradicts itself", confidence: "likely"},
    [`${owner} record contradicts itself: its ${found}`],
    [["fill model", "the fills may be as they are told, and the account wrong"]],
  );
}

/** Also where neither run has one. */
function isSameFill(a: FillSeen, b: FillSeen): boolean {
  return (["shares", "price"] as const).every(
    (key) => near(a[key], b[key]) || (Number.isNaN(a[key]) && Number.isNaN(b[key])),
  );
}

/** How far prod's fill is from the simulation's, in share and price. */
function fillText(prod: FillSeen, sim: FillSeen): string {
  const part = (100 * prod.shares) / sim.shares;
  const bps = (1e4 * (prod.price - sim.price)) / sim.price;
  const price =
    Math.abs(bps) < 0.005
      ? "at the same price"
      : `at a price ${Math.abs(bps).toFixed(2)} bps ${bps > 0 ? "higher" : "lower"}`;
  return Number.isFinite(part) && Number.isFinite(bps)
    ? `Prod was filled by ${part.toFixed(1)}% of the simulation's shares, ${price}.`
    : "";
}

interface FillSeen {
  /** NaN where there was no fill. */
  readonly shares: number;
  readonly price: number;
  readonly fee: number;
}

function fillSeen(side: RecordedSide, barEnd: EpochMs, instrument: string): FillSeen {
  const frames = fillFrames(side);
  return {
    shares: valueAt(frames?.fill_shares, barEnd, instrument),
    price: valueAt(frames?.fill_price, barEnd, instrument),
    fee: valueAt(frames?.fill_fee, barEnd, instrument),
  };
}

/** What the portfolio says of a bar's fills, where these were not recorded themselves. */
function tradeSeen({portfolio}: RecordedSide, barEnd: EpochMs, instrument: string): FillSeen {
  const shares = valueAt(portfolio.executed_trades_shares, barEnd, instrument);
  const notional = valueAt(portfolio.executed_trades_notional, barEnd, instrument);
  return {
    shares: shares === 0 ? Number.NaN : shares,
    price: notional / shares,
    fee: Number.NaN,
  };
}

/** Holdings and PnL that differ though fills agree. */
export function accountCause(scene: Scene): Cause {
  const {first, both} = scene;
  const {barEnd, instrument, field, absolute} = first;
  const isFirstBar = barEnd === both.prod.bars[0] && barEnd === both.sim.bars[0];
  if (isFirstBar && first.layer === "holdings") {
    return startCause(scene);
  }
  const fees = [both.prod, both.sim].map(({portfolio}) =>
    valueAt(portfolio.statistics, barEnd, "fees"),
  ) as [number, number];
  const isFee = field === "fees" || (field === "cash" && near(absolute, fees[1] - fees[0]));
  if (isFee && fees[0] !== fees[1]) {
    return causeOf({name: "fees", confidence: "certain"}, [
      `Trades agree at ${formatMinute(barEnd)} UTC, but prod paid ${fees[0]} in fees and the ` +
        `simulation ${fees[1]}.`,
    ]);
  }
  const rounding =
    field === "holdings_shares" ? roundingCause(scene, absolute, "Holdings") : undefined;
  if (rounding !== undefined) {
    return rounding;
  }
  if (isClockOff(both, barEnd)) {
    return causeOf({name: "clock", confidence: "likely"}, [clockText(both, barEnd)]);
  }
  const strayed = field === "holdings_shares" ? strayedHoldings(scene) : undefined;
  if (strayed !== undefined) {
    return strayed;
  }
  const what = capitalise(instrument === "" ? field : `${field} of ${instrument}`);
  return causeOf({name: "unknown", confidence: "possible"}, [
    `${what} differs at ${formatMinute(barEnd)} UTC, though the trades before it agree.`,
    field === "holdings_notional" || first.layer === "PnL"
      ? "Holdings agree: they were marked at other prices."
      : "It changed without a recorded fill: a transfer, a trade by hand or funding.",
  ]);
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
}
