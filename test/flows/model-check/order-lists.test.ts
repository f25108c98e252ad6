import {describe, expect, it} from "vitest";
import {refuseOpenLists} from "../../../src/flows/model-check/order-lists.js";
import type {Order} from "../../../src/trading/orders/order.js";

const order = (creationTime: number, end: number): Order => ({
  orderId: 0,
  parentOrderId: null,
  strategy: "",
  account: "",
  creationTime,
  instrumentId: "A",
  type: "price@twap",
  start: creationTime,
  end,
  currentShares: 0,
  diffShares: 1,
  extraParams: {},
});

/** Three lists; the last one's deadline comes after the end. */
const orders = [order(1, 10), order(1, 10), order(11, 20), order(21, 30)];
const said = (accepted: number, filled: number, ...more: string[]) => [
  `num_accepted_orders=${accepted}`,
  `num_filled_orders=${filled}`,
  ...more,
];

describe("the lists of orders that a run submitted", () => {
  it("are well when all are accepted and those that are due are filled", () => {
    const text = refuseOpenLists({orders, end: 25, signature: said(3, 2)});
    expect(text).toBe("3 lists accepted, 2 filled, 1 still open at the end");
    expect(refuseOpenLists({orders, end: 30, signature: said(3, 3)})).toBe(
      "3 lists accepted, 3 filled",
    );
  });

  const wrong: [what: string, signature: string[], message: RegExp][] = [
    [
      "one is not accepted",
      said(2, 2),
      /^of 3 lists 2 accepted, 2 filled, 1 still open at the end$/,
    ],
    ["one is not filled in time", said(3, 1), /^of 3 lists 3 accepted, 1 filled/],
    ["nothing was counted", [], /NaN accepted/],
    [
      "one is refused",
      said(2, 2, "2000-01-01 00:00:00+00:00: refused a.csv: order 1: expected shares"),
      /; 2000-01-01 .*refused a\.csv: order 1: expected shares$/,
    ],
  ];
  it.each(wrong)("are not when %s", (_what, signature, message) => {
    expect(() => refuseOpenLists({orders, end: 25, signature})).toThrow(message);
  });
});
