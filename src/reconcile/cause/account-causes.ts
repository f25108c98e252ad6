import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {fillFrames} from "../layers/order-layer.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {clockText, coarserLot, isClockOff, lotOf, valueAt} from "./scene.js";

/** What rounding to a lot leaves of a lot, in floating point. */
const LOT_SLACK = 1 + 1e-6;

/** Other targets from the same forecasts, holdings and prices. */
export function targetCause(scene: Scene): Cause {
  const {first, both} = scene;
  const {barEnd, instrument} = first;
  const has = [both.prod, both.sim].map(
    ({targets}) => targets?.target_holdings_shares?.index.includes(barEnd) ?? false,
  );
  if (has[0] !== has[1]) {
    return notTradedCause(scene, has[0] === false ? "Prod" : "The simulation");
  }
  const [a, b] = [both.prod, both.sim].map(({targets}) =>
    valueAt(targets?.target_holdings_shares, barEnd, instrument),
  ) as [number, number];
  const rounding = roundingCause(scene, a - b, "Target holdings");
  if (rounding !== undefined) {
    return rounding;
  }
  if (isClockOff(both, barEnd)) {
    return causeOf({name: "clock", confidence: "likely"}, [clockText(both, barEnd)]);
  }
  return causeOf(
    {name: "code or model", confidence: "likely"},
    [
      `Forecasts and holdings agree up to ${formatMinute(barEnd)} UTC, and so does the config; ` +
        `${first.field} of ${instrument} does not.`,
      "Sizing itself is another: its code, or limits and restrictions that no config key holds.",
    ],
    Number.isNaN(a - b)
      ? []
      : [["rounding", `the targets are ${Math.abs(a - b)} apart, more than one lot`]],
  );
}

function notTradedCause({both, first}: Scene, lacking: string): Cause {
  const {barEnd} = first;
  const bar = `the bar ${formatMinute(barEnd)} UTC`;
  return isClockOff(both, barEnd)
    ? causeOf({name: "clock", confidence: "certain"}, [
        `${lacking} made no targets at ${bar}: it handled the bar too late to trade it.`,
        clockText(both, barEnd),
      ])
    : causeOf(
        {name: "unknown", confidence: "possible"},
        [`${lacking} made no targets at ${bar}, though forecasts agree.`],
        [
          ["clock", "the recorded wall clocks show no delay"],
          ["config", "trading hours are the same in both configs"],
        ],
      );
}

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
  const trade = `the trade of ${instrument} in the bar that ended ${formatMinute(barEnd)} UTC`;
  if (first.field === "fill_fee") {
    return causeOf({name: "fees", confidence: "certain"}, [
      `${capital(trade)} has the same shares and price in both runs.`,
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
    ])
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
  const what = instrument === "" ? field : `${field} of ${instrument}`;
  return causeOf({name: "unknown", confidence: "possible"}, [
    `${capital(what)} differs at ${formatMinute(barEnd)} UTC, though the trades before it agree.`,
    field === "holdings_notional" || first.layer === "PnL"
      ? "Holdings agree: they were marked at other prices."
      : "It changed without a recorded fill: a transfer, a trade by hand or funding.",
  ]);
}

function startCause({first, both}: Scene): Cause {
  const {instrument, field, prod, sim} = first;
  const what = instrument === "" ? field : `${field} of ${instrument}`;
  const [a, b] = [both.prod.opening, both.sim.opening];
  const isRecorded = a !== undefined && b !== undefined;
  const isOther =
    isRecorded && (a.cash !== b.cash || JSON.stringify(a.holdings) !== JSON.stringify(b.holdings));
  return causeOf({name: "start state", confidence: isRecorded && !isOther ? "likely" : "certain"}, [
    `${capital(what)} differs at the first bar, before anything was traded: ` +
      `${wordOf(prod)} in prod, ${wordOf(sim)} in sim.`,
    isOther ? `Prod began from ${a.source}, the simulation from ${b.source}.` : "",
  ]);
}

/** A difference of up to one lot; undefined where it is larger or no lot is known. */
function roundingCause({first, both}: Scene, gap: number, what: string): Cause | undefined {
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

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
}

function wordOf(value: number | string): string {
  return Number.isNaN(value) ? "missing" : String(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
