import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {evaluateForecasts} from "../../../src/finance/research/forecast-evaluator.js";
import {dayAtOffset} from "../../../src/finance/research/trading-day.js";
import {type Frame, selectRows} from "../../../src/table/frame.js";
import {HOUR_MS} from "../../../src/time/epoch.js";
import {expectSameFrame, frameOf, type Table} from "../oracle.js";

type Cells = Table["data"];

/** One line of the file: random inputs over three days, and what pandas made of them. */
interface Case {
  readonly params: {liq: boolean; bod0: boolean; q: number | null; burn: number};
  readonly index: number[];
  readonly expected_index: number[];
  readonly columns: string[];
  readonly price: Cells;
  readonly volatility: Cells;
  readonly prediction: Cells;
  readonly holdings_shares: Cells;
  readonly pnl: Cells;
  readonly statistics: Cells;
}

// The expected numbers come from a second implementation of the same steps: pandas 3.1.1 for
// holdings, trades and sums, scikit-learn 1.9.1 for the ranks. Inputs are pseudo-random, a fifth of
// the cells missing in some cases, predictions rounded to force ties in others;
// one alone in its row is negative, so that the ranks and its own sign agree.
const lines = readFileSync(new URL("research-portfolios.jsonl", import.meta.url), "utf8");
const cases: Case[] = lines
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

it.each(cases)("random forecasts over three days, %#: $params", (one) => {
  const {params, index, columns} = one;
  const input = (data: Cells): Frame => frameOf({index, columns, data});
  const actual = evaluateForecasts(
    {
      price: input(one.price),
      volatility: input(one.volatility),
      prediction: input(one.prediction),
    },
    {
      targets: {style: "cross_sectional"},
      liquidateAtEndOfDay: params.liq,
      initializeBeginningOfDayTradesToZero: params.bod0,
      quantization: params.q,
      burnInBars: params.burn,
      dayOf: dayAtOffset(-5 * HOUR_MS),
    },
  );
  const wanted = (data: Cells, names = columns): Frame =>
    frameOf({index: one.expected_index, columns: names, data});
  expectSameFrame(actual.holdings_shares, wanted(one.holdings_shares));
  expectSameFrame(actual.pnl, wanted(one.pnl), 1e-8);
  const names = ["pnl", "gross_volume", "net_volume", "gmv", "nmv"];
  expectSameFrame(actual.statistics, wanted(one.statistics, names), 1e-8);
  expect(selectRows(input(one.price), actual.price.index)).toEqual(actual.price);
});
