import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {computePortfolioStats} from "../../../src/finance/pnl/portfolio-stats.js";
import {evaluateForecasts} from "../../../src/finance/research/forecast-evaluator.js";
import {makeFrame} from "../../../src/table/frame.js";
import {formatMinute, toIso} from "../../../src/time/epoch.js";
import {withFolder} from "../../market/sample-bars.js";
import {type CommandResult, reckon} from "../command-line.js";
import {
  ASSETS,
  longCsv,
  longParquet,
  sampleForecasts,
  wideCsv,
  wideParquet,
} from "./sample-forecasts.js";

const BARS = 24 * 100;
const SAMPLE = sampleForecasts(BARS);

async function evaluated(
  text: string | Uint8Array,
  ...args: readonly string[]
): Promise<CommandResult> {
  let found: CommandResult | undefined;
  await withFolder(async (dir) => {
    const path = join(dir, "forecasts.csv");
    writeFileSync(path, text);
    found = await reckon("evaluate", path, ...args);
    found = {...found, stderr: found.stderr.replaceAll(`${dir}/`, "")};
  });
  return found as CommandResult;
}

interface Document {
  readonly statistics: Record<string, {value: number; low: number; high: number; n: number}>;
  readonly portfolio: {
    frequency: string;
    values: Record<string, number>;
    flags: Record<string, string>;
  };
  readonly forecast: {correlation: number; hit_rate: number};
  readonly by_asset: {asset: string; pnl: number}[];
  readonly bars: number;
  readonly assets: number;
  readonly unpriced: readonly object[];
}
const documentOf = async (...args: Parameters<typeof evaluated>): Promise<Document> =>
  JSON.parse((await evaluated(...args, "--json")).stdout) as Document;

describe("reckon evaluate", () => {
  it("says what the research portfolio says", async () => {
    const found = await documentOf(longCsv(SAMPLE), "--fee-bps", "1");
    const index = Float64Array.from(SAMPLE.times);
    const frame = (name: "price" | "volatility" | "prediction") =>
      makeFrame(
        index,
        ASSETS,
        SAMPLE.columns.map((column) => Float64Array.from(column[name])),
      );
    const {statistics, pnl} = evaluateForecasts(
      {price: frame("price"), volatility: frame("volatility"), prediction: frame("prediction")},
      {
        targets: {style: "cross_sectional", targetGmv: 1e6},
        liquidateAtEndOfDay: false,
        initializeBeginningOfDayTradesToZero: false,
        feeBps: 1,
      },
    );
    const wanted = computePortfolioStats(statistics, {frequency: "D", periodsPerYear: 365});
    expect(found.portfolio.frequency).toBe("D");
    for (const [name, value] of Object.entries(wanted.values)) {
      expect(found.portfolio.values[name], name).toBeCloseTo(value, 6);
    }
    const total = pnl.data.flatMap((column) => [...column]).filter((x) => !Number.isNaN(x));
    expect(found.by_asset.reduce((sum, one) => sum + one.pnl, 0)).toBeCloseTo(
      total.reduce((a, b) => a + b, 0),
      4,
    );
    expect(found).toMatchObject({bars: BARS - 3, assets: 3});
    expect(found.statistics.sharpe_ratio).toMatchObject({n: 100});
    expect(found.statistics.sharpe_ratio!.low).toBeGreaterThan(0);
    expect(found.forecast.correlation).toBeGreaterThan(0.3);
    expect(found.forecast.hit_rate).toBeGreaterThan(0.55);
  });

  it.each([
    ["a wide csv", wideCsv(SAMPLE)],
    ["a long Parquet file", longParquet(SAMPLE)],
    ["a wide Parquet file", wideParquet(SAMPLE)],
  ])("reads %s to the same numbers", async (_name, bytes) => {
    const [long, other] = [await documentOf(longCsv(SAMPLE)), await documentOf(bytes)];
    expect(other).toEqual(long);
  });

  it("rounds shares, sizes each name by itself and takes other names of columns", async () => {
    const text = longCsv(SAMPLE).replace("price,volatility", "vwap,sigma");
    const names = ["--price-col", "vwap", "--volatility-col", "sigma"];
    const found = await documentOf(text, ...names, "--style", "longitudinal");
    expect(found.portfolio.values["dollar/gmv_mean"]).toBeGreaterThan(1e4);
    const rounded = await documentOf(text, ...names, "--quantization", "-2");
    expect(rounded.portfolio.values["dollar/gmv_mean"]).not.toBeCloseTo(1e6, 0);
  });

  it("prints tables, and those of a short file on its own bars", async () => {
    const {stdout, exitCode} = await evaluated(longCsv(sampleForecasts(60)));
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Research portfolio of 3 assets, 57 bars");
    expect(stdout).toContain("On bars of 60T");
    expect(stdout).toContain("not shown: fewer than 90 days");
    expect(stdout).toMatch(/^AUSDT +[+−]\$/m);
    expect(stdout).toMatch(/^Sharpe ratio, annualised +n\/a \[1\]$/m);
  });

  it("gives a flag instead of the annual figures of fewer than 90 days", async () => {
    const {portfolio, statistics} = await documentOf(longCsv(sampleForecasts(60)));
    const flag = "not shown: fewer than 90 days";
    expect(statistics.sharpe_ratio).toMatchObject({value: null, flag});
    const annual = ["ratios/sharpe_ratio", "ratios/sharpe_ratio_standard_error", "ratios/kratio"];
    for (const unit of ["dollar", "percentage"]) {
      annual.push(`${unit}/annualized_mean_return`, `${unit}/annualized_volatility`);
    }
    expect(portfolio.flags).toEqual(Object.fromEntries(annual.map((name) => [name, flag])));
    for (const [name, value] of Object.entries(portfolio.values)) {
      expect(value === null, name).toBe(annual.includes(name));
    }
    expect((await documentOf(longCsv(SAMPLE))).portfolio.flags).toEqual({});
  });

  it("tells bars without a price, whose PnL it does not make up", async () => {
    const sample = sampleForecasts(400);
    const always = ["--style", "longitudinal"];
    const gapped = (asset: number, from: number, to: number): typeof sample => ({
      times: sample.times,
      columns: sample.columns.map((column, j) => ({
        ...column,
        price: column.price.map((x, t) => (j === asset && t >= from && t < to ? Number.NaN : x)),
      })),
    });
    const found = await documentOf(longCsv(gapped(0, 100, 141)), ...always);
    const [from, to] = [sample.times[104] as number, sample.times[140] as number];
    const [first, last] = [from, to].map(formatMinute);
    const message =
      "AUSDT: no price, nor one up to 4 bars old, at 37 bars " +
      `from ${first} to ${last} UTC; ` +
      "its PnL of these bars falls on the bar where the price is back.";
    expect(found.unpriced).toEqual([
      {
        asset: "AUSDT",
        bars: 37,
        gaps: 1,
        from: toIso(from),
        to: toIso(to),
        is_open: false,
        message,
      },
    ]);
    expect((await evaluated(longCsv(gapped(0, 100, 141)), ...always)).stdout).toContain(message);
    const open = await documentOf(longCsv(gapped(1, 390, 400)), ...always);
    expect(open.unpriced).toMatchObject([
      {
        asset: "BUSDT",
        bars: 6,
        is_open: true,
        message: expect.stringMatching(/is not known, since no price came back\.$/),
      },
    ]);
    expect((await documentOf(longCsv(gapped(1, 100, 104)), ...always)).unpriced).toEqual([]);
  });

  it.each([
    ["nothing", "", /found an empty file/],
    [
      "only heads",
      "timestamp,asset,price,volatility,prediction",
      /expected rows, found only heads/,
    ],
    ["no prediction", "date,asset,price,volatility\n2024-01-01,A,1,1\n", /a column `prediction`/],
    [
      "no asset",
      "date,price\n2024-01-01,1\n",
      /line 1: expected a column `asset`, or assets below/,
    ],
    ["no time", "asset,price\nA,1\n", /line 1: expected a column `date` or `timestamp`/],
    [
      "text",
      "date,asset,price,volatility,prediction\n2024-01-01,A,x,1,1\n",
      /line 2, column `price`: expected a number or an empty cell, found "x"/,
    ],
    [
      "a row twice",
      "date,asset,price,volatility,prediction\n2024-01-01,A,1,1,1\n2024-01-01,A,1,1,1\n",
      /line 3: expected each time of an asset once/,
    ],
    [
      "no asset in a row",
      "date,asset,price,volatility,prediction\n2024-01-01,,1,1,1\n",
      /line 2: expected an asset, found an empty cell/,
    ],
    [
      "a price of 0",
      "date,asset,price,volatility,prediction\n2024-01-01,A,0,1,1\n",
      /column `price` of A: expected prices above 0/,
    ],
    [
      "too few bars",
      "date,asset,price,volatility,prediction\n2024-01-01,A,1,1,1\n",
      /expected bars with a price, a volatility and a prediction/,
    ],
    ["a Parquet file cut short", "PAR1 and no more", /expected a whole Parquet file/],
  ])("refuses %s", async (_name, text, wanted) => {
    const {exitCode, stdout, stderr} = await evaluated(text);
    expect(stderr).toMatch(wanted);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it("refuses flags that cannot be", async () => {
    const {exitCode, stderr} = await evaluated(longCsv(SAMPLE), "--burn-in-bars", "1.5");
    expect(stderr).toMatch(/--burn-in-bars: expected a whole number from 0, found 1.5/);
    expect(exitCode).toBe(2);
  });
});
