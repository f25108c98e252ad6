import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {type EventBacktestRequest, runEventBacktest} from "../../src/backtest/event-engine.js";
import type {EventDesk, EventStrategy} from "../../src/backtest/event-strategy.js";
import {netPnl} from "../../src/finance/pnl/net-pnl.js";
import {type BarTable, barsOf} from "../../src/market/bars.js";
import {columnOf} from "../../src/table/frame.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import type {Fill} from "../../src/trading/orders/fill.js";
import {checkOrder, formatOrder, parseOrder} from "../../src/trading/orders/order.js";
import {seeded} from "../finance/oracle.js";

const START = Date.UTC(2024, 0, 2);
const NONE = Number.NaN;

/** One-minute bars; a row is [open, close], and one with a NaN is no bar. */
function barTable(bySymbol: Readonly<Record<string, readonly (readonly [number, number])[]>>) {
  const rows = Object.entries(bySymbol).map(([symbol, bars]) => {
    const there = bars.flatMap(([open, close], t) =>
      Number.isNaN(close) ? [] : [{end: START + (t + 1) * MINUTE_MS, open, close}],
    );
    const column = (of: (bar: (typeof there)[number]) => number) => Float64Array.from(there, of);
    const [end, open, close] = [
      column((b) => b.end),
      column((b) => b.open),
      column((b) => b.close),
    ];
    const [high, low] = [
      column((b) => Math.max(b.open, b.close)),
      column((b) => Math.min(b.open, b.close)),
    ];
    return [symbol, barsOf(end, end, [open, high, low, close, column(() => 1)])] as const;
  });
  return {
    barMs: MINUTE_MS,
    symbols: Object.keys(bySymbol),
    bySymbol: new Map(rows),
  } satisfies BarTable;
}

/** Does what it is told at the bars it is told. */
function scripted(acts: Readonly<Record<number, (desk: EventDesk) => void>>) {
  let t = -1;
  const strategy: EventStrategy = {
    onBar(_bars, desk) {
      t += 1;
      acts[t]?.(desk);
    },
  };
  return {strategy};
}

const run = (
  bars: BarTable,
  acts: Readonly<Record<number, (desk: EventDesk) => void>>,
  rest: Partial<EventBacktestRequest> = {},
) => runEventBacktest({bars, initialCash: 1_000, hasJournal: true, ...scripted(acts), ...rest});

const three = barTable({
  a: [
    [10, 11],
    [12, 13],
    [14, 15],
  ],
});

describe("runEventBacktest", () => {
  it("fills at the next opening, takes the fee and marks at closes", () => {
    const result = run(three, {0: (desk) => desk.order("a", 2)}, {feeBps: 100});
    const {journal, netWealth, positions, fees} = result;
    expect(journal!.orders).toMatchObject([
      {orderId: 0, instrumentId: "a", currentShares: 0, diffShares: 2, start: START + MINUTE_MS},
    ]);
    expect(journal!.fills).toEqual([
      {
        fillId: 0,
        orderId: 0,
        instrumentId: "a",
        time: START + MINUTE_MS,
        shares: 2,
        price: 12,
        fee: 0.24,
        parentOrderId: null,
        strategy: "",
        account: "",
      },
    ]);
    expect([...netWealth]).toEqual([1_000, 1_000 + 2 - 0.24, 1_000 + 6 - 0.24]);
    expect(positions.get("a")).toMatchObject({quantity: 2, averagePrice: 12, fees: 0.24});
    expect(fees).toBe(0.24);
  });

  it("fills at the close of the decision where that is asked for", () => {
    const {journal, netWealth} = run(
      three,
      {1: (desk) => desk.order("a", -1)},
      {fillAt: "same-close"},
    );
    expect(journal!.fills).toMatchObject([{price: 13, shares: -1, time: START + 2 * MINUTE_MS}]);
    expect([...netWealth]).toEqual([1_000, 1_000, 998]);
  });

  it("pays slippage on either side", () => {
    const acts = {
      0: (desk: EventDesk) => desk.order("a", 1),
      1: (desk: EventDesk) => desk.order("a", -1),
    };
    const {journal} = run(three, acts, {slippageBps: 100});
    expect(journal!.fills.map(({price}) => price)).toEqual([12 * 1.01, 14 * 0.99]);
  });

  it("orders the difference to a target, with what is on order counted", () => {
    const {journal} = run(three, {
      0(desk) {
        expect(desk.orderTo("a", 3)?.diffShares).toBe(3);
        expect(desk.orderTo("a", 3)).toBeUndefined();
        expect(desk.orderTo("a", -1)?.diffShares).toBe(-4);
      },
      1: (desk) => expect(desk.position("a").quantity).toBe(-1),
    });
    expect(journal!.fills).toHaveLength(2);
  });

  it("withdraws an open order", () => {
    const {journal, openOrders} = run(three, {
      0(desk) {
        const {orderId} = desk.order("a", 1);
        expect(desk.openOrders()).toHaveLength(1);
        expect([desk.cancel(orderId), desk.cancel(orderId)]).toEqual([true, false]);
      },
      2: (desk) => desk.order("a", 5),
    });
    expect(journal!.fills).toEqual([]);
    expect(journal!.orders).toHaveLength(2);
    expect(openOrders).toMatchObject([{diffShares: 5}]);
  });

  it("waits for the next bar of an instrument that has none", () => {
    const bars = barTable({
      a: [
        [10, 11],
        [NONE, NONE],
        [14, 15],
      ],
      b: [
        [5, 5],
        [6, 6],
        [7, 7],
      ],
    });
    const shown: (number | undefined)[][] = [];
    const strategy: EventStrategy = {
      onBar(now, desk) {
        shown.push(now.map((bar) => bar?.close));
        if (shown.length === 1) {
          desk.order("a", 1);
          desk.order("b", 10);
        }
      },
    };
    const {journal, netWealth} = runEventBacktest({
      bars,
      strategy,
      initialCash: 1_000,
      hasJournal: true,
    });
    expect(shown).toEqual([
      [11, 5],
      [undefined, 6],
      [15, 7],
    ]);
    expect(journal!.fills.map(({price}) => price)).toEqual([6, 14]);
    expect([...netWealth]).toEqual([1_000, 1_000, 1_011]);
  });

  it("shows no bar later than the one it is called for", () => {
    const seen: number[][] = [];
    run(three, {
      0: (desk) => seen.push([...desk.history("a", "close", 2)]),
      2: (desk) => seen.push([...desk.history("a", "close", 2)]),
    });
    expect(seen).toEqual([[11], [13, 15]]);
  });

  it("tells of a fill once it is marked, and fills what that orders a bar later", () => {
    const told: [Fill, number][] = [];
    const {strategy} = scripted({0: (desk) => desk.order("a", 1)});
    const {journal} = runEventBacktest({
      bars: three,
      initialCash: 1_000,
      hasJournal: true,
      strategy: {
        ...strategy,
        onFill(fill, desk) {
          told.push([fill, desk.netWealth]);
          desk.orderTo("a", 0);
        },
      },
    });
    expect(told.map(([{price}, wealth]) => [price, wealth])).toEqual([
      [12, 1_001],
      [14, 1_002],
    ]);
    expect(journal!.fills.map(({shares}) => shares)).toEqual([1, -1]);
  });

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY])("refuses an order of %d", (quantity) => {
    expect(() => run(three, {0: (desk) => desk.order("a", quantity)})).toThrow("finite and not 0");
  });

  it("refuses instruments it does not know or that settle differently", () => {
    const one = {id: "a", kind: "linear", multiplier: 1, baseCurrency: "a"} as const;
    const bars = barTable({a: [[1, 1]], b: [[1, 1]]});
    const usd = {...one, settlementCurrency: "USD"};
    expect(() => run(bars, {}, {instruments: [usd]})).toThrow("none for b");
    const instruments = [usd, {...usd, id: "b", settlementCurrency: "EUR"}];
    expect(() => run(bars, {}, {instruments})).toThrow("EUR, USD");
  });

  it("values inverse contracts in their settlement currency", () => {
    const instruments = [
      {id: "a", kind: "inverse", multiplier: 10, baseCurrency: "A", settlementCurrency: "A"},
    ] as const;
    const {netWealth} = run(
      three,
      {0: (desk) => desk.order("a", 6)},
      {instruments, initialCash: 1},
    );
    expect(netWealth[2]).toBeCloseTo(1 + 60 / 12 - 60 / 15, 12);
  });
});

describe("what an event backtest records", () => {
  const coins = barTable({
    a: walk(1, 300),
    b: walk(2, 300),
  });

  function walk(seed: number, bars: number): [number, number][] {
    const random = seeded(seed);
    let price = 100;
    return Array.from({length: bars}, () => {
      const open = price * (0.98 + 0.04 * random());
      price = open * (0.98 + 0.04 * random());
      return random() < 0.1 ? [NONE, NONE] : [open, price];
    });
  }

  const busy = (seed: number): EventStrategy => {
    const random = seeded(seed);
    return {
      onBar(_bars, desk) {
        if (random() < 0.3) {
          desk.orderTo(random() < 0.5 ? "a" : "b", Math.round(10 * random() - 5));
        }
      },
    };
  };

  it("adds up: net PnL is the change of net wealth at every bar", () => {
    fc.assert(
      fc.property(fc.nat(1_000), (seed) => {
        const request = {bars: coins, initialCash: 5_000, feeBps: 10, hasJournal: true};
        const {journal, netWealth, fees} = runEventBacktest({...request, strategy: busy(seed)});
        const {metrics, fills, orders} = journal!;
        const earned = netPnl(metrics);
        netWealth.forEach((wealth, t) => {
          expect(wealth - (t === 0 ? 5_000 : netWealth[t - 1]!)).toBeCloseTo(earned[t]!, 8);
        });
        expect([...columnOf(metrics, "net_wealth")]).toEqual([...netWealth]);
        expect(fills.reduce((sum, {fee}) => sum + fee, 0)).toBeCloseTo(fees, 8);
        expect(orders.length - fills.length).toBeLessThanOrEqual(10);
      }),
      {seed: 5, numRuns: 20},
    );
  });

  it("is the same with and without the journal, and in every run", () => {
    const request = {bars: coins, initialCash: 5_000, feeBps: 10};
    const journalled = runEventBacktest({...request, strategy: busy(3), hasJournal: true});
    const {journal, ...rest} = journalled;
    expect(runEventBacktest({...request, strategy: busy(3)})).toEqual(rest);
    expect(runEventBacktest({...request, strategy: busy(3), hasJournal: true})).toEqual(journalled);
    expect(journal!.fills).toHaveLength(rest.fillCount);
  });

  it("makes orders that the product reads and checks", () => {
    const {journal} = runEventBacktest({
      bars: coins,
      initialCash: 5_000,
      hasJournal: true,
      strategy: busy(3),
    });
    for (const order of journal!.orders.slice(0, 5)) {
      expect(parseOrder(formatOrder(checkOrder(order)))).toEqual(order);
    }
  });
});
