import {expect, it} from "vitest";
import type {ExpiredList} from "../../../src/store/oms/expire-order-lists.js";
import {bookFills} from "../../../src/store/oms/oms-fills.js";
import {answerOrderList, submitOrderLists} from "../../../src/store/oms/oms-orders.js";
import type {Store} from "../../../src/store/open/open-store.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {DatabaseAccount} from "../../../src/trading/brokers/database-account.js";
import {orderLists} from "../../../src/trading/brokers/database-broker.js";
import type {Order} from "../../../src/trading/orders/order.js";
import {describeEachStore} from "../../store/on-each-store.js";
import {openAccount, sampleDesk} from "../sample-desk.js";
import {newYork, orderOf, spotValue} from "../sample-orders.js";

const DEADLINE = newYork("09:40:00");
const ORDER = orderOf({
  creationTime: newYork("09:35:00"),
  start: newYork("09:35:00"),
  end: DEADLINE,
});
const FIVE_AFTER = DEADLINE + 5 * MINUTE_MS;

/** An account whose run wrote each order as a list of its own, had it accepted and broke down. */
async function leave(store: Store, name: string, orders: readonly Order[]) {
  const {account} = await openAccount(store, name);
  const {owner} = account;
  const at = newYork("09:35:00");
  for (const [i, order] of orders.entries()) {
    const lists = orderLists([order], i);
    const rows = lists.flatMap((list) => ({...order, filename: list.filename}));
    await submitOrderLists(store, owner, {lists, orders: rows, at});
    const filename = lists[0]?.filename as string;
    const answer = {filename, isAccepted: true, reason: "accepted", tradeDate: "2000-01-01", at};
    await answerOrderList(store, owner, answer);
  }
  return account;
}

/** The run that is started again at a time, with what it says has expired. */
async function startAgain(
  store: Store,
  left: DatabaseAccount,
  {at, ...changes}: {readonly at: number; readonly isClockShared?: boolean},
) {
  const expired: ExpiredList[] = [];
  const clock = new SimulatedClock(at);
  const account = new DatabaseAccount({
    ...left.owner,
    store,
    clock,
    start: "resume",
    instrumentIds: ["101"],
    initial: {cash: 0, shares: Float64Array.of(0)},
    onExpired: (lists) => expired.push(...lists),
    ...changes,
  });
  await account.open({runId: left.owner.runId, tradeDate: "2000-01-01"});
  return {account, clock, expired};
}

const answersOf = (store: Store, {owner}: DatabaseAccount) =>
  store.db
    .selectFrom("accepted_orders")
    .select(["filename", "success", "cancel_count", "reason"])
    .where("account", "=", owner.account)
    .where("run_id", "=", owner.runId)
    .orderBy("filename")
    .execute();

describeEachStore("lists that a run which broke down left accepted", (store) => {
  it("expire as the run is started again, once", async () => {
    const left = await leave(store(), "crashed", [ORDER, {...ORDER, orderId: 1}]);
    const {account, expired} = await startAgain(store(), left, {at: FIVE_AFTER + 1});
    expect(account.owner.runId).toBe("crashed.2");
    const runId = "crashed";
    expect(expired).toEqual([
      {runId, filename: "filename_0.txt"},
      {runId, filename: "filename_1.txt"},
    ]);
    const reason = "expired: run crashed.2 found it unfilled after its deadline";
    const gone = {success: false, cancel_count: 1, reason};
    const answers = await answersOf(store(), left);
    expect(answers).toEqual([
      {filename: "filename_0.txt", ...gone},
      {filename: "filename_1.txt", ...gone},
    ]);
    await account.expireLeftLists();
    expect(expired).toHaveLength(2);
    expect(await answersOf(store(), left)).toEqual(answers);
  });

  it("stay accepted where anything was filled, and where another run may still fill", async () => {
    const late = {...ORDER, orderId: 1, end: DEADLINE + MINUTE_MS};
    const left = await leave(store(), "alive", [ORDER, late]);
    const fill = {...ORDER, fillId: 0, time: DEADLINE, shares: 60, price: 10, fee: 0};
    await bookFills(store(), left.owner, {
      fills: [fill],
      tradeDate: "2000-01-01",
      at: DEADLINE,
      value: spotValue,
      roundShares: (_id, shares) => shares,
    });
    const {account, clock, expired} = await startAgain(store(), left, {at: FIVE_AFTER + 1});
    expect(expired).toEqual([]);
    await clock.sleepUntil(FIVE_AFTER + MINUTE_MS);
    await account.expireLeftLists();
    expect(expired).toEqual([]);
    await clock.sleepUntil(FIVE_AFTER + MINUTE_MS + 1);
    await account.expireLeftLists();
    expect(expired).toEqual([{runId: "alive", filename: "filename_1.txt"}]);
    expect((await answersOf(store(), left)).map(({success}) => success)).toEqual([true, false]);
  });

  it("are left alone by other accounts, by their own run and by simulated clocks", async () => {
    const left = await leave(store(), "others", [ORDER]);
    const other = await leave(store(), "another", []);
    const later = {at: FIVE_AFTER + 1};
    expect((await startAgain(store(), other, later)).expired).toEqual([]);
    expect((await startAgain(store(), left, {...later, isClockShared: false})).expired).toEqual([]);
    const clock = left.clock as SimulatedClock;
    await clock.sleepUntil(FIVE_AFTER + 1);
    await left.expireLeftLists();
    expect((await answersOf(store(), left)).map(({success}) => success)).toEqual([true]);
  });

  it("expire while the next run trades, once their deadline is long enough ago", async () => {
    const left = await leave(store(), "soon", [{...ORDER, end: newYork("09:36:00")}]);
    const {account, clock, expired} = await startAgain(store(), left, {at: newYork("09:40:30")});
    const changes = {account, maxWaitMs: 2 * MINUTE_MS};
    const {processor} = await sampleDesk(store(), "soon.desk", changes);
    expect(expired).toEqual([]);
    await clock.run(
      () => processor.run(),
      async () => {
        await clock.sleepUntil(newYork("09:41:30"));
        await submitOrderLists(store(), account.owner, {
          lists: orderLists([{...ORDER, end: newYork("09:45:00")}], 0),
          orders: [{...ORDER, end: newYork("09:45:00"), filename: "filename_0.txt"}],
          at: clock.now(),
        });
      },
    );
    expect(expired).toHaveLength(1);
  });
});
