import {instrumentRules} from "../../../src/system/instrument-rules.js";
import type {RunRequest} from "../../../src/system/run/run-system.js";
import type {Clock} from "../../../src/time/clock.js";
import {SECOND_MS} from "../../../src/time/epoch.js";
import type {Broker} from "../../../src/trading/brokers/broker.js";
import {paperBroker} from "../../../src/trading/brokers/paper-broker.js";
import type {Fill} from "../../../src/trading/orders/fill.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import type {WholeRun} from "../../system/whole-runs.js";
import {
  BAR_MS,
  barsOfRun,
  type Fault,
  type FaultSetting,
  idsOf,
  type Place,
  pick,
} from "./fault.js";

/** Another price, a part, or nothing of one order. */
export function otherFill({run, random, sim}: FaultSetting): Fault {
  const {id, from} = someFill(sim, random);
  const how = pick(["price", "part", "none"] as const, random);
  const factor = 1 + (random() < 0.5 ? -1 : 1) * (0.0005 + 0.01 * random());
  const share = 0.1 + 0.8 * random();
  const lot = run.market.instruments[0]?.lotSize ?? 1;
  let isDone = false;
  const change = (fill: Fill): Fill | undefined => {
    if (isDone || fill.instrumentId !== id || fill.time < from) {
      return fill;
    }
    isDone = true;
    const shares = Math.round((fill.shares * share) / lot) * lot;
    if (how === "price") {
      return {...fill, price: fill.price * factor};
    }
    return how === "none" || shares === 0 ? undefined : {...fill, shares};
  };
  return {
    kind: "fill model",
    text: `the first fill of ${id} from ${from} on: ${how}`,
    run,
    request: {broker: brokerWith(run, {change})},
    place: () => fillPlace(sim, id, from),
  };
}

/** A fill that the exchange cuts by a lot. */
export function lotShortFill({run, random, sim}: FaultSetting): Fault {
  const lot = run.market.instruments[0]?.lotSize ?? 1;
  const {id, from} = someFill(sim, random, lot);
  let isDone = false;
  const change = (fill: Fill): Fill => {
    if (isDone || fill.instrumentId !== id || fill.time < from || Math.abs(fill.shares) <= lot) {
      return fill;
    }
    isDone = true;
    return {...fill, shares: fill.shares - Math.sign(fill.shares) * lot};
  };
  return {
    kind: "rounding",
    text: `the first fill of ${id} from ${from} on is a lot of ${lot} short`,
    run,
    request: {broker: brokerWith(run, {change})},
    place: () => fillPlace(sim, id, from),
  };
}

/** Fees that the config does not ask for, of one instrument from some bar on. */
export function otherFees({run, random, sim}: FaultSetting): Fault {
  const {id, from} = someFill(sim, random);
  const bps = 0.5 + 5 * random();
  const change = (fill: Fill): Fill =>
    fill.instrumentId === id && fill.time >= from
      ? {...fill, fee: fill.fee + (Math.abs(fill.shares * fill.price) * bps) / 10_000}
      : fill;
  return {
    kind: "fees",
    text: `${id} pays ${bps} bps more from ${from} on`,
    run,
    request: {broker: brokerWith(run, {change})},
    place: () => ({...fillPlace(sim, id, from), field: "fill_fee"}),
  };
}

/** A process that stands still at one bar, long enough for its orders, or for its bar. */
export function stall({run, random}: FaultSetting): Fault {
  const bar = pick(barsOfRun(run).slice(0, -2), random);
  const isLong = random() < 0.4;
  const seconds = Math.round(isLong ? 290 + 100 * random() : 60 + 200 * random());
  const instruments = idsOf(run);
  return {
    kind: "clock",
    text: `the bar ${bar} takes ${seconds} s`,
    run,
    request: {broker: brokerWith(run, {stallAt: bar, stallMs: seconds * SECOND_MS})},
    place: ({prod}) => {
      const traded = prod.find(({barEnd}) => barEnd === bar)?.targets !== undefined;
      const layer = traded ? "orders and fills" : "target positions";
      return {layer, bars: [bar], node: "", instruments};
    },
  };
}

/** The bar at which the true run books the fill of that time. */
function fillPlace(sim: readonly BarOutcome[], id: string, time: number): Place {
  const bar = sim.find(({fills = []}) =>
    fills.some((fill) => fill.instrumentId === id && fill.time === time),
  );
  const bars = [bar?.barEnd ?? Number.NaN];
  return {layer: "orders and fills", bars, node: "", instruments: [id]};
}

/** An instrument, and the time of one of its fills, of more shares than that. */
function someFill(
  sim: readonly BarOutcome[],
  random: () => number,
  moreThan = 0,
): {readonly id: string; readonly from: number} {
  const fills = sim.flatMap((bar) => bar.fills ?? []);
  const large = fills.filter(({shares}) => Math.abs(shares) > moreThan);
  const {instrumentId, time} = pick(large, random);
  return {id: instrumentId, from: time};
}

interface Changes {
  /** What becomes of each fill; undefined: it does not happen. */
  readonly change?: (fill: Fill) => Fill | undefined;
  readonly stallAt?: number;
  readonly stallMs?: number;
}

/** The paper broker of the run, with something done to what it gives back. */
export function brokerWith(
  {market: {instruments, bars}}: WholeRun,
  {change = (fill) => fill, stallAt, stallMs = 0}: Changes,
): NonNullable<RunRequest["broker"]> {
  return ({config, clock, market}) => {
    const {value, roundShares} = instrumentRules(instruments, config);
    const {column_remap, broker_config} = config.portfolio_config;
    const inner = paperBroker({
      clock,
      market,
      marketBarMs: bars.barMs,
      columns: column_remap,
      feeBps: broker_config.fee_bps,
      value,
      roundShares,
    });
    return {
      submitOrders: (orders) => inner.submitOrders(orders),
      async takeFills() {
        const fills = await inner.takeFills();
        await standStill(clock, {stallAt, stallMs});
        return fills.map(change).filter((fill) => fill !== undefined);
      },
    } satisfies Broker;
  };
}

async function standStill(
  clock: Clock,
  {stallAt, stallMs}: {readonly stallAt: number | undefined; readonly stallMs: number},
): Promise<void> {
  const now = clock.now();
  if (stallAt !== undefined && now >= stallAt && now < stallAt + BAR_MS / 2) {
    await clock.sleepUntil(now + stallMs);
  }
}
