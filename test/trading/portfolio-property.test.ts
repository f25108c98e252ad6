import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {PortfolioState} from "../../src/trading/portfolio.js";
import {type Deed, type Life, LOT, lives, sharesOf} from "./random-account.js";
import {differences, imbalance, TwinAccounts} from "./twin-accounts.js";

describe("a portfolio of spot, linear and inverse contracts", () => {
  /** So that the lives are known to have had what they are about. */
  const seen = {openings: 0, flips: 0, closes: 0, rests: 0, offLot: 0, unpriced: 0};

  it("earns what its wealth gains, holds what it bought, and is what a ledger says", async () => {
    await fc.assert(fc.asyncProperty(lives({isOffLot: true}), live), {seed: 23, numRuns: 400});
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
  });

  it("holds whole lots, to the last bit, where nothing was ever off them", async () => {
    const property = fc.asyncProperty(lives({isOffLot: false}), async (life) => {
      const twins = new TwinAccounts(life);
      for (const {deeds} of life.bars) {
        for (const deed of deeds) {
          twins.do(deed);
        }
        const {holdingsShares} = (await twins.mark()).state;
        expect(Array.from(holdingsShares)).toEqual(twins.held.map(sharesOf));
      }
    });
    await fc.assert(property, {seed: 29, numRuns: 200});
  });

  async function live(life: Life): Promise<void> {
    const twins = new TwinAccounts(life);
    let begun = Number.NaN;
    let net = 0;
    for (const [bar, {deeds, marks}] of life.bars.entries()) {
      const before = [...twins.held];
      for (const deed of deeds) {
        watch(twins, deed);
      }
      const {state, told} = await twins.mark(bar === 0 ? undefined : marks);
      const {cash, nmv, pnl, fees} = state.statistics;
      begun = bar === 0 ? cash + nmv : begun;
      net += bar === 0 ? 0 : pnl - fees;
      expect(imbalance(cash, nmv, -begun, -net)).toBeLessThan(1e-9);
      // By average cost, which the portfolio knows nothing of.
      const {capital, realised, unrealised, fees: paid} = told.currencies[0]!;
      expect(imbalance(cash, nmv, -capital, -realised, -unrealised, paid)).toBeLessThan(1e-9);
      expect(differences(state, told)).toEqual([]);
      expectShares(state, twins, before);
      seen.unpriced += Number(bar > 0 && marks.some((x, i) => !(x > 0) && twins.held[i] !== 0));
    }
    seen.openings += Number(life.opening.some((parts) => parts % LOT !== 0));
  }

  /** Opening + Σ fills, but for the noise of adding; parts of a lot are no noise. */
  function expectShares(state: PortfolioState, twins: TwinAccounts, before: number[]): void {
    for (const [i, held] of twins.held.entries()) {
      const noise = 1e-12 * twins.moved[i]!;
      const traded = sharesOf(held - before[i]!, i);
      expect(Math.abs(state.holdingsShares[i]! - sharesOf(held, i))).toBeLessThanOrEqual(noise);
      expect(Math.abs(state.executedTradesShares[i]! - traded)).toBeLessThanOrEqual(noise);
    }
  }

  function watch(twins: TwinAccounts, deed: Deed): void {
    const before = twins.held[deed.i]!;
    twins.do(deed);
    const after = twins.held[deed.i]!;
    seen.flips += Number(before * after < 0);
    seen.closes += Number(before !== 0 && after === 0);
    seen.rests += Number(Math.abs(before) > LOT && after !== 0 && Math.abs(after) < LOT);
    seen.offLot += Number((after - before) % LOT !== 0);
  }
});
