import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {type Fill, formatFill, parseFill} from "../../src/trading/orders/fill.js";
import {newYork} from "./sample-orders.js";

const FILL: Fill = {
  fillId: 2,
  orderId: 5,
  instrumentId: "BTCUSDT",
  time: newYork("09:35:00"),
  shares: -0.25,
  price: 100,
  fee: 0.5,
  parentOrderId: null,
  strategy: "",
  account: "",
};

describe("fill text", () => {
  it("is the reference's fields, then the order and the fee", () => {
    expect(formatFill(FILL)).toBe(
      "Fill: asset_id=BTCUSDT fill_id=2 timestamp=2000-01-01 14:35:00+00:00 " +
        "num_shares=-0.25 price=100.0 order_id=5 fee=0.5",
    );
  });

  it("reads the reference's line, which names no order and no fee", () => {
    const line =
      "Fill: asset_id=101 fill_id=0 timestamp=2000-01-01 09:35:00-05:00 " +
      "num_shares=20.0 price=998.93";
    expect(parseFill(line)).toEqual({
      fillId: 0,
      orderId: -1,
      instrumentId: "101",
      time: newYork("09:35:00"),
      shares: 20,
      price: 998.93,
      fee: 0,
      parentOrderId: null,
      strategy: "",
      account: "",
    });
  });

  it("ends with whose it is, which reads back whatever the names hold", () => {
    const own = {parentOrderId: 3, strategy: "SAU1", account: "a b=c 'd'"};
    expect(formatFill({...FILL, ...own})).toMatch(
      / fee=0\.5 extra_params=\{'oms_parent_order_id': 3, 'strategy': 'SAU1', 'account': '.*'\}$/,
    );
    expect(parseFill(formatFill({...FILL, ...own}))).toEqual({...FILL, ...own});
  });

  it("reads back every fill it writes", () => {
    const number = fc.double({noNaN: true, noDefaultInfinity: true}).filter((x) => x !== 0);
    fc.assert(
      fc.property(number, number, number, fc.nat(1e9), (shares, price, fee, id) => {
        const fill = {...FILL, shares, price: Math.abs(price), fee, fillId: id, orderId: id};
        expect(parseFill(formatFill(fill))).toEqual(fill);
      }),
      {seed: 5},
    );
  });

  const LINE = formatFill(FILL);
  it.each([
    ["", 'expected text that begins with "Fill:", found another text'],
    ["Order: order_id=1", 'expected text that begins with "Fill:", found another text'],
    ["Fill: asset_id=1", "expected a field fill_id=, found only asset_id"],
    [LINE.replace("=100.0", "=0"), 'price: expected a price above 0, found "0"'],
    [LINE.replace("=100.0", "=-1.5"), 'price: expected a price above 0, found "-1.5"'],
    [LINE.replace("=100.0", "=Infinity"), 'price: expected a finite number, found "Infinity"'],
    [LINE.replace("=-0.25", "=0.0"), "num_shares: expected a number of shares that is not 0"],
    [LINE.replace("=-0.25", "=NaN"), 'num_shares: expected a finite number, found "NaN"'],
  ])("refuses %j, naming what is wrong", (line, message) => {
    expect(() => parseFill(line)).toThrow(message);
  });
});
