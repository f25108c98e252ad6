import {describe, expect, it} from "vitest";
import {bookFills, type OmsFill, readFills} from "../../../src/store/oms/oms-fills.js";
import {submitOrderLists} from "../../../src/store/oms/oms-orders.js";
import type {Store} from "../../../src/store/open/open-store.js";
import type {DatabaseAccount} from "../../../src/trading/brokers/database-account.js";
import {orderLists} from "../../../src/trading/brokers/database-broker.js";
import {formatOrder} from "../../../src/trading/orders/order.js";
import {describeEachStore} from "../../store/on-each-store.js";
import {openAccount, sampleDesk} from "../sample-desk.js";
import {newYork, orderOf, spotValue} from "../sample-orders.js";

const ORDER = orderOf({
  creationTime: newYork("09:35:00"),
  start: newYork("09:35:00"),
  end: newYork("09:40:00"),
});

const FILL: OmsFill = {
  fillId: 0,
  orderId: 4,
  parentOrderId: 2,
  instrumentId: "101",
  time: newYork("09:40:00"),
  shares: 0.1,
  price: 1000.3,
  fee: 0.01,
};

function booking(fills: readonly OmsFill[]) {
  return {
    fills,
    tradeDate: "2000-01-01",
    at: newYork("09:40:00"),
    value: spotValue,
    roundShares: (_id: string, shares: number) => shares,
  };
}

async function positionsOf(store: Store, {owner}: DatabaseAccount) {
  return await store.db
    .selectFrom("current_positions")
    .selectAll()
    .where("account", "=", owner.account)
    .orderBy("asset_id")
    .execute();
}

describeEachStore("the OMS tables", (store) => {
  describe("the database broker", () => {
    it("fails when nobody answers by the orders' deadline", async () => {
      const {clock, broker} = await sampleDesk(store(), "silent");
      await expect(clock.run(() => broker.submitOrders([ORDER]))).rejects.toThrow(
        /orders filename_0\.txt: expected an answer in accepted_orders by 2000-01-01 14:40:00/,
      );
      expect(clock.now()).toBe(newYork("09:40:00"));
    });

    it("writes who ordered what, and nothing for no orders", async () => {
      const {clock, account, processor, broker} = await sampleDesk(store(), "rows");
      const child = {...ORDER, orderId: 3, parentOrderId: 1, extraParams: {wave: 2}};
      await broker.submitOrders([]);
      await clock.run(
        () => processor.run(),
        () => broker.submitOrders([child]),
      );
      const {runId, strategy} = account.owner;
      const own = {run_id: runId, strategyid: strategy, account: account.owner.account};
      const read = (table: "submitted_orders" | "accepted_orders" | "oms_orders" | "oms_fills") =>
        store().db.selectFrom(table).selectAll().where("run_id", "=", runId).execute();
      expect(await read("submitted_orders")).toMatchObject([
        {...own, filename: "filename_0.txt", orders_as_txt: formatOrder(child)},
      ]);
      expect(await read("accepted_orders")).toMatchObject([
        {
          ...own,
          tradedate: "2000-01-01",
          instanceid: 1,
          filename: "filename_0.txt",
          timestamp_processed: newYork("09:35:05"),
          target_count: 1,
          changed_count: 0,
          success: true,
        },
      ]);
      expect(await read("oms_orders")).toMatchObject([
        {...own, order_id: 3, parent_order_id: 1, asset_id: "101", extra_params: {wave: 2}},
      ]);
      expect(await read("oms_fills")).toMatchObject([
        {...own, fill_id: 0, order_id: 3, parent_order_id: 1, asset_id: "101", num_shares: 100},
      ]);
      const price = 999.9161531095003;
      expect(await positionsOf(store(), account)).toMatchObject([
        {asset_id: "-1", id: 3, current_position: 1_000_000 - (price * 100 + price * 100 * 1e-4)},
        {asset_id: "101", id: 3, parent_order_id: 1, current_position: 100, net_cost: -price * 100},
      ]);
    });

    it("hands over once what it tries twice", async () => {
      const {account} = await openAccount(store(), "twice");
      const {owner} = account;
      const [list] = orderLists([ORDER], 0);
      const lists = list === undefined ? [] : [list];
      const orders = [{...ORDER, filename: "filename_0.txt"}];
      const submission = {lists, orders, at: newYork("09:35:00")};
      await submitOrderLists(store(), owner, submission);
      await submitOrderLists(store(), owner, submission);
      const rows = await store()
        .db.selectFrom("submitted_orders")
        .select("filename")
        .where("run_id", "=", owner.runId)
        .execute();
      expect(rows).toHaveLength(1);
      const other = [{filename: "filename_0.txt", text: formatOrder({...ORDER, diffShares: 1})}];
      await expect(submitOrderLists(store(), owner, {...submission, lists: other})).rejects.toThrow(
        /found other orders under that name/,
      );
    });

    it("books a fill once, and adds in the order of the fills", async () => {
      const {account} = await openAccount(store(), "booked");
      const {owner} = account;
      const second = {...FILL, fillId: 1, shares: 0.2};
      await bookFills(store(), owner, booking([FILL]));
      await bookFills(store(), owner, booking([FILL, second]));
      await bookFills(store(), owner, booking([FILL, second]));
      expect(await readFills(store(), owner, -1)).toEqual([FILL, second]);
      expect(await readFills(store(), owner, 0)).toEqual([second]);
      const [cash, shares] = await positionsOf(store(), account);
      expect(shares).toMatchObject({current_position: 0.1 + 0.2, id: 4, parent_order_id: 2});
      const paid = [0.1 * 1000.3 + 0.01, 0.2 * 1000.3 + 0.01];
      expect(cash?.current_position).toBe(1_000_000 - (paid[0] as number) - (paid[1] as number));
    });

    it("books all fills of a submission or none", async () => {
      const {account} = await openAccount(store(), "atomic");
      const broken = {...FILL, fillId: 1, price: null as unknown as number};
      await expect(bookFills(store(), account.owner, booking([FILL, broken]))).rejects.toThrow();
      expect(await readFills(store(), account.owner, -1)).toEqual([]);
      expect(await positionsOf(store(), account)).toMatchObject([{current_position: 1_000_000}]);
    });
  });

  describe("an account", () => {
    const initial = {cash: 10_000.1, shares: Float64Array.of(0)};

    it("is as it was left when a run resumes, to the last bit", async () => {
      const {account} = await openAccount(store(), "left", {initial});
      await bookFills(store(), account.owner, booking([FILL, {...FILL, fillId: 1, shares: 0.2}]));
      const own = {account: account.owner.account, start: "resume"} as const;
      const same = await openAccount(store(), "left", own);
      expect(same.account.owner.runId).toBe("left");
      const next = new Map((await positionsOf(store(), account)).map((row) => [row.asset_id, row]));
      const {held} = await openAccount(store(), "left", {
        ...own,
        tradeDate: "2000-01-03",
        instrumentIds: ["202", "101"],
      });
      expect(held.cash).toBe(next.get("-1")?.current_position);
      expect(Array.from(held.shares)).toEqual([0, 0.1 + 0.2]);
      const monday = (await positionsOf(store(), account)).filter(
        ({tradedate}) => tradedate === "2000-01-03",
      );
      expect(monday.map((row) => [row.asset_id, row.bod_position])).toEqual([
        ["-1", held.cash],
        ["101", 0.1 + 0.2],
      ]);
    });

    it("is not overwritten by a fresh start", async () => {
      await openAccount(store(), "fresh");
      await expect(openAccount(store(), "fresh")).rejects.toThrow(
        /no positions of 2000-01-01 in the database.*retrieve_initial_holdings_from_db/,
      );
    });

    it("gives a run that starts again a name of its own", async () => {
      const {clock, broker, processor} = await sampleDesk(store(), "again");
      await clock.run(
        () => processor.run(),
        () => broker.submitOrders([ORDER]),
      );
      const {account} = await openAccount(store(), "again", {start: "resume"});
      expect(account.owner.runId).toBe("again.2");
      expect(await readFills(store(), account.owner, -1)).toEqual([]);
    });

    it("begins anew where a simulation is run again", async () => {
      const {clock, broker, processor} = await sampleDesk(store(), "simulated");
      await clock.run(
        () => processor.run(),
        () => broker.submitOrders([ORDER]),
      );
      const {account} = await openAccount(store(), "simulated", {start: "replace", initial});
      expect(account.owner.runId).toBe("simulated");
      expect(await readFills(store(), account.owner, -1)).toEqual([]);
      expect(await positionsOf(store(), account)).toMatchObject([
        {asset_id: "-1", current_position: 10_000.1},
      ]);
    });

    it("names what it holds that the run does not trade", async () => {
      const {account} = await openAccount(store(), "strange");
      await bookFills(store(), account.owner, booking([FILL]));
      const changes = {start: "resume", instrumentIds: ["202"]} as const;
      await expect(openAccount(store(), "strange", changes)).rejects.toThrow(
        /initial holdings: expected instruments of the run \(202\), found 0\.1 of 101/,
      );
    });
  });

  describe("a database that goes away", () => {
    it("is waited for; nothing is done twice, whether or not it was done", async () => {
      for (const isDoneFirst of [false, true]) {
        const flaky = flakyStore(store(), isDoneFirst);
        const {clock, account, processor, broker} = await sampleDesk(
          flaky.store,
          `gone ${isDoneFirst}`,
        );
        await clock.run(
          () => processor.run(),
          async () => {
            await clock.sleepUntil(newYork("09:35:01"));
            flaky.failUntil(() => clock.now() >= newYork("09:36:01"));
            await broker.submitOrders([ORDER]);
          },
        );
        expect(flaky.failures()).toBeGreaterThan(5);
        expect(await broker.takeFills()).toHaveLength(1);
        expect(await positionsOf(store(), account)).toMatchObject([
          {asset_id: "-1"},
          {asset_id: "101", current_position: 100},
        ]);
      }
    });
  });
});

/** A store whose queries and transactions break off, before or after they were done. */
function flakyStore(store: Store, isDoneFirst: boolean) {
  let isBack = () => true;
  let failures = 0;
  const gone = () => {
    failures += 1;
    throw Object.assign(new Error("Connection terminated unexpectedly"), {code: "ECONNRESET"});
  };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const value = Reflect.get(object, key);
        if (typeof value !== "function") {
          return value;
        }
        return (...args: unknown[]) => {
          if (key === "execute") {
            return execute(() => value.apply(object, args));
          }
          const made = value.apply(object, args);
          return typeof made === "object" && made !== null && !(made instanceof Promise)
            ? wrap(made)
            : made;
        };
      },
    });
  const execute = async (work: () => Promise<unknown>) => {
    if (!isBack() && !isDoneFirst) gone();
    const result = await work();
    if (!isBack()) gone();
    return result;
  };
  return {
    store: {...store, db: wrap(store.db)},
    failUntil: (condition: () => boolean) => {
      isBack = condition;
    },
    failures: () => failures,
  };
}
