import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {positionValue} from "../../../src/finance/account/holdings-value.js";
import {
  explainPnl,
  PNL_PARTS,
  type PnlBook,
  type PnlExplanation,
  type PnlPart,
} from "../../../src/finance/pnl/explain-pnl.js";
import {frameFromRows} from "../../../src/table/frame.js";

/** One bar of one instrument: mark, shares traded, their price, shares asked for, fee, funding. */
interface Bar {
  readonly mark: number;
  readonly shares: number;
  readonly price: number;
  readonly ordered: number;
  readonly fee: number;
  readonly funding: number;
}

const QUIET: Bar = {mark: 100, shares: 0, price: 100, ordered: 0, fee: 0, funding: 0};

type Kind = "linear" | "inverse";

/** Books of one instrument whose holdings are the sums of its trades. */
function bookOf(bars: readonly Bar[], start = 0, kind: Kind = "linear"): PnlBook {
  const terms = {kind, multiplier: 1};
  const index = bars.map((_, t) => t);
  const frame = (f: (bar: Bar, t: number) => number) =>
    frameFromRows(
      index,
      ["A"],
      bars.map((bar, t) => [f(bar, t)]),
    );
  const held = bars.map((_, t) =>
    bars.slice(0, t + 1).reduce((sum, bar) => sum + bar.shares, start),
  );
  return {
    holdings_shares: frame((_, t) => held[t] as number),
    holdings_notional: frame(({mark}, t) => positionValue(held[t] as number, mark, terms)),
    executed_trades_shares: frame(({shares}) => shares),
    executed_trades_notional: frame(({shares, price}) => positionValue(shares, price, terms)),
    ordered_shares: frame(({ordered}) => ordered),
    fees: frame(({fee}) => fee),
    funding: frame(({funding}) => funding),
  };
}

function row({total, parts}: PnlExplanation, t: number): Record<string, number> {
  const at = (part: PnlPart): number => parts[part].data[0]?.[t] as number;
  const known = PNL_PARTS.filter((part) => Math.abs(at(part)) > 1e-9);
  return {
    total: total.data[0]?.[t] as number,
    ...Object.fromEntries(known.map((part) => [part, at(part)])),
  };
}

describe("explainPnl, by hand", () => {
  const bought = {...QUIET, shares: 10, ordered: 10, price: 101, mark: 103, fee: 1};
  const sim = bookOf([QUIET, bought, {...QUIET, mark: 104}]);
  const cases: [name: string, prod: PnlBook, first: object, second: object][] = [
    ["the same", sim, {total: 0}, {total: 0}],
    [
      "ten shares at 2 more",
      bookOf([QUIET, {...bought, price: 103}, {...QUIET, mark: 104}]),
      {total: -20, "price slippage": -20},
      {total: 0},
    ],
    [
      "four of ten shares not filled: 4 · (103 − 101) now, 4 · (104 − 103) later",
      bookOf([QUIET, {...bought, shares: 6}, {...QUIET, mark: 104}]),
      {total: -8, underfill: -8},
      {total: -4, "carried position": -4},
    ],
    [
      "a fee of 3 instead of 1, and funding of 5 received",
      bookOf([QUIET, {...bought, fee: 3, funding: 5}, {...QUIET, mark: 104}]),
      {total: 3, fees: -2, funding: 5},
      {total: 0},
    ],
    [
      "bought a bar later, at 103.5",
      bookOf([QUIET, {...QUIET, mark: 103}, {...bought, price: 103.5, mark: 104}]),
      {total: -19, timing: -20, fees: 1},
      {total: -6, timing: 5, fees: -1, "carried position": -10},
    ],
    [
      "two shares from the beginning: 2 · 3, then 2 · 1",
      bookOf([QUIET, bought, {...QUIET, mark: 104}], 2),
      {total: 6, "carried position": 6},
      {total: 2, "carried position": 2},
    ],
  ];
  it.each(cases)("%s", (_name, prod, first, second) => {
    const found = explainPnl(prod, sim);
    expect(row(found, 0)).toEqual({total: 0});
    for (const [t, wanted] of [first, second].entries()) {
      const actual = row(found, t + 1);
      expect(Object.keys(actual).sort()).toEqual(Object.keys(wanted).sort());
      for (const [name, amount] of Object.entries(wanted)) {
        expect(actual[name]).toBeCloseTo(amount as number, 9);
      }
    }
  });

  it("marks at other prices, and shares that came without a trade", () => {
    const marked = bookOf([QUIET, {...bought, mark: 103.5}, {...QUIET, mark: 104}]);
    expect(row(explainPnl(marked, sim), 1)).toEqual({total: 5, marking: 5});
    const given = bookOf([QUIET, bought, {...QUIET, mark: 104}]);
    const shares = frameFromRows([0, 1, 2], ["A"], [[0], [10], [11]]);
    const value = frameFromRows([0, 1, 2], ["A"], [[0], [1_030], [1_144]]);
    const moved = {...given, holdings_shares: shares, holdings_notional: value};
    expect(row(explainPnl(moved, sim), 2)).toEqual({total: 104, unexplained: 104});
  });
});

describe("explainPnl, of any runs", () => {
  const money = (min: number, max: number) =>
    fc.double({min, max, noNaN: true, noDefaultInfinity: true});
  const trade = fc.oneof(fc.constant(0), money(-1_000, 1_000));
  const bar = fc.record({
    mark: money(1, 500),
    shares: trade,
    price: money(1, 500),
    ordered: trade,
    fee: money(-5, 20),
    funding: money(-20, 20),
  });
  const both = fc.record({
    kind: fc.constantFrom<Kind>("linear", "inverse"),
    start: fc.tuple(trade, trade),
    bars: fc.array(fc.tuple(bar, bar), {minLength: 1, maxLength: 12}),
  });

  it("adds up to the difference of net PnL, to 1e-9 of the money that moved", () => {
    fc.assert(
      fc.property(both, ({kind, start, bars}) => {
        const [prod, sim] = [0, 1].map((side) =>
          bookOf(
            bars.map((pair) => pair[side] as Bar),
            start[side] as number,
            kind,
          ),
        ) as [PnlBook, PnlBook];
        const found = explainPnl(prod, sim);
        for (let t = 1; t < bars.length; ++t) {
          const total = netPnlAt(prod, t) - netPnlAt(sim, t);
          const sum = PNL_PARTS.reduce((s, part) => s + (found.parts[part].data[0]?.[t] ?? NaN), 0);
          const scale = 1 + moneyAt(prod, t) + moneyAt(sim, t);
          expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-9 * scale);
          expect(found.total.data[0]?.[t]).toBeCloseTo(total, 6);
          // Holdings are the sums of their trades: nothing is left over.
          const rest = found.parts.unexplained.data[0]?.[t] as number;
          expect(Math.abs(rest)).toBeLessThanOrEqual(1e-9 * scale);
        }
      }),
      {numRuns: 500, seed: 1},
    );
  });

  it("is nothing between a run and itself, and turns its sign when the runs are exchanged", () => {
    fc.assert(
      fc.property(both, ({kind, start, bars}) => {
        const [a, b] = [0, 1].map((side) =>
          bookOf(
            bars.map((pair) => pair[side] as Bar),
            start[side] as number,
            kind,
          ),
        ) as [PnlBook, PnlBook];
        const same = explainPnl(a, a);
        expect(same.total.data[0]?.every((x) => x === 0)).toBe(true);
        for (const part of PNL_PARTS) {
          expect(same.parts[part].data[0]?.every((x) => Math.abs(x) < 1e-6)).toBe(true);
        }
        const [forth, back] = [explainPnl(a, b), explainPnl(b, a)];
        expect(Array.from(back.total.data[0] as Float64Array, (x) => 0 - x)).toEqual(
          Array.from(forth.total.data[0] as Float64Array, (x) => 0 + x),
        );
      }),
      {numRuns: 200, seed: 2},
    );
  });
});

function at(frame: PnlBook["holdings_shares"] | undefined, t: number): number {
  return frame?.data[0]?.[t] ?? 0;
}

/** Net PnL by its definition: change of value less value traded, less fees, plus funding. */
function netPnlAt(book: PnlBook, t: number): number {
  const change = at(book.holdings_notional, t) - at(book.holdings_notional, t - 1);
  return change - at(book.executed_trades_notional, t) - at(book.fees, t) + at(book.funding, t);
}

function moneyAt(book: PnlBook, t: number): number {
  return [
    at(book.holdings_notional, t),
    at(book.holdings_notional, t - 1),
    at(book.executed_trades_notional, t),
    ...[t - 1, t].map((k) => at(book.holdings_shares, k) * 500),
    at(book.executed_trades_shares, t) * 500,
    at(book.ordered_shares, t) * 500,
  ].reduce((sum, x) => sum + Math.abs(x), 0);
}
