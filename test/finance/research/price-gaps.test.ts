import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  evaluateForecastStatistics,
  evaluateForecasts,
  type ForecastPortfolio,
} from "../../../src/finance/research/forecast-evaluator.js";
import type {EvaluatorParams} from "../../../src/finance/research/forecast-params.js";
import type {ForecastInputs} from "../../../src/finance/research/forecast-trim.js";
import {columnOf, type Frame, makeFrame} from "../../../src/table/frame.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";
import {seeded} from "../oracle.js";

/** A column's cells that are missing: of the price, the volatility or the prediction. */
interface Gap {
  readonly of: "price" | "volatility" | "prediction";
  /** Of all assets where left out. */
  readonly asset?: number | undefined;
  readonly from: number;
  readonly bars: number;
}

const ROWS = 240;
const ASSETS = 4;
const NAMES = ["BTC", "ETH", "SOL", "XRP"];
const START = Date.UTC(2024, 0, 2);
const FFILL = 4;

/** Ten days of hours of random walks and random predictions, with gaps. */
function inputsOf(seed: number, gaps: readonly Gap[]): ForecastInputs {
  const next = seeded(seed);
  const index = Float64Array.from({length: ROWS}, (_, t) => START + (t + 1) * HOUR_MS);
  const columns = (cell: (t: number, before: number) => number): Float64Array[] =>
    NAMES.map(() => {
      const column = new Float64Array(ROWS);
      column.forEach((_, t) => {
        column[t] = cell(t, t === 0 ? 100 : (column[t - 1] as number));
      });
      return column;
    });
  const data = {
    price: columns((_t, before) => before * (1 + 0.04 * (next() - 0.5))),
    volatility: columns(() => 0.005 + 0.01 * next()),
    prediction: columns(() => next() - 0.5),
  };
  for (const {of, asset, from, bars} of gaps) {
    data[of].forEach((column, j) => {
      if (asset === undefined || asset === j) {
        column.fill(Number.NaN, from, from + bars);
      }
    });
  }
  const frame = (of: Gap["of"]): Frame => makeFrame(index, NAMES, data[of]);
  return {
    price: frame("price"),
    volatility: frame("volatility"),
    prediction: frame("prediction"),
  };
}

/** Marks of a column: at most four bars old, and beyond it whatever is made up. */
function markedBy(price: Float64Array, madeUp: () => number): Float64Array {
  let age = 0;
  let last = Number.NaN;
  return price.map((x) => {
    age = Number.isNaN(x) ? age + 1 : 0;
    last = Number.isNaN(x) ? last : x;
    return age > FFILL ? madeUp() : last;
  });
}

const isMarked = (price: Float64Array): boolean[] =>
  [...markedBy(price, () => Number.NaN)].map((x) => !Number.isNaN(x));

/** What holdings earn up to the last bar with a mark, bar by bar, if the made up marks were so. */
function earned(shares: Float64Array, price: Float64Array, madeUp: () => number): number {
  const marks = markedBy(price, madeUp);
  const end = isMarked(price).lastIndexOf(true);
  let sum = 0;
  for (let t = 1; t <= end; ++t) {
    sum += (shares[t - 1] || 0) * ((marks[t] as number) - (marks[t - 1] as number) || 0);
  }
  return sum;
}

const sumOf = (column: Float64Array): number => column.reduce((sum, x) => sum + (x || 0), 0);

const OPEN: EvaluatorParams = {
  targets: {style: "cross_sectional", targetGmv: 1e6},
  liquidateAtEndOfDay: false,
  initializeBeginningOfDayTradesToZero: false,
  burnInBars: 0,
};
const STYLES: [name: string, params: EvaluatorParams][] = [
  ["cross-sectional", OPEN],
  ["each name by itself", {...OPEN, targets: {style: "longitudinal"}}],
  [
    "flat over midnight",
    {...OPEN, liquidateAtEndOfDay: true, initializeBeginningOfDayTradesToZero: true},
  ],
];

/** The row of the input at which the portfolio begins: rows before it were trimmed. */
function cut(inputs: ForecastInputs, {price}: ForecastPortfolio): Float64Array[] {
  const kept = new Set(price.index);
  return inputs.price.data.map((column) =>
    column.filter((_, t) => kept.has(inputs.price.index[t] as number)),
  );
}

const gapOf = fc.record({
  of: fc.constantFrom("price" as const, "price" as const, "volatility", "prediction"),
  asset: fc.option(fc.nat(ASSETS - 1), {nil: undefined}),
  from: fc.oneof(fc.constant(0), fc.integer({min: 1, max: ROWS - 1})),
  bars: fc.integer({min: 1, max: 50}),
});

describe.each(STYLES)("gaps, %s", (_name, params) => {
  it("earn what is held times the change from the last known price to the next", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(gapOf, {minLength: 1, maxLength: 6}), (seed, gaps) => {
        const inputs = inputsOf(seed, gaps as Gap[]);
        const portfolio = evaluateForecasts(inputs, params);
        const noise = seeded(seed + 1);
        const fills = [() => 0, () => 1e4 * noise(), () => -5];
        cut(inputs, portfolio).forEach((price, j) => {
          const shares = portfolio.holdings_shares.data[j] as Float64Array;
          const pnl = portfolio.pnl.data[j] as Float64Array;
          const marked = isMarked(price);
          const wanted = fills.map((fill) => earned(shares, price, fill));
          for (const one of wanted) {
            expect(Math.abs(sumOf(pnl) - one)).toBeLessThan(1e-6);
          }
          shares.forEach((held, t) => {
            const before = t === 0 ? Number.NaN : (shares[t - 1] as number);
            if (!marked[t] && t > 0 && before) {
              expect(held, "no price, no trade").toBe(before);
              expect(pnl[t], "no price, no PnL").toBeNaN();
            }
          });
        });
      }),
      {seed: 11, numRuns: 150},
    );
  });

  it("of five bars to fifty: nothing is earned but by the price", () => {
    for (const bars of [5, 6, 23, 50]) {
      for (const from of [60, 70, ROWS - bars]) {
        const inputs = inputsOf(bars, [{of: "price", asset: 1, from, bars}]);
        const portfolio = evaluateForecasts(inputs, params);
        const [price] = cut(inputs, portfolio).slice(1) as [Float64Array];
        const shares = portfolio.holdings_shares.data[1] as Float64Array;
        const pnl = portfolio.pnl.data[1] as Float64Array;
        const back = from + bars;
        // From the last known price to the next: what was held when the marks ran out.
        const wanted =
          back < ROWS ? (shares[from + FFILL] || 0) * (price[back]! - price[from - 1]!) : 0;
        expect(sumOf(pnl.subarray(from + FFILL, back + 1))).toBeCloseTo(wanted, 6);
      }
    }
  });
});

describe("a portfolio through a gap", () => {
  const gap: Gap = {of: "price", asset: 0, from: 100, bars: 30};

  it("has the same statistics in a walk over bars", () => {
    for (const initializeBeginningOfDayTradesToZero of [false, true]) {
      const params = {...OPEN, initializeBeginningOfDayTradesToZero, feeBps: 1};
      for (let seed = 1; seed <= 20; ++seed) {
        const gaps = [gap, {...gap, asset: 2, from: 5 * seed}, {...gap, asset: 3, from: 230}];
        const inputs = inputsOf(seed, gaps);
        const {statistics} = evaluateForecasts(inputs, params);
        expect(evaluateForecastStatistics(inputs, params)).toEqual(statistics);
      }
    }
  });

  it("is neither written off nor written up: wealth moves by its shares alone", () => {
    const portfolio = evaluateForecasts(inputsOf(3, [gap]), OPEN);
    const [pnl, shares, traded] = (
      ["pnl", "holdings_shares", "executed_trades_notional"] as const
    ).map((name) => portfolio[name].data[0] as Float64Array) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const held = shares[103] as number;
    expect([...shares.subarray(104, 130)]).toEqual(new Array(26).fill(held));
    expect([...pnl.subarray(104, 130)].every(Number.isNaN)).toBe(true);
    expect(shares[130], "sold as soon as there is a price").toBeNaN();
    const prices = inputsOf(3, []).price.data[0] as Float64Array;
    expect(traded[130]).toBeCloseTo(-held * prices[130]!, 6);
    expect(pnl[130]).toBeCloseTo(held * (prices[130]! - prices[99]!), 6);
    const bars = columnOf(portfolio.statistics, "pnl");
    expect(Number.isNaN(bars[110] as number), "of the other assets").toBe(false);
  });

  it("closes at the first price of a day that else trades nothing", () => {
    // The gap ends with a day: bars are hours, and the first bar of the next day has a price.
    const from = 100;
    const dawn = [...inputsOf(5, []).price.index].findIndex(
      (time, t) => t > from && time % DAY_MS === 0,
    );
    const inputs = inputsOf(5, [{of: "price", asset: 0, from, bars: dawn - from}]);
    const {pnl, executed_trades_shares, holdings_shares} = evaluateForecasts(inputs, {
      ...OPEN,
      initializeBeginningOfDayTradesToZero: true,
    });
    const held = holdings_shares.data[0]![dawn - 1] as number;
    const [was, is] = [inputs.price.data[0]![from - 1]!, inputs.price.data[0]![dawn]!];
    expect(executed_trades_shares.data[0]![dawn]).toBe(-held);
    expect(pnl.data[0]![dawn]).toBeCloseTo(held * (is - was), 6);
  });

  it("is split without a profit where the split falls into the gap", () => {
    const inputs = inputsOf(8, []);
    const dawn = inputs.price.index.findIndex((time, t) => t > 90 && time % DAY_MS === 0);
    const [first, back] = [dawn - 8, dawn + 9];
    const price = inputs.price.data[0]!.map((_, t) =>
      t < first ? 100 : t < back ? Number.NaN : 50,
    );
    const {pnl, holdings_shares} = evaluateForecasts(
      {...inputs, price: {...inputs.price, data: [price, ...inputs.price.data.slice(1)]}},
      {...OPEN, adjustForSplits: true, initializeBeginningOfDayTradesToZero: true},
    );
    const [shares, earnings] = [holdings_shares.data[0]!, pnl.data[0]!];
    expect(shares[dawn]).toBe(2 * shares[dawn - 1]!);
    expect(shares[back - 1]).toBe(shares[dawn]);
    expect(sumOf(earnings.subarray(first, back + 1))).toBeCloseTo(0, 6);
  });

  it("has no PnL at a bar whose first trade has no price", () => {
    const inputs = inputsOf(6, []);
    const buyPrice = {
      ...inputs.price,
      data: inputs.price.data.map((column) => column.slice().fill(Number.NaN, 0, 9)),
    };
    const {pnl, holdings_shares} = evaluateForecasts(
      {...inputs, buyPrice, sellPrice: inputs.price},
      OPEN,
    );
    holdings_shares.data.forEach((shares, j) => {
      const bought = (shares[1] as number) > 0;
      expect(Number.isNaN(pnl.data[j]![1] as number)).toBe(bought);
    });
  });

  it("keeps a holding that nobody buys, though nothing is wanted", () => {
    const inputs = inputsOf(7, [{of: "prediction", from: 100, bars: 20}]);
    const nobody = {
      ...inputs.price,
      data: inputs.price.data.map((column) => column.slice().fill(Number.NaN, 100, 110)),
    };
    const given = {...inputs, buyPrice: nobody, sellPrice: nobody};
    const {pnl, holdings_shares} = evaluateForecasts(given, OPEN);
    holdings_shares.data.forEach((shares, j) => {
      expect(shares[109]).toBe(shares[99]);
      expect(shares[110]).toBeNaN();
      const wanted = earned(shares.subarray(98), inputs.price.data[j]!.subarray(98), () => 0);
      expect(sumOf(pnl.data[j]!.subarray(99))).toBeCloseTo(wanted, 6);
    });
  });
});
