import {expect, it} from "vitest";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {type RecordedFill, replayedFills} from "../../../src/trading/brokers/replayed-fills.js";
import {newYork, orderOf} from "../sample-orders.js";

function fillAt(barEnd: number, fillId: number): RecordedFill {
  const own = {strategy: "SAU1", account: "candidate", parentOrderId: null};
  return {
    ...own,
    fillId,
    orderId: 9,
    instrumentId: "101",
    time: 0,
    shares: 1,
    price: 2,
    fee: 3,
    barEnd,
  };
}

it("gives each recorded fill once, at the bar at which it was taken", async () => {
  const clock = new SimulatedClock(newYork("09:35:00.100"));
  const fills = [fillAt(newYork("09:45:00"), 3), fillAt(newYork("09:40:00"), 1)];
  const broker = replayedFills({
    clock,
    instrumentIds: ["101"],
    fills: [...fills, fillAt(newYork("09:40:00"), 0)],
  });
  await broker.submitOrders([orderOf()]);
  expect(await broker.takeFills()).toEqual([]);
  await clock.sleepUntil(newYork("09:40:00.100"));
  const taken = await broker.takeFills();
  expect(taken.map(({fillId}) => fillId)).toEqual([0, 1]);
  const own = {strategy: "SAU1", account: "candidate", parentOrderId: null};
  const wanted = {...own, orderId: 9, instrumentId: "101", time: 0, shares: 1, price: 2, fee: 3};
  expect(taken[1]).toEqual({...wanted, fillId: 1});
  expect(await broker.takeFills()).toEqual([]);
  await clock.sleepUntil(newYork("09:50:00"));
  expect((await broker.takeFills()).map(({fillId}) => fillId)).toEqual([3]);
});

it("names the instruments that were filled but are not in the run", () => {
  const clock = new SimulatedClock(0);
  const fills = [fillAt(0, 0), {...fillAt(0, 1), instrumentId: "303"}];
  expect(() => replayedFills({clock, instrumentIds: ["101"], fills})).toThrow(
    /replayed fills: expected fills of the run's instruments \(101\), found fills of 303/,
  );
});

it("checks the orders it will not fill", async () => {
  const broker = replayedFills({clock: new SimulatedClock(0), instrumentIds: [], fills: []});
  await expect(broker.submitOrders([orderOf({diffShares: 0})])).rejects.toThrow(/non-zero/);
});
