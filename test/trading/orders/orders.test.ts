import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {ConfigTree} from "../../../src/config/config-tree.js";
import {
  checkOrder,
  describeOrder,
  formatOrder,
  formatOrderIn,
  formatOrders,
  parseOrder,
  parseOrders,
} from "../../../src/trading/orders/order.js";
import {parseOrderType} from "../../../src/trading/orders/order-type.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";
import {newYork, orderOf} from "../sample-orders.js";

const LINE =
  "Order: order_id=0 creation_timestamp=2000-01-01 09:30:00-05:00 asset_id=101 " +
  "type_=price@twap start_timestamp=2000-01-01 09:30:00-05:00 " +
  "end_timestamp=2000-01-01 09:35:00-05:00 curr_num_shares=0.0 diff_num_shares=100.0 " +
  "tz=America/New_York extra_params={}";

describe("order text", () => {
  it("is one line with the reference's fields", () => {
    expect(formatOrder(orderOf())).toBe(
      "Order: order_id=0 creation_timestamp=2000-01-01 14:30:00+00:00 asset_id=101 " +
        "type_=price@twap start_timestamp=2000-01-01 14:30:00+00:00 " +
        "end_timestamp=2000-01-01 14:35:00+00:00 curr_num_shares=0.0 diff_num_shares=100.0 " +
        "tz=UTC extra_params={}",
    );
  });

  it("is the reference's own line in New York's time, and reads it back", () => {
    expect(formatOrderIn("America/New_York", orderOf())).toBe(LINE);
    expect(parseOrder(LINE)).toEqual(orderOf());
  });

  it("has an offset that follows the zone's summer time", () => {
    const shift = Date.UTC(2000, 6, 1) - Date.UTC(2000, 0, 1);
    const {creationTime, start, end} = orderOf();
    const summer = orderOf({
      creationTime: creationTime + shift,
      start: start + shift,
      end: end + shift,
    });
    const line = formatOrderIn("America/New_York", summer);
    expect(line).toContain("start_timestamp=2000-07-01 10:30:00-04:00");
    expect(formatOrderIn("Asia/Kolkata", summer)).toContain(" 20:00:00+05:30");
    expect(parseOrder(line)).toEqual(summer);
  });

  it("has a form with a field per line, which reads back too", () => {
    const text = describeOrder(orderOf({extraParams: {note: "a b=c"}}), "America/New_York");
    expect(text.split("\n").slice(0, 3)).toEqual([
      "Order:",
      "  order_id=0",
      "  creation_timestamp=2000-01-01 09:30:00-05:00",
    ]);
    expect(parseOrder(text)).toEqual(orderOf({extraParams: {note: "a b=c"}}));
  });

  it("keeps the parent among the further parameters, under the reference's name", () => {
    const child = orderOf({orderId: 7, parentOrderId: 3, extraParams: {wave: 1, limit: null}});
    expect(formatOrder(child)).toMatch(
      / extra_params=\{'oms_parent_order_id': 3, 'wave': 1, 'limit': None\}$/,
    );
    expect(parseOrder(formatOrder(child))).toEqual(child);
  });

  it("reads the reference's times among the further parameters as their text", () => {
    const params = "{'a': Timestamp('2000-01-01 09:35:00-0500', tz='America/New_York'), 'b': 1}";
    const {extraParams} = parseOrder(LINE.replace("{}", params));
    expect(extraParams).toEqual({a: "2000-01-01 09:35:00-0500", b: 1});
  });

  it("keeps strategy and account there too, before what else there is", () => {
    const own = orderOf({strategy: "SAU1", account: "it's", extraParams: {wave: 1}});
    expect(formatOrder(own)).toMatch(
      / extra_params=\{'strategy': 'SAU1', 'account': 'it\\'s', 'wave': 1\}$/,
    );
    expect(parseOrder(formatOrder(own))).toEqual(own);
    const plain = [orderOf(), orderOf({strategy: "A"}), orderOf({account: "A"}), orderOf()];
    expect(parseOrders(formatOrders(plain))).toEqual(plain);
  });

  it("reads the same whatever line was read before it", () => {
    const lines = [
      LINE,
      LINE.replace("asset_id=101", "asset_id=102 note=held"),
      LINE.replace("asset_id=101", "asset_id=103  "),
      LINE.replace(" tz=America/New_York extra_params={}", ""),
      LINE.replace("{}", "{'note': 'a asset_id=104'}"),
      LINE.replace("order_id=0", "order_id=1 order_id=0"),
    ];
    const read = lines.map(parseOrder);
    expect(read.map(({instrumentId}) => instrumentId)).toEqual([
      "101",
      "102",
      "103",
      "101",
      "101",
      "101",
    ]);
    expect(read[4]?.extraParams).toEqual({note: "a asset_id=104"});
    for (const before of lines) {
      for (const [i, line] of lines.entries()) {
        parseOrder(before);
        expect(parseOrder(line)).toEqual(read[i]);
      }
    }
  });

  it("of several orders is a line each", () => {
    const orders = [orderOf(), orderOf({orderId: 1, diffShares: -0.25})];
    expect(formatOrders(orders).split("\n")).toHaveLength(2);
    expect(parseOrders(`${formatOrders(orders)}\n\n`)).toEqual(orders);
    expect(parseOrders(formatOrders([]))).toEqual([]);
  });

  it("of several orders in the form with a field per line reads back too, mixed with lines", () => {
    const orders = [orderOf(), orderOf({orderId: 1, extraParams: {note: "a\nb"}}), orderOf()];
    const texts = orders.map((order) => describeOrder(order));
    expect(parseOrders(texts.join("\n"))).toEqual(orders);
    expect(parseOrders(`\n${texts.join("\n\n")}\n`)).toEqual(orders);
    expect(parseOrders([texts[0], LINE, texts[1]].join("\n"))).toHaveLength(3);
  });
});

describe("order text, of any order", () => {
  const shares = fc.double({noNaN: true, noDefaultInfinity: true}).filter((x) => x !== 0);
  const {tree} = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.array(fc.string()),
    ),
    tree: fc.dictionary(
      fc
        .string()
        .filter(
          (key) => !["__proto__", "oms_parent_order_id", "strategy", "account"].includes(key),
        ),
      fc.oneof({depthSize: "small"}, tie("leaf"), tie("tree")),
      {noNullPrototype: true},
    ),
  }));

  it("reads back as it was written, in every form and zone", () => {
    fc.assert(
      fc.property(
        shares,
        shares,
        fc.nat(1e6),
        fc.option(fc.nat(1e6)),
        tree,
        fc.nat(1e9),
        (diffShares, currentShares, orderId, parentOrderId, params, startMs) => {
          const extraParams = params as ConfigTree;
          const start = newYork("09:30:00") + startMs;
          const times = {creationTime: start - 1, start, end: start + 300_000};
          const quantities = {diffShares, currentShares};
          const ids = {orderId, parentOrderId};
          const order = orderOf({...quantities, ...ids, ...times, extraParams});
          expect(parseOrder(formatOrder(order))).toEqual(order);
          expect(parseOrder(formatOrderIn("America/New_York", order))).toEqual(order);
          expect(parseOrder(describeOrder(order))).toEqual(order);
          expect(formatOrder(order)).not.toContain("\n");
        },
      ),
      {seed: 3},
    );
  });
});

describe("what is no order", () => {
  it.each([
    ["", 'expected text that begins with "Order:", found another text'],
    ["Fill: asset_id=1", 'expected text that begins with "Order:", found another text'],
    ["Order: order_id=1", "expected a field creation_timestamp=, found only order_id"],
    [
      LINE.replace("asset_id=101 ", ""),
      "expected a field asset_id=, found only order_id, creation",
    ],
  ])("refuses %j, naming what is missing", (line, message) => {
    expect(() => parseOrder(line)).toThrow(message);
  });

  it.each([
    [LINE.replace("=100.0", "=many"), /diff_num_shares: expected a finite number, found "many"/],
    [LINE.replace("shares=0.0", "shares=Infinity"), /curr_num_shares: expected a finite number/],
    [LINE.replace("_id=0", "_id=-Infinity"), /order_id: expected a finite number/],
    [LINE.replace("09:35:00-05:00", "09:35"), /end_timestamp: expected a time with a UTC offset/],
    [LINE.replace("{}", "{'a': Timestamp(1)}"), /extra_params, at character \d+: expected a time/],
    [LINE.replace("{}", "{'a': open('x')}"), /extra_params, at character 7: expected/],
    [LINE.replace("_id=0", "_id=0.5"), /order 0.5: expected a whole order id/],
    [LINE.replace("asset_id=101", "asset_id="), /expected an instrument's id without blanks/],
    [LINE.replace("{}", "[1]"), /extra_params: expected a dictionary/],
    [LINE.replace("price@twap", "price@noon"), /order_type: expected/],
  ])("refuses %s", (line, message) => {
    expect(() => parseOrder(line)).toThrow(message);
  });

  it.each([
    [{start: newYork("09:29:00")}, /creation <= start < end/],
    [{end: newYork("09:30:00")}, /creation <= start < end/],
    [{orderId: -1}, /a whole order id from 0 on, found -1/],
    [{instrumentId: "a b=c"}, /an instrument's id without blanks, found "a b=c"/],
    [{extraParams: {limit: {low: Number.NaN}}}, /that are finite and not the owner's/],
    [{extraParams: {limits: [1, Number.POSITIVE_INFINITY]}}, /found limits=1,Infinity/],
    [{extraParams: {strategy: "S"}}, /not the owner's, found strategy=S/],
    [{diffShares: 0}, /non-zero number of shares, found 0/],
    [{diffShares: Number.POSITIVE_INFINITY}, /a finite, non-zero/],
  ])("refuses an order with %o", (changes, message) => {
    expect(() => checkOrder(orderOf(changes))).toThrow(message);
  });
});

describe.skipIf(!HAS_SHARED)(`orders the reference wrote${NEEDS_SHARED}`, () => {
  it("come out as they went in, byte for byte", () => {
    const dir = join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir/process_forecasts/orders");
    const files = readdirSync(dir);
    expect(files).toHaveLength(7);
    for (const file of files) {
      const text = readFileSync(join(dir, file), "utf8").trimEnd();
      const orders = parseOrders(text);
      expect(orders.length).toBeGreaterThan(0);
      const again = orders.map((order) => formatOrderIn("America/New_York", order)).join("\n");
      expect(again).toBe(text);
    }
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
