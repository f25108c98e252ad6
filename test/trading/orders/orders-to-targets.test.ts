import {describe, expect, it} from "vitest";
import {type Frame, frameFromRows} from "../../../src/table/frame.js";
import {parseUtc} from "../../../src/time/utc-text.js";
import {
  type OrderTargets,
  ordersToTargets,
  type TargetOrder,
} from "../../../src/trading/orders/orders-to-targets.js";
import {
  HAS_SHARED,
  NEEDS_SHARED,
  type OracleTable,
  readOracle,
  toFrame,
} from "../../oracles/shared.js";

const BAR = 300_000;

function orderAt(bar: number, instrumentId: string, shares: [held: number, diff: number]) {
  const [currentShares, diffShares] = shares;
  return {instrumentId, end: (bar + 1) * BAR, currentShares, diffShares};
}

const rowsOf = ({index, data}: Frame): number[][] =>
  Array.from(index, (_, t) => data.map((column) => column[t] as number));

describe("ordersToTargets", () => {
  const price = frameFromRows(
    [1, 2, 3, 4, 5].map((bar) => bar * BAR),
    ["A", "B", "C"],
    [
      [10, 1, 7],
      [11, 1, 7],
      [12, 2, 7],
      [13, 2, 7],
      [14, 3, 7],
    ],
  );

  it("a bar without an order trades nothing and holds what the next order found", () => {
    const orders = [orderAt(1, "A", [0, 5]), orderAt(3, "A", [4, -6])];
    const targets = ordersToTargets(orders, price, BAR);
    expect(rowsOf(targets.holdings_shares)).toEqual([[0], [4], [4]]);
    expect(rowsOf(targets.target_trades_shares)).toEqual([[5], [0], [-6]]);
    expect(rowsOf(targets.target_holdings_shares)).toEqual([[5], [4], [-2]]);
    expect(rowsOf(targets.holdings_notional)).toEqual([[0], [44], [48]]);
    expect(rowsOf(targets.target_holdings_notional)).toEqual([[50], [44], [-24]]);
    expect(rowsOf(targets.target_trades_notional)).toEqual([[50], [0], [-72]]);
  });

  it("names begin and end with their own orders; several of one bar add up", () => {
    const orders = [
      orderAt(1, "B", [1, 1]),
      orderAt(2, "A", [0, 2]),
      orderAt(2, "A", [2, 3]),
      orderAt(3, "A", [5, -5]),
    ];
    const {target_holdings_shares: target} = ordersToTargets(orders, price, BAR);
    expect(target.columns).toEqual(["A", "B"]);
    expect(rowsOf(target)).toEqual([
      [Number.NaN, 2],
      [5, Number.NaN],
      [0, Number.NaN],
    ]);
  });

  it("no orders give empty frames", () => {
    expect(ordersToTargets([], price, BAR).price.index).toHaveLength(0);
  });

  it("refuses prices that lack an instrument or a bar, naming it", () => {
    const unknown = [orderAt(1, "Z", [0, 1])];
    expect(() => ordersToTargets(unknown, price, BAR)).toThrow(/none for Z/);
    const late = [orderAt(6, "A", [0, 1])];
    expect(() => ordersToTargets(late, price, BAR)).toThrow(/1970-01-01T00:30/);
  });
});

interface OrderOracle {
  readonly orders: {readonly columns: readonly string[]; readonly data: readonly unknown[][]};
  readonly prices: OracleTable;
  readonly expected_all: Record<keyof OrderTargets, OracleTable>;
  readonly orders_with_gap_dropped_end_timestamps: readonly string[];
  readonly expected_gap: Record<keyof OrderTargets, OracleTable>;
}

describe.skipIf(!HAS_SHARED)(`order logs as the reference read them${NEEDS_SHARED}`, () => {
  const read = () => {
    const oracle = readOracle<OrderOracle>("08_orders_to_target_positions.json");
    const at = (row: readonly unknown[], name: string) => row[oracle.orders.columns.indexOf(name)];
    const time = (text: unknown) => parseUtc(String(text).replace("T", " "));
    const orders = oracle.orders.data.map((row) => ({
      instrumentId: String(at(row, "asset_id")),
      end: time(at(row, "end_timestamp")),
      currentShares: at(row, "curr_num_shares") as number,
      diffShares: at(row, "diff_num_shares") as number,
    }));
    const dropped = oracle.orders_with_gap_dropped_end_timestamps.map(time);
    return {oracle, orders, price: toFrame(oracle.prices), dropped};
  };

  const expectFrames = (
    orders: readonly TargetOrder[],
    price: Frame,
    expected: Record<keyof OrderTargets, OracleTable>,
  ) => {
    const actual = ordersToTargets(orders, price, BAR);
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, table] of Object.entries(expected)) {
      const frame = actual[name as keyof OrderTargets];
      const wanted = toFrame(table);
      expect(Array.from(frame.index)).toEqual(Array.from(wanted.index));
      expect(frame.columns).toEqual(wanted.columns);
      rowsOf(wanted).forEach((row, t) => {
        row.forEach((value, j) => {
          expect(frame.data[j]?.[t], `${name} row ${t}`).toBeCloseTo(value, 9);
        });
      });
    }
  };

  it("oracle 08: every bar has its order", () => {
    const {oracle, orders, price} = read();
    expectFrames(orders, price, oracle.expected_all);
  });

  it("oracle 08: with missing bars", () => {
    const {oracle, orders, price, dropped} = read();
    const left = orders.filter(({end}) => !dropped.includes(end));
    expect(left.length).toBeLessThan(orders.length);
    expectFrames(left, price, oracle.expected_gap);
  });
});
