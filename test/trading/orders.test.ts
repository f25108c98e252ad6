import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {positionValue} from "../../src/finance/holdings-value.js";
import {RecordedMarket} from "../../src/market/recorded-market.js";
import {MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {formatOrder, type Order, parseOrder} from "../../src/trading/order.js";
import {parseOrderType} from "../../src/trading/order-type.js";
import {paperBroker} from "../../src/trading/paper-broker.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle, readOracleBars} from "../oracles/shared.js";

const nine = (text: string) => parseUtc(`2000-01-01 ${text}-05:00`);

function orderOf(changes: Partial<Order> = {}): Order {
  return {
    orderId: 0,
    creationTime: nine("09:30:00"),
    instrumentId: "101",
    type: "price@twap",
    start: nine("09:30:00"),
    end: nine("09:35:00"),
    currentShares: 0,
    diffShares: 100,
    ...changes,
  };
}

describe("order text", () => {
  it("is one line with the reference's fields", () => {
    expect(formatOrder(orderOf())).toBe(
      "Order: order_id=0 creation_timestamp=2000-01-01 14:30:00+00:00 asset_id=101 " +
        "type_=price@twap start_timestamp=2000-01-01 14:30:00+00:00 " +
        "end_timestamp=2000-01-01 14:35:00+00:00 curr_num_shares=0.0 diff_num_shares=100.0 " +
        "tz=UTC extra_params={}",
    );
  });

  it("reads the reference's own line", () => {
    const line =
      "Order: order_id=0 creation_timestamp=2000-01-01 09:30:00-05:00 asset_id=101 " +
      "type_=price@twap start_timestamp=2000-01-01 09:30:00-05:00 " +
      "end_timestamp=2000-01-01 09:35:00-05:00 curr_num_shares=0.0 diff_num_shares=100.0 " +
      "tz=America/New_York extra_params={}";
    expect(parseOrder(line)).toEqual(orderOf());
  });

  it("reads back every order it writes", () => {
    const shares = fc.double({noNaN: true, noDefaultInfinity: true}).filter((x) => x !== 0);
    fc.assert(
      fc.property(shares, shares, fc.nat(1e6), (diffShares, currentShares, orderId) => {
        const order = orderOf({diffShares, currentShares, orderId});
        expect(parseOrder(formatOrder(order))).toEqual(order);
      }),
      {seed: 3},
    );
  });

  it.each(["", "Order: order_id=1", "Fill: asset_id=1"])("refuses %j, naming the field", (line) => {
    expect(() => parseOrder(line)).toThrow(/expected "Order: " and a field /);
  });
});

describe("parseOrderType", () => {
  it.each([
    ["price@start", {price: "price", when: "start"}],
    ["midpoint@end", {price: "midpoint", when: "end"}],
    ["partial_spread_0.25@twap", {price: "partial_spread", spreadFraction: 0.25, when: "twap"}],
    ["partial_spread_1@twap", {price: "partial_spread", spreadFraction: 1}],
  ])("%s", (text, wanted) => {
    expect(parseOrderType(text)).toMatchObject(wanted);
  });

  it.each([
    "price",
    "price@noon",
    "partial_spread@twap",
    "partial_spread_1.5@end",
    "price_0.5@end",
    "@end",
  ])("refuses %s", (text) => {
    expect(() => parseOrderType(text)).toThrow(/order_type: expected \{price\|midpoint/);
  });
});

describe("paperBroker", () => {
  const value = (_id: string, shares: number, price: number) => positionValue(shares, price);
  const closes = [100, 102, 104];

  function brokerAt(start: number, options: {delayMs?: number; feeBps?: number} = {}) {
    const clock = new SimulatedClock(start);
    const barEnd = Float64Array.of(nine("09:31:00"), nine("09:32:00"), nine("09:33:00"));
    const bars = {
      barMs: MINUTE_MS,
      symbols: ["101"],
      bySymbol: new Map([
        [
          "101",
          {barEnd, knowledgeTime: barEnd, columns: new Map([["close", Float64Array.from(closes)]])},
        ],
      ]),
    };
    const market = new RecordedMarket({bars, clock, delayMs: options.delayMs ?? 0});
    const expired: number[] = [];
    const broker = paperBroker({
      clock,
      market,
      marketBarMs: MINUTE_MS,
      value,
      feeBps: options.feeBps ?? 0,
      onExpired: ({orderId}) => expired.push(orderId),
    });
    return {clock, broker, expired};
  }

  it("fills whole at the deadline, once, from the bars in (start, end]", async () => {
    const {clock, broker} = brokerAt(nine("09:31:00"));
    const order = orderOf({
      start: nine("09:31:00"),
      creationTime: nine("09:31:00"),
      end: nine("09:33:00"),
    });
    await broker.submitOrders([order]);
    await clock.sleepUntil(nine("09:32:59"));
    expect(await broker.takeFills()).toEqual([]);
    await clock.sleepUntil(nine("09:33:00"));
    expect(await broker.takeFills()).toEqual([
      {
        fillId: 0,
        orderId: 0,
        instrumentId: "101",
        time: order.end,
        shares: 100,
        price: 103,
        fee: 0,
      },
    ]);
    expect(await broker.takeFills()).toEqual([]);
  });

  it("charges the fee on the notional, for sales too", async () => {
    const {clock, broker} = brokerAt(nine("09:31:00"), {feeBps: 2});
    const sale = orderOf({start: nine("09:31:00"), end: nine("09:32:00"), diffShares: -10});
    await broker.submitOrders([sale]);
    await clock.sleepUntil(nine("09:32:00"));
    expect((await broker.takeFills())[0]).toMatchObject({shares: -10, price: 102, fee: 0.204});
  });

  it("lets an order expire when no bar is known by then, late data included", async () => {
    const {clock, broker, expired} = brokerAt(nine("09:32:00"), {delayMs: 10 * SECOND_MS});
    await broker.submitOrders([
      orderOf({orderId: 5, start: nine("09:32:00"), end: nine("09:33:00")}),
    ]);
    await clock.sleepUntil(nine("09:33:05"));
    expect(await broker.takeFills()).toEqual([]);
    expect(expired).toEqual([5]);
    await clock.sleepUntil(nine("09:34:00"));
    expect(await broker.takeFills()).toEqual([]);
  });

  it("refuses an order past its deadline, and types that need bid and ask", async () => {
    const {broker} = brokerAt(nine("09:36:00"));
    await expect(broker.submitOrders([orderOf()])).rejects.toThrow(/a deadline after/);
    const spread = orderOf({type: "partial_spread_0.5@twap", end: nine("09:40:00")});
    await expect(broker.submitOrders([spread])).rejects.toThrow(
      /market data with the columns bid, ask, found a market without; use price@start/,
    );
  });
});

interface FillOracle {
  readonly partial_spread: {
    readonly expected: readonly [type: string, shares: number, price: number][];
  };
}

describe.skipIf(!HAS_SHARED)(`fills as the reference made them${NEEDS_SHARED}`, () => {
  it("oracle 15: partial spreads, with the bar that is not known yet left out", async () => {
    const {partial_spread} = readOracle<FillOracle>("15_broker_fills.json");
    for (const [type, diffShares, price] of partial_spread.expected) {
      const clock = new SimulatedClock(nine("09:30:00"));
      const bars = readOracleBars("15_partial_spread_bars.csv", MINUTE_MS);
      const market = new RecordedMarket({bars, clock, delayMs: 0});
      const value = (_id: string, shares: number, at: number) => positionValue(shares, at);
      const broker = paperBroker({clock, market, marketBarMs: MINUTE_MS, value});
      await broker.submitOrders([orderOf({type, diffShares})]);
      await clock.sleepUntil(nine("09:35:00"));
      const [fill] = await broker.takeFills();
      expect(fill?.price, `${type} ${diffShares}`).toBeCloseTo(price, 9);
    }
  });
});
