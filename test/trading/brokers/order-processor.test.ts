import {expect, it} from "vitest";
import {submitOrderLists} from "../../../src/store/oms/oms-orders.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import {formatUtc} from "../../../src/time/utc-text.js";
import type {Termination} from "../../../src/trading/brokers/order-processor.js";
import {formatOrder} from "../../../src/trading/orders/order.js";
import {describeEachStore} from "../../store/on-each-store.js";
import {sampleDesk} from "../sample-desk.js";
import {newYork, orderOf} from "../sample-orders.js";

/** 100 shares of 101 in the bar that ends at 09:40. */
const ORDER = orderOf({
  creationTime: newYork("09:35:00"),
  start: newYork("09:35:00"),
  end: newYork("09:40:00"),
});

/** What the reference's processor does with that one order. */
const TRACE = [
  ["09:35:00", "start"],
  ["09:35:00", "not done"],
  ["09:35:00", "waiting for orders"],
  ["09:35:02", "diff_num_rows=1"],
  ["09:35:02", "waiting 3 seconds"],
  ["09:35:05", "wait until fulfilment deadline=2000-01-01 14:40:00+00:00"],
  ["09:40:00", "received 1 fill (price 999.9161531095003)"],
  ["09:40:00", "done"],
  ["09:40:00", "exiting"],
] as const;

const TIMES: readonly [name: string, Termination, text: string][] = [
  ["one list", {kind: "lists", count: 1}, "1"],
  [
    "a time, rounded to the bar",
    {kind: "time", time: newYork("09:40:15")},
    "2000-01-01 14:40:15+00:00",
  ],
];

describeEachStore("the order processor", (store) => {
  it.each(TIMES)("traces one order until %s", async (name, termination, condition) => {
    const {clock, processor, broker} = await sampleDesk(store(), `trace ${name}`, {termination});
    await clock.run(
      () => processor.run(),
      () => broker.submitOrders([ORDER]),
    );
    expect(processor.signature()).toBe(
      [
        "start_timestamp=2000-01-01 14:35:00+00:00",
        "end_timestamp=2000-01-01 14:40:00+00:00",
        `termination_condition=${condition}`,
        "num_accepted_orders=1",
        "num_filled_orders=1",
        "num_events=9",
        ...TRACE.map(([time, text]) => `${formatUtc(newYork(time))}: ${text}`),
      ].join("\n"),
    );
    expect(await broker.takeFills()).toMatchObject([
      {fillId: 0, orderId: 0, instrumentId: "101", shares: 100, price: 999.9161531095003},
    ]);
    expect(await broker.takeFills()).toEqual([]);
  });

  it.each([
    ["two lists", {kind: "lists", count: 2}],
    ["a later time", {kind: "time", time: newYork("10:30:00")}],
  ] satisfies [string, Termination][])(
    "fails 10 s after one order when it is to go on until %s",
    async (name, termination) => {
      const {clock, processor, broker} = await sampleDesk(store(), `timeout ${name}`, {
        termination,
      });
      const run = clock.run(
        () => processor.run(),
        () => broker.submitOrders([ORDER]),
      );
      await expect(run).rejects.toThrow(
        /expected new orders within 10 s, found none until 2000-01-01 14:40:10\+00:00: timeout/,
      );
      expect(await broker.takeFills()).toHaveLength(1);
    },
  );

  it("stops when it is told to, at its next wake-up", async () => {
    const termination = {kind: "stopped"} as const;
    const maxWaitMs = Number.POSITIVE_INFINITY;
    const desk = await sampleDesk(store(), "stopped", {termination, maxWaitMs});
    const stop = new AbortController();
    await desk.clock.run(
      () => desk.processor.run(stop.signal),
      async () => {
        await desk.clock.sleepUntil(newYork("09:35:05"));
        stop.abort();
      },
    );
    expect(desk.processor.events.slice(-2)).toEqual([
      {time: newYork("09:35:06"), text: "stopped"},
      {time: newYork("09:35:06"), text: "exiting"},
    ]);
  });

  it("refuses what makes no sense or came too late, and goes on", async () => {
    const termination = {kind: "lists", count: 1} as const;
    const {clock, account, processor, broker, refused} = await sampleDesk(store(), "refused", {
      termination,
    });
    const byHand = (filename: string, text: string, orderId: number) =>
      submitOrderLists(store(), account.owner, {
        lists: [{filename, text}],
        orders: [{...ORDER, orderId, filename}],
        at: clock.now(),
      });
    await clock.run(
      () => processor.run(),
      async () => {
        await byHand("nonsense.txt", "buy everything", 90);
        await byHand("late.txt", formatOrder({...ORDER, end: newYork("09:35:04")}), 91);
        await clock.sleepUntil(newYork("09:35:05.500"));
        await broker.submitOrders([{...ORDER, type: "midpoint@twap"}]);
        await broker.submitOrders([{...ORDER, orderId: 1}]);
      },
    );
    expect(refused).toEqual([
      expect.stringMatching(/^filename_0\.txt: .*market data with the columns bid, ask/),
    ]);
    const refusals = processor.events.filter(({text}) => text.startsWith("refused"));
    expect(refusals.map(({text}) => text)).toEqual([
      expect.stringMatching(/^refused nonsense\.txt: order line "buy everything"/),
      expect.stringMatching(/^refused late\.txt: order 0: expected a deadline after/),
      expect.stringMatching(/^refused filename_0\.txt/),
    ]);
    expect(await broker.takeFills()).toMatchObject([{orderId: 1}]);
  });

  it("takes the parts of a long submission together", async () => {
    const orders = Array.from({length: 150}, (_, orderId) => ({...ORDER, orderId}));
    const termination = {kind: "time", time: newYork("09:40:00")} as const;
    const {clock, account, processor, broker} = await sampleDesk(store(), "long", {termination});
    await clock.run(
      () => processor.run(),
      () => broker.submitOrders(orders),
    );
    const rows = await store()
      .db.selectFrom("submitted_orders")
      .select(["filename", "orders_as_txt"])
      .where("run_id", "=", account.owner.runId)
      .orderBy("id")
      .execute();
    expect(rows.map(({filename}) => filename)).toEqual([
      "filename_0.txt",
      "filename_1.txt",
      "filename_2.txt",
    ]);
    expect(rows.flatMap((row) => row.orders_as_txt.split("\n"))).toHaveLength(150);
    expect(Math.max(...rows.map((row) => row.orders_as_txt.length))).toBeLessThanOrEqual(16_384);
    const fills = await broker.takeFills();
    expect(fills.map(({orderId}) => orderId)).toEqual(orders.map(({orderId}) => orderId));
    expect(processor.events.map(({text}) => text)).toContain("diff_num_rows=3");
  });

  it("works on as the bars go by", async () => {
    const desk = await sampleDesk(store(), "two bars", {termination: {kind: "lists", count: 2}});
    const {clock, processor, broker} = desk;
    const prices: number[] = [];
    await clock.run(
      () => processor.run(),
      async () => {
        for (const start of [newYork("09:35:00.1"), newYork("09:40:00.1")]) {
          await clock.sleepUntil(start);
          const end = start - 100 + 5 * MINUTE_MS;
          await broker.submitOrders([{...ORDER, creationTime: start, start, end}]);
          await clock.sleepUntil(end + 100);
          prices.push(...(await broker.takeFills()).map(({price}) => price));
        }
      },
    );
    expect(prices[0]).toBe(999.9161531095003);
    expect(prices[1]).toBeCloseTo(1000.1186459577451, 9);
  });
});
