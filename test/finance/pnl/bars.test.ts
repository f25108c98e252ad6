import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  type ContractTerms,
  holdingsValue,
  positionValue,
} from "../../../src/finance/account/holdings-value.js";
import {leverage} from "../../../src/finance/account/leverage.js";
import {barMetrics} from "../../../src/finance/pnl/bar-metrics.js";
import {barPnl} from "../../../src/finance/pnl/bar-pnl.js";
import {netPnl} from "../../../src/finance/pnl/net-pnl.js";
import {PORTFOLIO_PANELS, portfolioPanels} from "../../../src/finance/pnl/portfolio-panels.js";
import {columnOf, type Frame, makeFrame, mapCells} from "../../../src/table/frame.js";
import {frameOfRows as frame} from "../../table/frame-of-rows.js";
import {
  expectSameFrame,
  frameOf,
  hasOracles,
  ORACLES,
  randomFrame,
  readOracle,
  seeded,
  type Table,
} from "../oracle.js";

const NONE = Number.NaN;

describe("positionValue", () => {
  it.each<[string, number, number, ContractTerms | undefined, number]>([
    ["plain", 2, 100, undefined, 200],
    ["spot", -2, 100, {kind: "spot", multiplier: 1}, -200],
    ["linear with a multiplier", 2, 100, {kind: "linear", multiplier: 0.01}, 2],
    [
      "inverse: 50 contracts of 100 USD at 25,000",
      50,
      25_000,
      {kind: "inverse", multiplier: 100},
      -0.2,
    ],
    ["nothing, without a price", 0, NONE, undefined, 0],
    ["something, without a price", 1, NONE, undefined, NONE],
  ])("%s", (_name, quantity, price, terms, wanted) => {
    expect(positionValue(quantity, price, terms)).toBe(wanted);
  });

  it("a long inverse position gains when the price rises", () => {
    const terms: ContractTerms = {kind: "inverse", multiplier: 100};
    expect(positionValue(50, 26_000, terms)).toBeGreaterThan(positionValue(50, 25_000, terms));
  });
});

describe("holdingsValue", () => {
  it("values each column by its own terms", () => {
    const terms = new Map([["b", {kind: "inverse", multiplier: 10} as const]]);
    expectSameFrame(holdingsValue(frame([2, 5]), frame([10, 25]), terms), frame([20, -2]));
  });
});

describe("barPnl", () => {
  it.each<[string, number[], number[], number[]]>([
    ["held and marked", [100, 110, 90], [100, 0, 0], [NONE, 10, -20]],
    ["a buy at the mark earns nothing", [0, 100], [0, 100], [NONE, 0]],
    ["a buy below the mark earns the difference", [0, 100], [0, 98], [NONE, 2]],
    ["a sale brings its proceeds", [100, 0], [0, -103], [NONE, 3]],
    ["known for the first time", [NONE, 100, 101], [NONE, 100, 0], [NONE, 0, 1]],
    ["no longer known", [100, NONE, NONE], [0, -100, NONE], [NONE, 0, NONE]],
    ["a trade of something unknown", [NONE, NONE], [NONE, 5], [NONE, -5]],
    ["nothing known", [NONE, NONE], [NONE, NONE], [NONE, NONE]],
  ])("%s", (_name, value, traded, wanted) => {
    const pnl = barPnl(frame(...value.map((x) => [x])), frame(...traded.map((x) => [x])));
    expect([...pnl.data[0]!]).toEqual(wanted);
  });

  it("adds up to the change of net wealth over any trades", () => {
    const whole = fc.integer({min: -50, max: 50});
    fc.assert(
      fc.property(
        fc.array(fc.tuple(whole, fc.integer({min: 1, max: 99}), fc.integer({min: 1, max: 99})), {
          minLength: 2,
          maxLength: 20,
        }),
        (bars) => {
          let [shares, cash] = [0, 1000];
          const wealth: number[] = [];
          const value: number[][] = [];
          const traded: number[][] = [];
          for (const [trade, price, mark] of bars) {
            shares += trade;
            cash -= trade * price;
            value.push([shares * mark]);
            traded.push([trade * price]);
            wealth.push(cash + shares * mark);
          }
          const pnl = barPnl(frame(...value), frame(...traded)).data[0]!;
          for (let t = 1; t < bars.length; ++t) {
            expect(pnl[t]).toBe(wealth[t]! - wealth[t - 1]!);
          }
        },
      ),
      {seed: 4, numRuns: 200},
    );
  });
});

describe("barMetrics", () => {
  it("sums what is known and is missing where nothing is", () => {
    const holdings = frame([100, -50], [110, NONE], [NONE, NONE]);
    const traded = frame([100, -50], [0, 45], [NONE, NONE]);
    const metrics = barMetrics(holdings, traded);
    expect(metrics.columns).toEqual(["pnl", "gross_volume", "net_volume", "gmv", "nmv"]);
    expect([...columnOf(metrics, "pnl")]).toEqual([NONE, 10 + (50 - 45), -110]);
    expect([...columnOf(metrics, "gross_volume")]).toEqual([150, 45, NONE]);
    expect([...columnOf(metrics, "net_volume")]).toEqual([50, 45, NONE]);
    expect([...columnOf(metrics, "gmv")]).toEqual([150, 110, NONE]);
    expect([...columnOf(metrics, "nmv")]).toEqual([50, 110, NONE]);
  });

  it.skipIf(!hasOracles)(`of a recorded portfolio: ${ORACLES} 05`, () => {
    const {cases} = readOracle<{
      cases: {expected_portfolio: Record<string, Table>; expected_statistics: Table}[];
    }>("05_forecast_evaluator.json");
    for (const one of cases) {
      const {holdings_notional, executed_trades_notional} = one.expected_portfolio;
      const actual = barMetrics(frameOf(holdings_notional!), frameOf(executed_trades_notional!));
      const wanted = frameOf(one.expected_statistics);
      for (const name of actual.columns) {
        const from = actual.index.length - wanted.index.length;
        const got = makeFrame(wanted.index, [name], [columnOf(actual, name).subarray(from)]);
        expectSameFrame(got, makeFrame(wanted.index, [name], [columnOf(wanted, name)]));
      }
    }
  });
});

describe("leverage", () => {
  it("is gross market value over net wealth", () => {
    const metrics = makeFrame(
      Float64Array.of(1, 2, 3),
      ["gmv", "nmv"],
      [Float64Array.of(1_768_351, NONE, 5), Float64Array.of(1_768_351, NONE, -5)],
    );
    const actual = leverage(metrics, Float64Array.of(10_000, 10, 5));
    expect([...columnOf(actual, "net_wealth")]).toEqual([1_778_351, 10, 0]);
    expect(columnOf(actual, "leverage")[0]).toBeCloseTo(0.9943768, 7);
    expect([...columnOf(actual, "leverage")].slice(1)).toEqual([0, NONE]);
  });
});

describe("netPnl", () => {
  it("takes off fees and adds funding", () => {
    const metrics = makeFrame(
      Float64Array.of(1, 2, 3),
      ["pnl", "fees", "funding"],
      [Float64Array.of(NONE, 10, 20), Float64Array.of(1, 2, NONE), Float64Array.of(NONE, -1, 3)],
    );
    expect([...netPnl(metrics)]).toEqual([NONE, 7, 23]);
  });
});

describe("portfolioPanels", () => {
  const index = Float64Array.of(1, 2, 3);
  const metrics = makeFrame(
    index,
    ["pnl", "gross_volume", "net_volume", "gmv", "nmv"],
    [
      Float64Array.of(NONE, 20, -5),
      Float64Array.of(100, 0, 50),
      Float64Array.of(100, 0, -50),
      Float64Array.of(100, 0, 200),
      Float64Array.of(100, 0, 50),
    ],
  );
  const panels = portfolioPanels(metrics);

  it.each<[string, number[]]>([
    ["bar_pnl", [NONE, 20, -5]],
    ["bar_pnl_bps", [NONE, NONE, -1000]],
    ["cumulative_pnl", [NONE, 20, 15]],
    ["cumulative_pnl_pct", [NONE, 20, 10]],
    ["cumulative_gross_volume", [100, 100, 150]],
    ["turnover_pct", [100, NONE, 25]],
    ["cumulative_net_volume", [100, 100, 50]],
    ["net_volume_pct", [100, NONE, -25]],
    ["gmv", [100, 0, 200]],
    ["gmv_relative", [1, NONE, 200 / 150]],
    ["nmv", [100, 0, 50]],
    ["nmv_pct", [100, NONE, 25]],
  ])("%s", (name, wanted) => {
    expect([...columnOf(panels, name)]).toEqual(wanted);
  });

  it("are twelve, named and with a unit each", () => {
    expect(panels.columns).toEqual(PORTFOLIO_PANELS.map(({name}) => name));
    expect(PORTFOLIO_PANELS.length).toBe(12);
  });

  it("scaling money scales money and leaves bps, percent and multiples", () => {
    const random = mapCells(
      {...randomFrame([30, 5], seeded(8)), columns: metrics.columns},
      (x) => x + 1,
    );
    const [once, thrice] = [random, mapCells(random, (x) => 3 * x)].map(portfolioPanels) as [
      Frame,
      Frame,
    ];
    PORTFOLIO_PANELS.forEach(({unit}, j) => {
      const factor = unit === "money" ? 3 : 1;
      const column = [...once.data[j]!];
      column.forEach((x, t) => {
        expect(thrice.data[j]![t]).toBeCloseTo(factor * x, 9);
      });
    });
  });
});
