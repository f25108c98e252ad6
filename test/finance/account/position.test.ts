import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {type ContractTerms, positionValue} from "../../../src/finance/account/holdings-value.js";
import {
  fillPosition,
  NO_POSITION,
  type Position,
  type PositionFill,
  unrealisedPnl,
} from "../../../src/finance/account/position.js";
import {HAS_SHARED, NEEDS_SHARED, readJson} from "../../oracles/shared.js";

const INVERSE: ContractTerms = {kind: "inverse", multiplier: 100};

const after = (fills: readonly PositionFill[], terms?: ContractTerms): Position =>
  fills.reduce((position, fill) => fillPosition(position, fill, terms), NO_POSITION);

describe("fillPosition", () => {
  type Case = [name: string, fills: [number, number, number?][], wanted: Partial<Position>];
  it.each<Case>([
    ["opens", [[2, 100, 1]], {quantity: 2, averagePrice: 100, realised: 0, fees: 1}],
    [
      "opens more: the weighted mean price",
      [
        [2, 100],
        [6, 120],
      ],
      {quantity: 8, averagePrice: 115, realised: 0},
    ],
    [
      "closes a part: the average price stays",
      [
        [4, 100, 1],
        [-1, 130, 2],
      ],
      {quantity: 3, averagePrice: 100, realised: 30, fees: 3, cycleRealised: 30, cycleFees: 3},
    ],
    [
      "closes all",
      [
        [-2, 100],
        [2, 90],
      ],
      {quantity: 0, averagePrice: Number.NaN, realised: 20},
    ],
    [
      "closes all although the sum of quantities is rounded",
      [
        [0.1, 100],
        [0.2, 100],
        [-0.3, 110],
      ],
      {quantity: 0, averagePrice: Number.NaN},
    ],
    [
      "flips: the rest opens at the fill's price and pays its share of the fee",
      [
        [2, 100, 4],
        [-5, 110, 10],
      ],
      {quantity: -3, averagePrice: 110, realised: 20, fees: 14, cycleRealised: 0, cycleFees: 6},
    ],
    [
      "opens again: a new cycle, the old one's money kept",
      [
        [2, 100, 1],
        [-2, 110, 1],
        [1, 120, 3],
      ],
      {quantity: 1, averagePrice: 120, realised: 20, fees: 5, cycleRealised: 0, cycleFees: 3},
    ],
  ])("%s", (_name, fills, wanted) => {
    const made = fills.map(([quantity, price, fee = 0]) => ({quantity, price, fee}));
    expect(after(made)).toMatchObject(wanted);
  });

  it("values inverse contracts at the harmonic mean of their prices", () => {
    // 100 and 300 contracts of 100 USD: 1 BTC at 10,000 and 2 BTC at 15,000.
    const position = after(
      [
        {quantity: 100, price: 10_000},
        {quantity: 300, price: 15_000},
      ],
      INVERSE,
    );
    expect(position.averagePrice).toBeCloseTo(400 / (100 / 10_000 + 300 / 15_000), 9);
    expect(unrealisedPnl(position, 20_000, INVERSE)).toBeCloseTo(3 - 2, 12);
    const closed = fillPosition(position, {quantity: -400, price: 20_000}, INVERSE);
    expect(closed.realised).toBeCloseTo(1, 12);
  });

  it("leaves the position it was given as it is", () => {
    const position = Object.freeze(after([{quantity: 1, price: 100}]));
    fillPosition(position, {quantity: 1, price: 200});
    expect(position.averagePrice).toBe(100);
  });
});

describe("unrealisedPnl", () => {
  it("is what closing at the mark realises", () => {
    const fill = fc.record({
      quantity: fc.integer({min: -50, max: 50}).filter((q) => q !== 0),
      price: fc.integer({min: 1, max: 10_000}).map((ticks) => ticks / 10),
    });
    const kinds = fc.constantFrom<ContractTerms>({kind: "linear", multiplier: 0.1}, INVERSE);
    fc.assert(
      fc.property(fc.array(fill, {maxLength: 20}), kinds, fill, (fills, terms, {price}) => {
        const position = after(fills, terms);
        const open = unrealisedPnl(position, price, terms);
        if (position.quantity === 0) {
          expect(open).toBe(0);
          return;
        }
        const closed = fillPosition(position, {quantity: -position.quantity, price}, terms);
        const scale = Math.abs(positionValue(position.quantity, price, terms));
        expect(Math.abs(closed.realised - position.realised - open)).toBeLessThan(1e-9 * scale);
        expect(closed.quantity).toBe(0);
      }),
      {seed: 20_240_301, numRuns: 500},
    );
  });
});

interface PositionCase {
  readonly name: string;
  readonly fee_rate: number | null;
  readonly inverse: boolean;
  readonly multiplier: number;
  readonly quote: string;
  readonly steps: readonly {
    readonly side: "buy" | "sell";
    readonly qty: number;
    readonly price: number;
    readonly expect: Readonly<Record<string, number | null>>;
  }[];
}

const oracle = HAS_SHARED
  ? readJson<{cases: PositionCase[]}>("oracles/metrics/nautilus_positions.json")
  : {cases: []};

// Compared after every step, where the step names them: qty, avg, realized, mark with unrealized,
// total and notional, and cycle_realized. `commission: null` says that a commission is not known:
// it is taken as 0, as it is where the case has no fee rate.
describe.runIf(HAS_SHARED)(`positions of nautilus_trader${NEEDS_SHARED}`, () => {
  it.each(oracle.cases.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    const kind = each.inverse ? "inverse" : "linear";
    const terms: ContractTerms = {kind, multiplier: each.multiplier};
    const decimals = each.quote === "USD" ? 2 : 8;
    let position = NO_POSITION;
    let compared = 0;
    for (const {side, qty, price, expect: wanted} of each.steps) {
      const fee = (each.fee_rate ?? 0) * Math.abs(positionValue(qty, price, terms));
      position = fillPosition(position, {quantity: side === "buy" ? qty : -qty, price, fee}, terms);
      const found = nautilusValues(position, wanted.mark ?? price, terms);
      for (const [name, value] of Object.entries(wanted)) {
        if (name !== "mark" && value !== null) {
          const digits = name === "avg" ? 8 : decimals;
          expect(Math.abs((found[name] as number) - value), name).toBeLessThanOrEqual(
            0.5000001 * 10 ** -digits,
          );
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});

/** nautilus counts commissions into what is realised. */
function nautilusValues(
  position: Position,
  mark: number,
  terms: ContractTerms,
): Record<string, number> {
  const realized = position.realised - position.fees;
  const unrealized = unrealisedPnl(position, mark, terms);
  return {
    qty: Math.abs(position.quantity),
    avg: position.averagePrice,
    realized,
    unrealized,
    total: realized + unrealized,
    notional: Math.abs(positionValue(position.quantity, mark, terms)),
    cycle_realized: position.cycleRealised - position.cycleFees,
  };
}
