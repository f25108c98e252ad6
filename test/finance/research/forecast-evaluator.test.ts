import {describe, expect, it} from "vitest";
import {
  evaluateForecasts,
  type ForecastPortfolio,
} from "../../../src/finance/research/forecast-evaluator.js";
import type {EvaluatorParams} from "../../../src/finance/research/forecast-params.js";
import type {ForecastInputs} from "../../../src/finance/research/forecast-trim.js";
import {dayAtOffset} from "../../../src/finance/research/trading-day.js";
import {
  columnOf,
  frameFromRows,
  makeFrame,
  mapCells,
  selectRows,
} from "../../../src/table/frame.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";
import {expectSameFrame, frameOf, hasOracles, ORACLES, readOracle, type Table} from "../oracle.js";

interface Case {
  readonly name: string;
  readonly input: Record<"prediction" | "price" | "volatility", Table>;
  readonly params: Record<string, number & boolean & string>;
  readonly expected_portfolio: Record<string, Table>;
  readonly expected_statistics: Table;
}

const NONE = Number.NaN;

describe.skipIf(!hasOracles)(`evaluateForecasts, ${ORACLES} 05`, () => {
  const cases = hasOracles ? readOracle<{cases: Case[]}>("05_forecast_evaluator.json").cases : [];

  it.each(cases)("$name", ({input, params: given, ...expected}) => {
    const {style, target_gmv, volatility_lower_bound: bound, ...rest} = given;
    const params: EvaluatorParams = {
      targets:
        style === "longitudinal"
          ? {
              style,
              predictionAbsThreshold: rest.prediction_abs_threshold!,
              targetDollarRiskPerName: rest.target_dollar_risk_per_name!,
              volatilityLowerBound: bound!,
            }
          : {style: "cross_sectional", targetGmv: target_gmv!},
      quantization: rest.quantization!,
      liquidateAtEndOfDay: rest.liquidate_at_end_of_day!,
      burnInBars: rest.burn_in_bars!,
      computeExtendedStats: true,
      dayOf: dayAtOffset(-5 * HOUR_MS),
    };
    const frames = {
      price: frameOf(input.price),
      volatility: frameOf(input.volatility),
      prediction: frameOf(input.prediction),
    };
    const before = structuredClone(frames);
    const actual = evaluateForecasts(frames, params);
    expect(frames).toEqual(before);
    for (const [name, table] of Object.entries(expected.expected_portfolio)) {
      const wanted = frameOf(table);
      const frame = actual[name as keyof ForecastPortfolio];
      expectSameFrame(frame, selectRows(wanted, frame.index));
    }
    const wanted = frameOf(expected.expected_statistics);
    expectSameFrame(actual.statistics, wanted);
  });
});

const START = Date.UTC(2024, 0, 2);

/** Two days of three bars at 10:00, 11:00, 12:00 and one instrument, always wanted long. */
function twoDays(prices: number[]): ForecastInputs {
  const index = [0, 1].flatMap((d) => [10, 11, 12].map((h) => START + d * DAY_MS + h * HOUR_MS));
  const price = frameFromRows(
    index,
    ["101"],
    prices.map((x) => [x]),
  );
  return {price, volatility: mapCells(price, () => 1), prediction: mapCells(price, () => 1)};
}

/** 1000 money per name whatever its volatility: at a price of 10 that is 100 shares. */
const PLAIN: EvaluatorParams = {
  targets: {style: "longitudinal", targetDollarRiskPerName: 1000},
  liquidateAtEndOfDay: false,
  initializeBeginningOfDayTradesToZero: false,
  burnInBars: 0,
};

const cells = (portfolio: ForecastPortfolio, name: keyof ForecastPortfolio) => [
  ...portfolio[name].data[0]!,
];

describe("evaluateForecasts, by hand", () => {
  it("decides at one bar, holds at the end of the next", () => {
    const portfolio = evaluateForecasts(twoDays([10, 20, 25, 25, 50, 40]), PLAIN);
    expect(cells(portfolio, "holdings_shares")).toEqual([NONE, 100, 50, 40, 40, 20]);
    expect(cells(portfolio, "executed_trades_shares")).toEqual([NONE, 100, -50, -10, 0, -20]);
    expect(cells(portfolio, "holdings_notional")).toEqual([NONE, 2000, 1250, 1000, 2000, 800]);
    expect(cells(portfolio, "executed_trades_notional")).toEqual([
      NONE,
      2000,
      -1250,
      -250,
      0,
      -800,
    ]);
    // 100 · 5, 50 · 0, 40 · 25, 40 · −10
    expect(cells(portfolio, "pnl")).toEqual([NONE, 0, 500, 0, 1000, -400]);
    expect([...columnOf(portfolio.statistics, "gross_volume")]).toEqual([
      NONE,
      2000,
      1250,
      250,
      0,
      800,
    ]);
  });

  it("liquidates at the end of each day and starts flat", () => {
    const portfolio = evaluateForecasts(twoDays([10, 10, 10, 10, 10, 10]), {
      ...PLAIN,
      liquidateAtEndOfDay: true,
    });
    expect(cells(portfolio, "holdings_shares")).toEqual([NONE, 100, 0, 0, 100, 0]);
  });

  it("can make the first bar of a day trade nothing", () => {
    const portfolio = evaluateForecasts(twoDays([10, 10, 10, 20, 20, 20]), {
      ...PLAIN,
      initializeBeginningOfDayTradesToZero: true,
    });
    expect(cells(portfolio, "executed_trades_shares")).toEqual([NONE, 100, 0, 0, -50, 0]);
  });

  it("multiplies overnight holdings by a split", () => {
    const portfolio = evaluateForecasts(twoDays([10, 10, 30, 10, 10, 10]), {
      ...PLAIN,
      adjustForSplits: true,
    });
    expect(cells(portfolio, "holdings_shares").slice(2, 5)).toEqual([100, 300, 100]);
  });

  it("fills missing marks and holdings from at most four bars before, within the day", () => {
    const portfolio = evaluateForecasts(twoDays([10, 10, NONE, 10, 10, 10]), PLAIN);
    expect(portfolio.price.index.length).toBe(6);
    expect(cells(portfolio, "holdings_shares")).toEqual([NONE, 100, 100, NONE, 100, 100]);
    expect(cells(portfolio, "pnl")).toEqual([NONE, 0, 0, -1000 + 1000, 0, 0]);
  });

  it("marks at a price four bars old, and at none that is five bars old", () => {
    const index = Array.from({length: 9}, (_, t) => START + t * HOUR_MS);
    const rows = index.map((_, t) => [t > 2 && t < 8 ? NONE : 10, 10]);
    const price = frameFromRows(index, ["101", "201"], rows);
    const volatility = mapCells(price, () => 1);
    const portfolio = evaluateForecasts({price, volatility, prediction: volatility}, PLAIN);
    const held = [NONE, 100, 100, 100, 100, 100, 100, 100, NONE];
    expect(cells(portfolio, "holdings_shares")).toEqual(held);
    expect(cells(portfolio, "holdings_notional")).toEqual(
      held.map((shares, t) => (t === 7 ? NONE : 10 * shares)),
    );
  });

  it("leaves out days without a price and times of day that never have one", () => {
    const inputs = twoDays([10, NONE, 10, NONE, NONE, NONE]);
    const portfolio = evaluateForecasts(inputs, PLAIN);
    expect([...portfolio.price.index]).toEqual([START + 10 * HOUR_MS, START + 12 * HOUR_MS]);
    const back = evaluateForecasts(inputs, {...PLAIN, reindexLikeInput: true});
    expect([...back.price.index]).toEqual([...inputs.price.index]);
    expect(cells(back, "holdings_shares")).toEqual([NONE, NONE, 100, NONE, NONE, NONE]);
  });

  it("keeps the holding where the wanted side has no price", () => {
    const inputs = twoDays([10, 10, 20, 20, 20, 20]);
    const price = (...values: number[]) =>
      makeFrame(inputs.price.index, ["101"], [Float64Array.from(values)]);
    const portfolio = evaluateForecasts(
      {
        ...inputs,
        buyPrice: price(11, NONE, 21, 21, 21, 21),
        sellPrice: price(9, 9, 19, NONE, 18, 19),
      },
      PLAIN,
    );
    // Wanted: -, 100, 100, 50, 50, 50; the first buy is not known to be one, nothing is before it.
    expect(cells(portfolio, "holdings_shares")).toEqual([NONE, 100, 100, 100, 50, 50]);
    expect(cells(portfolio, "executed_trades_notional").slice(3)).toEqual([0, -50 * 18, 0]);
    // 50 sold at 18, marked at 20: a loss of 100.
    expect(cells(portfolio, "pnl").slice(3)).toEqual([0, -100, 0]);
    expect(() => evaluateForecasts({...inputs, buyPrice: price(1, 1, 1, 1, 1, 1)}, PLAIN)).toThrow(
      "neither",
    );
  });

  it("takes fees off in a column of their own", () => {
    const {statistics} = evaluateForecasts(twoDays([10, 20, 25, 25, 50, 40]), {
      ...PLAIN,
      feeBps: 5,
    });
    expect([...columnOf(statistics, "fees")]).toEqual([NONE, 1, 0.625, 0.125, 0, 0.4]);
    expect(
      evaluateForecasts(twoDays([10, 20, 25, 25, 50, 40]), PLAIN).statistics.columns,
    ).not.toContain("fees");
  });

  it("rounds shares per asset and burns bars and days", () => {
    const inputs = twoDays([10, 30, 30, 30, 30, 30]);
    const shares = (params: Partial<EvaluatorParams>) =>
      cells(evaluateForecasts(inputs, {...PLAIN, ...params}), "holdings_shares");
    expect(shares({quantization: 1})).toEqual([NONE, 100, 33.3, 33.3, 33.3, 33.3]);
    expect(shares({quantization: {"101": -1}})).toEqual([NONE, 100, 30, 30, 30, 30]);
    expect(shares({quantization: 0, burnInBars: 2})).toEqual([33, 33, 33, 33]);
    expect(shares({quantization: 0, burnInDays: 1})).toEqual([33, 33, 33]);
    expect(shares({burnInBars: 99})).toEqual([]);
  });

  it("is empty where there is nothing to go by", () => {
    const inputs = twoDays([10, 10, 10, 10, 10, 10]);
    const blank = evaluateForecasts(
      {...inputs, prediction: mapCells(inputs.price, () => NONE)},
      PLAIN,
    );
    expect(blank.pnl.index.length).toBe(0);
    expect(blank.statistics.columns).toEqual(["pnl", "gross_volume", "net_volume", "gmv", "nmv"]);
  });
});
