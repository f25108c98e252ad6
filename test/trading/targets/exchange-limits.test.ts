import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {type ExchangeLimits, limitTrade} from "../../../src/trading/targets/exchange-limits.js";
import {closedForms} from "../../../src/trading/targets/optimizer.js";
import {type SizingRules, targetPositions} from "../../../src/trading/targets/targets.js";
import {HAS_SHARED, NEEDS_SHARED, readOracle} from "../../oracles/shared.js";

const LIMITS: ExchangeLimits = {
  minAmount: 1,
  minCost: 10,
  maxAmount: Number.POSITIVE_INFINITY,
  maxCost: Number.POSITIVE_INFINITY,
  lotSize: 0.001,
};
const PREPROD = {limits: LIMITS, rules: {stage: "preprod"}} as const;
const LOCAL = {limits: LIMITS, rules: {stage: "local"}} as const;

describe("limitTrade", () => {
  const cases: [name: string, trade: number, price: number, wanted: number][] = [
    ["above both minima", 2, 6, 2],
    ["at the minimum amount", 1, 20, 1],
    ["below the minimum amount", 0.999, 20, 0],
    ["at the minimum cost", 2, 5, 0],
    ["just above it", 2.001, 5, 2.001],
    ["a sale below", -0.5, 20, 0],
    ["off the lot", -3.42342342, 21, -3.423],
    ["a little off it", 2.0004, 21, 2],
    ["no trade", 0, 21, 0],
  ];
  it.each(cases)("preprod, %s", (_name, trade, price, wanted) => {
    expect(limitTrade(trade, price, PREPROD)).toBe(wanted);
  });

  const local: [name: string, trade: number, price: number, wanted: number][] = [
    ["a small sale becomes worth three times the minimum", -0.05, 20, -1.5],
    ["a small buy likewise", 0.05, 20, 1.5],
    ["a trade of the minimum amount stays", 1.5, 5.4295, 1.5],
    ["no trade stays none", 0, 20, 0],
  ];
  it.each(local)("local, %s", (_name, trade, price, wanted) => {
    expect(limitTrade(trade, price, LOCAL)).toBe(wanted);
  });

  it("cuts a trade to the largest amount and cost, down to a whole lot", () => {
    const limits = {...LIMITS, maxAmount: 5.0009, maxCost: 70};
    const most = (trade: number, price: number) => limitTrade(trade, price, {...PREPROD, limits});
    expect(most(8, 10)).toBe(5);
    expect(most(-8, 10)).toBe(-5);
    expect(most(8, 30)).toBe(2.333);
    expect(most(4, 10)).toBe(4);
  });

  it("checks instead of rounding where it is told to", () => {
    const check = {limits: LIMITS, rules: {stage: "prod", rounding: "check"}} as const;
    expect(limitTrade(2.001, 20, check)).toBe(2.001);
    expect(limitTrade(0.0001, 20, check)).toBe(0);
    expect(() => limitTrade(2.0001, 20, check)).toThrow(/whole lots of 0\.001.*found 2\.0001/);
    const named = {...check, limits: {...LIMITS, id: "BTCUSDT"}};
    expect(() => limitTrade(2.0001, 20, named)).toThrow(
      /^apply_cc_limits of BTCUSDT: expected .*; set optimizer_config\.apply_cc_limits="round"/,
    );
  });

  it("what is made is whole lots, keeps its sign, and meets the minima", () => {
    const trade = fc.double({min: -100, max: 100, noNaN: true});
    const price = fc.double({min: 0.01, max: 1_000, noNaN: true});
    fc.assert(
      fc.property(trade, price, (shares, at) => {
        const made = limitTrade(shares, at, PREPROD);
        expect(made * shares).toBeGreaterThanOrEqual(0);
        expect(Math.abs(made - shares) <= 0.0005 + 1e-9 || made === 0).toBe(true);
        expect(made === 0 || Math.abs(made) >= 1).toBe(true);
        expect(Math.abs(Number((made * 1_000).toFixed(6))) % 1).toBe(0);
      }),
      {seed: 21, numRuns: 300},
    );
  });
});

/** Rules that want given shares, of plain contracts, with the oracle's limits. */
function rulesFor(wanted: readonly number[], stage: "local" | "preprod"): SizingRules {
  return {
    optimizer: closedForms((_row, positions) => positions.set(wanted)),
    value: (_i, shares, price) => shares * price,
    sharesOf: (_i, notional) => notional,
    roundShares: (_i, shares) => shares,
    wholeShares: (_i, shares) => shares,
    unitCost: (_i, price) => price,
    minNotional: () => 0,
    exchange: {stage, limits: () => LIMITS},
  };
}

interface LimitOracle {
  readonly market_info: {min_amount: number; min_cost: number; amount_precision: number};
  readonly columns: readonly string[];
  readonly above: {input: number[][]; expected_target_trades_shares: number[]};
  readonly below_preprod: {input: number[][]; expected: Record<string, number[]>};
  readonly below_local: {expected_target_trades_shares: number[]};
}

describe.skipIf(!HAS_SHARED)(`limits as the reference applied them${NEEDS_SHARED}`, () => {
  const read = () => readOracle<LimitOracle>("17_exchange_limits.json");
  const cells = ({columns}: LimitOracle, rows: number[][], name: string) =>
    rows.map((row) => row[columns.indexOf(name)] as number);

  /** The trades of a stage for the oracle's own wishes and prices. */
  const tradesOf = (oracle: LimitOracle, rows: number[][], stage: "local" | "preprod") => {
    const trades = cells(oracle, rows, "target_trades_shares");
    const held = Float64Array.from(cells(oracle, rows, "holdings_shares"));
    const wanted = trades.map((trade, i) => (held[i] as number) + trade);
    const price = Float64Array.from(cells(oracle, rows, "price"));
    const ones = held.map(() => 1);
    return targetPositions(
      {
        prediction: ones,
        volatility: ones,
        holdingsShares: held,
        holdingsNotional: held.map((shares, i) => shares * (price[i] as number)),
        price,
      },
      rulesFor(wanted, stage),
    );
  };

  it("oracle 17: trades above the minima are only rounded", () => {
    const oracle = read();
    expect(oracle.market_info).toEqual({min_amount: 1, min_cost: 10, amount_precision: 3});
    const made = tradesOf(oracle, oracle.above.input, "preprod");
    const wanted = oracle.above.expected_target_trades_shares;
    expect(Array.from(made.target_trades_shares)).toEqual(wanted);
    const before = made["target_trades_shares.before_apply_cc_limits"];
    cells(oracle, oracle.above.input, "target_trades_shares").forEach((shares, i) => {
      expect(before?.[i]).toBeCloseTo(shares, 9);
    });
  });

  it("oracle 17: in preprod smaller ones are not made and holdings stay", () => {
    const oracle = read();
    const made = tradesOf(oracle, oracle.below_preprod.input, "preprod");
    for (const [name, wanted] of Object.entries(oracle.below_preprod.expected)) {
      const column = made[name as "target_trades_shares"];
      wanted.forEach((value, i) => {
        expect(column[i], `${name} ${i}`).toBeCloseTo(value, 9);
      });
    }
  });

  it("oracle 17: on a local exchange they are raised", () => {
    const oracle = read();
    const made = tradesOf(oracle, oracle.below_preprod.input, "local");
    const wanted = oracle.below_local.expected_target_trades_shares;
    expect(Array.from(made.target_trades_shares)).toEqual(wanted);
  });
});
