import {describe, expect, it} from "vitest";
import {RecordedMarket} from "../../../src/market/recorded-market.js";
import {MINUTE_MS, SECOND_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {type PaperBrokerOptions, paperBroker} from "../../../src/trading/brokers/paper-broker.js";
import type {Order} from "../../../src/trading/orders/order.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle, readOracleBars} from "../../oracles/shared.js";
import {minuteBars, newYork, orderOf, spotValue} from "../sample-orders.js";

function brokerAt(
  start: number,
  {delayMs = 0, ...options}: Partial<PaperBrokerOptions> & {readonly delayMs?: number} = {},
) {
  const clock = new SimulatedClock(start);
  const bars = minuteBars(newYork("09:31:00"), {close: [100, 102, 104, 106]});
  const market = new RecordedMarket({bars, clock, delayMs});
  const expired: Order[] = [];
  const broker = paperBroker({
    clock,
    market,
    marketBarMs: MINUTE_MS,
    value: spotValue,
    onExpired: (order) => expired.push(order),
    ...options,
  });
  return {clock, broker, expired};
}

const fromMinute = (minute: number, changes: Partial<Order> = {}) =>
  orderOf({
    creationTime: newYork(`09:${minute}:00`),
    start: newYork(`09:${minute}:00`),
    ...changes,
  });

describe("paperBroker", () => {
  it("fills whole at the deadline, once, from the bars in (start, end]", async () => {
    const {clock, broker} = brokerAt(newYork("09:31:00"));
    const own = {parentOrderId: 9, strategy: "SAU1", account: "candidate"};
    const order = fromMinute(31, {end: newYork("09:33:00"), ...own});
    await broker.submitOrders([order]);
    await clock.sleepUntil(newYork("09:32:59"));
    expect(await broker.takeFills()).toEqual([]);
    await clock.sleepUntil(newYork("09:33:00"));
    const wanted = {fillId: 0, orderId: 0, instrumentId: "101", shares: 100, price: 103, fee: 0};
    expect(await broker.takeFills()).toEqual([{...wanted, ...own, time: order.end}]);
    expect(await broker.takeFills()).toEqual([]);
  });

  it("charges the fee on the notional, for sales too", async () => {
    const {clock, broker} = brokerAt(newYork("09:31:00"), {feeBps: 2});
    await broker.submitOrders([fromMinute(31, {end: newYork("09:32:00"), diffShares: -10})]);
    await clock.sleepUntil(newYork("09:32:00"));
    expect((await broker.takeFills())[0]).toMatchObject({shares: -10, price: 102, fee: 0.204});
  });

  it("numbers fills in the order of their times", async () => {
    const {clock, broker} = brokerAt(newYork("09:31:00"));
    const late = fromMinute(31, {orderId: 0, end: newYork("09:33:00")});
    await broker.submitOrders([late, {...late, orderId: 1, end: newYork("09:32:00")}]);
    await clock.sleepUntil(newYork("09:34:00"));
    const fills = await broker.takeFills();
    expect(fills.map(({fillId, orderId}) => [fillId, orderId])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it("lets an order expire when no bar is known by then, late data included", async () => {
    const {clock, broker, expired} = brokerAt(newYork("09:32:00"), {delayMs: 10 * SECOND_MS});
    await broker.submitOrders([fromMinute(32, {orderId: 5, end: newYork("09:33:00")})]);
    await clock.sleepUntil(newYork("09:33:05"));
    expect(await broker.takeFills()).toEqual([]);
    expect(expired.map(({orderId}) => orderId)).toEqual([5]);
    await clock.sleepUntil(newYork("09:34:00"));
    expect(await broker.takeFills()).toEqual([]);
  });

  it("refuses orders of another time than now", async () => {
    const {broker} = brokerAt(newYork("09:36:00"));
    await expect(broker.submitOrders([orderOf()])).rejects.toThrow(/a deadline after/);
    const old = orderOf({end: newYork("09:40:00")});
    await expect(broker.submitOrders([old])).rejects.toThrow(/a start at .* or later, found/);
  });

  it("refuses types that need bid and ask where the market has none", async () => {
    const {broker} = brokerAt(newYork("09:30:00"));
    await expect(broker.submitOrders([orderOf({type: "partial_spread_0.5@twap"})])).rejects.toThrow(
      /market data with the columns bid, ask, found a market without; use price@start/,
    );
  });
});

describe("paperBroker, in parts", () => {
  const twap = {fillMode: {kind: "twap", sliceMs: MINUTE_MS}} as const;

  it("gives each part when its minute is over", async () => {
    const {clock, broker} = brokerAt(newYork("09:30:00"), twap);
    await broker.submitOrders([orderOf({end: newYork("09:33:00"), diffShares: -30})]);
    await clock.sleepUntil(newYork("09:31:30"));
    expect(await broker.takeFills()).toMatchObject([{fillId: 0, shares: -10, price: 100}]);
    await clock.sleepUntil(newYork("09:33:00"));
    expect(await broker.takeFills()).toMatchObject([
      {fillId: 1, shares: -10, price: 102, time: newYork("09:32:00")},
      {fillId: 2, shares: -10, price: 104, time: newYork("09:33:00")},
    ]);
  });

  it("trades whole lots that sum to the order", async () => {
    const roundShares = (_id: string, shares: number) => Math.round(shares);
    const {clock, broker} = brokerAt(newYork("09:30:00"), {...twap, roundShares});
    await broker.submitOrders([orderOf({end: newYork("09:34:00"), diffShares: 2})]);
    await clock.sleepUntil(newYork("09:34:00"));
    const shares = (await broker.takeFills()).map((fill) => fill.shares);
    expect(shares.every(Number.isInteger)).toBe(true);
    expect(shares.reduce((sum, part) => sum + part, 0)).toBe(2);
    expect(shares.length).toBeLessThan(4);
  });

  it("begins and ends with the order, within a minute too", async () => {
    const {clock, broker} = brokerAt(newYork("09:30:10"), twap);
    const start = newYork("09:30:10");
    await broker.submitOrders([orderOf({start, end: newYork("09:32:30"), diffShares: 9})]);
    await clock.sleepUntil(newYork("09:33:00"));
    const fills = await broker.takeFills();
    expect(fills.map(({time, price}) => [time, price])).toEqual([
      [newYork("09:31:00"), 100],
      [newYork("09:32:00"), 102],
    ]);
  });

  it("loses only the part whose price is unknown", async () => {
    const {clock, broker, expired} = brokerAt(newYork("09:33:00"), twap);
    await broker.submitOrders([fromMinute(33, {end: newYork("09:36:00"), diffShares: 3})]);
    await clock.sleepUntil(newYork("09:36:00"));
    expect(await broker.takeFills()).toMatchObject([{shares: 1, price: 106}]);
    expect(expired.map(({diffShares, end}) => [diffShares, end])).toEqual([
      [1, newYork("09:35:00")],
      [1, newYork("09:36:00")],
    ]);
  });
});

interface AtOnceCase {
  readonly type: string;
  readonly start: string;
  readonly end: string;
  readonly shares: number;
  readonly expected_price: number;
  /** When it is filled, where the oracle says so. */
  readonly ts?: string;
}

interface FillOracle {
  readonly bars_end_bid101_ask101_vol101_bid102_ask102: readonly (readonly [
    end: string,
    bid: number,
    ask: number,
    ...rest: number[],
  ])[];
  readonly fills_at_once: readonly AtOnceCase[];
  readonly fills_twap_1T: Omit<AtOnceCase, "expected_price"> & {
    readonly expected: readonly [end: string, shares: number, price: number][];
  };
  readonly partial_spread: {
    readonly expected: readonly [type: string, shares: number, price: number][];
  };
}

/** The reference's `price` is its midpoint: the columns are remapped so. */
const COLUMNS = {price: "midpoint", bid: "bid", ask: "ask", midpoint: "midpoint"};
const full = (text: string) => newYork(text.length === 5 ? `${text}:00` : text);

function oracleBroker(oracle: FillOracle, isTwap: boolean, hasMidpoint = true) {
  const rows = oracle.bars_end_bid101_ask101_vol101_bid102_ask102;
  const bid = rows.map((row) => row[1]);
  const ask = rows.map((row) => row[2]);
  const midpoint = rows.map((row) => (row[1] + row[2]) / 2);
  const columns = hasMidpoint ? {bid, ask, midpoint} : {bid, ask};
  const clock = new SimulatedClock(newYork("09:30:00"));
  const bars = minuteBars(newYork("09:31:00"), columns, SECOND_MS);
  const market = new RecordedMarket({bars, clock, delayMs: 0});
  const fillMode = isTwap ? ({kind: "twap", sliceMs: MINUTE_MS} as const) : undefined;
  const broker = paperBroker({
    clock,
    market,
    marketBarMs: MINUTE_MS,
    columns: COLUMNS,
    value: spotValue,
    ...(fillMode ? {fillMode} : {}),
  });
  return {clock, broker};
}

describe.skipIf(!HAS_SHARED)(`fills as the reference made them${NEEDS_SHARED}`, () => {
  it("oracle 15: at once, each order type", async () => {
    const oracle = readOracle<FillOracle>("15_broker_fills.json");
    expect(oracle.fills_at_once.map(({ts}) => ts)).toContain("09:35");
    for (const {type, start, end, shares, expected_price, ts} of oracle.fills_at_once) {
      const isMidpoint = type.startsWith("midpoint");
      for (const hasMidpoint of isMidpoint ? [true, false] : [true]) {
        const {clock, broker} = oracleBroker(oracle, false, hasMidpoint);
        const order = orderOf({type, start: full(start), end: full(end), diffShares: shares});
        await broker.submitOrders([order]);
        await clock.sleepUntil(newYork("09:36:00"));
        const [fill, ...more] = await broker.takeFills();
        expect(more).toEqual([]);
        expect(fill).toMatchObject({time: full(ts ?? end), shares});
        expect(fill?.price, type).toBeCloseTo(expected_price, 9);
      }
    }
  });

  it("oracle 15: at the deadline itself the last bar is not known yet", async () => {
    const {clock, broker} = oracleBroker(readOracle<FillOracle>("15_broker_fills.json"), false);
    await broker.submitOrders([orderOf()]);
    await clock.sleepUntil(newYork("09:35:00"));
    const [fill] = await broker.takeFills();
    expect(fill?.price).toBeCloseTo((998.93 + 998.18 + 997.415 + 997.7) / 4, 9);
  });

  it("oracle 15: in equal parts per minute", async () => {
    const oracle = readOracle<FillOracle>("15_broker_fills.json");
    const {type, start, end, shares, expected} = oracle.fills_twap_1T;
    const {clock, broker} = oracleBroker(oracle, true);
    await broker.submitOrders([
      orderOf({type, start: full(start), end: full(end), diffShares: shares}),
    ]);
    await clock.sleepUntil(newYork("09:36:00"));
    const fills = await broker.takeFills();
    expect(fills).toHaveLength(expected.length);
    for (const [i, [at, part, price]] of expected.entries()) {
      expect(fills[i]).toMatchObject({fillId: i, time: full(at)});
      expect(fills[i]?.shares).toBeCloseTo(part, 9);
      expect(fills[i]?.price).toBeCloseTo(price, 9);
    }
  });

  it("oracle 15: partial spreads, with the bar that is not known yet left out", async () => {
    const {partial_spread} = readOracle<FillOracle>("15_broker_fills.json");
    for (const [type, diffShares, price] of partial_spread.expected) {
      const clock = new SimulatedClock(newYork("09:30:00"));
      const bars = readOracleBars("15_partial_spread_bars.csv", MINUTE_MS);
      const market = new RecordedMarket({bars, clock, delayMs: 0});
      const broker = paperBroker({clock, market, marketBarMs: MINUTE_MS, value: spotValue});
      await broker.submitOrders([orderOf({type, diffShares})]);
      await clock.sleepUntil(newYork("09:35:00"));
      const [fill] = await broker.takeFills();
      expect(fill?.time).toBe(newYork("09:35:00"));
      expect(fill?.price, `${type} ${diffShares}`).toBeCloseTo(price, 9);
    }
  });

  it("fills the same from columns of other names", async () => {
    const clock = new SimulatedClock(newYork("09:30:00"));
    const bars = minuteBars(newYork("09:31:00"), {b: [9, 9], a: [11, 13]});
    const market = new RecordedMarket({bars, clock, delayMs: 0});
    const columns = {price: "x", bid: "b", ask: "a", midpoint: "x"};
    const broker = paperBroker({clock, market, marketBarMs: MINUTE_MS, columns, value: spotValue});
    await broker.submitOrders([orderOf({type: "midpoint@twap", end: newYork("09:32:00")})]);
    await clock.sleepUntil(newYork("09:32:00"));
    expect((await broker.takeFills())[0]?.price).toBe(10.5);
  });
});
