import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {positionValue} from "../../../src/finance/account/holdings-value.js";
import {longitudinalSizer} from "../../../src/finance/sizing/longitudinal-targets.js";
import {roundToLot, wholeLots} from "../../../src/finance/sizing/round-to-lot.js";
import {closedForms, type OptimizerInput} from "../../../src/trading/targets/optimizer.js";
import {
  type SizingRules,
  type TargetInputs,
  targetPositions,
} from "../../../src/trading/targets/targets.js";
import {UNRESTRICTED} from "../unrestricted.js";

const INVERSE = {kind: "inverse", multiplier: 100} as const;

/** Rules of inverse contracts of 100 quote units that want these exposures. */
function inverseRules(wanted: readonly number[]): SizingRules {
  return {
    optimizer: closedForms((_row, positions) => positions.set(wanted)),
    value: (_i, shares, price) => positionValue(shares, price, INVERSE),
    sharesOf: (_i, notional, price) => (notional * price) / 100,
    roundShares: (_i, shares) => roundToLot(shares, 1),
    wholeShares: (_i, shares) => wholeLots(shares, 1),
    unitCost: () => 100,
    minNotional: () => 0,
  };
}

function inputsOf(price: readonly number[], held: readonly number[]): TargetInputs {
  const ones = Float64Array.from(price, () => 1);
  return {
    prediction: ones,
    volatility: ones,
    price: Float64Array.from(price),
    holdingsShares: Float64Array.from(held),
    holdingsNotional: Float64Array.from(held, (shares, i) =>
      positionValue(shares, price[i] as number, INVERSE),
    ),
  };
}

describe("inverse contracts", () => {
  it("hand-computed: 0.5 BTC of exposure at 50,000 are 250 contracts, valued at -0.5", () => {
    const targets = targetPositions(inputsOf([50_000], [100]), inverseRules([0.5]));
    expect(targets.target_holdings_shares[0]).toBe(250);
    expect(targets.target_trades_shares[0]).toBe(150);
    expect(targets.holdings_notional[0]).toBeCloseTo(-0.2, 12);
    expect(targets.target_trades_notional[0]).toBeCloseTo(-0.3, 12);
    expect(targets.target_holdings_notional[0]).toBeCloseTo(-0.5, 12);
  });

  it("an exposure gains where the price moves its way", () => {
    const exposure = fc.double({min: -5, max: 5, noNaN: true});
    const price = fc.double({min: 1_000, max: 90_000, noNaN: true});
    fc.assert(
      fc.property(exposure, price, price, (wanted, before, after) => {
        const {target_holdings_shares} = targetPositions(
          inputsOf([before], [0]),
          inverseRules([wanted]),
        );
        const shares = target_holdings_shares[0] as number;
        const pnl = positionValue(shares, after, INVERSE) - positionValue(shares, before, INVERSE);
        expect(pnl * Math.sign(shares) * Math.sign(after - before)).toBeGreaterThanOrEqual(0);
        expect(Math.abs((shares * 100) / before - wanted)).toBeLessThanOrEqual(50 / before + 1e-9);
      }),
      {seed: 31},
    );
  });

  it("an optimizer is told the exposure held, not its value", () => {
    let seen: OptimizerInput | undefined;
    const optimizer = {
      targets(input: OptimizerInput) {
        seen = input;
        return new Float64Array(2);
      },
    };
    const rules = {...inverseRules([]), optimizer};
    targetPositions(inputsOf([50_000, 20_000], [100, -100]), rules);
    expect(Array.from(seen?.holdingsNotional ?? [])).toEqual([0.2, -0.5]);
  });
});

describe("targetPositions", () => {
  const rules: SizingRules = {
    optimizer: closedForms((_row, positions) => positions.set([100, -50])),
    value: (_i, shares, price) => shares * price,
    sharesOf: (_i, notional, price) => notional / price,
    roundShares: (_i, shares) => shares,
    wholeShares: (_i, shares) => shares,
    unitCost: (_i, price) => price,
    minNotional: () => 0,
  };
  const inputs: TargetInputs = {
    prediction: Float64Array.of(1, -1),
    volatility: Float64Array.of(1, 1),
    price: Float64Array.of(10, 25),
    holdingsShares: Float64Array.of(4, 0),
    holdingsNotional: Float64Array.of(40, 0),
  };

  it("holdings and trades that make no target are refused before any order", () => {
    const wrong = {...inputs, holdingsNotional: Float64Array.of(41, 0)};
    expect(() => targetPositions(wrong, rules)).toThrow(/held 41 and traded 60 make no target/);
    expect(targetPositions(inputs, rules).target_holdings_notional[0]).toBe(100);
  });

  it("liquidating wants nothing, whatever the optimizer says", () => {
    const {target_trades_shares: trades} = targetPositions(inputs, rules, {isLiquidating: true});
    expect(Array.from(trades)).toEqual([-4, 0]);
  });
});

describe("a missing spread", () => {
  const params = {volatilityToSpreadThreshold: 5, targetDollarRiskPerName: 100};
  const [prediction, volatility] = [Float64Array.of(1, -1, 1), new Float64Array(3).fill(1e-3)];
  const spread = Float64Array.of(1e-4, Number.NaN, 1e-2);

  it("is the mean of the others where a system trades, so that the name is dropped", () => {
    const price = new Float64Array(3).fill(1);
    const flat = {holdingsShares: new Float64Array(3), holdingsNotional: new Float64Array(3)};
    const rules: SizingRules = {
      optimizer: closedForms(longitudinalSizer(3, params)),
      value: (_i, shares, at) => positionValue(shares, at),
      sharesOf: (_i, notional, at) => notional / at,
      roundShares: (_i, shares) => shares,
      wholeShares: (_i, shares) => shares,
      unitCost: (_i, at) => at,
      minNotional: () => 0,
    };
    const {target_holdings_notional: target} = targetPositions(
      {prediction, volatility, spread, price, ...flat},
      rules,
    );
    // 1e-3 / 1e-4 = 10 and 1e-3 / mean(1e-4, 1e-2) = 0.198: above 5 and below.
    expect([...target]).toEqual([100_000, 0, 0]);
  });

  it("drops nothing in research, as in the reference's frames", () => {
    const positions = new Float64Array(3);
    longitudinalSizer(3, params)({prediction, volatility, spread}, positions);
    expect([...positions]).toEqual([100_000, -100_000, 0]);
  });
});

describe("a holding that is off the lot", () => {
  /** Whole lots of 0.001 towards these targets, at a price of 1. */
  function targetsOf(
    held: readonly number[],
    wanted: readonly number[],
    more: Partial<SizingRules> & {readonly isLiquidating?: boolean} = {},
  ) {
    const {isLiquidating = false, ...changes} = more;
    const rules: SizingRules = {
      optimizer: closedForms((_row, positions) => positions.set(wanted)),
      value: (_i, shares, at) => positionValue(shares, at),
      sharesOf: (_i, notional, at) => notional / at,
      roundShares: (_i, shares) => roundToLot(shares, 0.001),
      wholeShares: (_i, shares) => wholeLots(shares, 0.001),
      unitCost: (_i, at) => at,
      minNotional: () => 0,
      ...changes,
    };
    const ones = Float64Array.from(held, () => 1);
    const holdingsShares = Float64Array.from(held);
    const inputs = {prediction: ones, volatility: ones, price: ones};
    return targetPositions({...inputs, holdingsShares, holdingsNotional: holdingsShares}, rules, {
      isLiquidating,
    });
  }

  it("is closed down to what is less than a lot, and never beyond", () => {
    const held = [0.5004, 0.5006, -0.5006, 0.0004, -0.0006, 0.3];
    const {target_trades_shares: trades, target_holdings_shares: left} = targetsOf(held, [], {
      isLiquidating: true,
    });
    expect([...trades].map((x) => x + 0)).toEqual([-0.5, -0.5, 0.5, 0, 0, -0.3]);
    for (const [i, rest] of [0.0004, 0.0006, -0.0006, 0.0004, -0.0006, 0].entries()) {
      expect(left[i]).toBeCloseTo(rest, 12);
    }
  });

  it("is moved by whole lots to as near as they get", () => {
    const {target_trades_shares: trades, target_holdings_shares: wished} = targetsOf(
      [0.5004, -0.5004],
      [5.063, 1],
    );
    expect([...trades]).toEqual([4.563, 1.5]);
    expect(wished[0]).toBeCloseTo(5.0634, 12);
    expect(wished[1]).toBeCloseTo(0.9996, 12);
  });

  it("is sold in whole lots where short sales are forbidden", () => {
    const {target_trades_shares: trades} = targetsOf([0.5006], [-3], {
      restrictions: [{...UNRESTRICTED, is_sell_short_restricted: true}],
    });
    expect([...trades]).toEqual([-0.5]);
  });
});
