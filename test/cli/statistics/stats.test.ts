import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {DAY_MS, HOUR_MS, toIso} from "../../../src/time/epoch.js";
import {withFolder} from "../../market/sample-bars.js";
import {HAS_SHARED, NEEDS_SHARED, readJson} from "../../oracles/shared.js";
import {type CommandResult, reckon} from "../command-line.js";

/** `reckon stats` of these texts, the first one named in `args` as FILE, the second as OTHER. */
async function statsOf(texts: string | string[], ...args: string[]): Promise<CommandResult> {
  let found: CommandResult | undefined;
  await withFolder(async (dir) => {
    const paths = [texts].flat().map((text, i) => {
      const path = join(dir, `file${i}.csv`);
      writeFileSync(path, text);
      return path;
    });
    const named = args.map((arg) => (arg === "OTHER" ? (paths[1] as string) : arg));
    found = await reckon("stats", paths[0] as string, ...named);
    found = {...found, stderr: found.stderr.replaceAll(`${dir}/`, "")};
  });
  return found as CommandResult;
}

const START = Date.UTC(2024, 0, 1);
const day = (t: number): string => toIso(START + t * DAY_MS).slice(0, 10);
const noise = (count: number): number[] => {
  const random = new SeededRandom(4);
  return Array.from({length: count}, () => 0.01 * random.student());
};
const csv = (head: string, rows: readonly (readonly [string, number | string])[]): string =>
  [`date,${head}`, ...rows.map((row) => row.join(","))].join("\n");
const daily = (returns: readonly number[]): string =>
  csv(
    "return",
    returns.map((r, t) => [day(t), r]),
  );

type Entry = {value: number | null; low: number; high: number; n: number; convention: string};
type Document = {statistics: Record<string, Entry & {flag?: string}>; [name: string]: unknown};
const documentOf = async (...args: Parameters<typeof statsOf>): Promise<Document> =>
  JSON.parse((await statsOf(args[0], ...args.slice(1).map(String), "--json")).stdout) as Document;

describe("reckon stats", () => {
  it.skipIf(!HAS_SHARED)(`says what three libraries say of bitcoin${NEEDS_SHARED}`, async () => {
    const {series, results} = readJson<{
      series: {BTC: {dates: string[]; returns: number[]}};
      results: {BTC: {empyrical_365: Record<string, number>}};
    }>("oracles/metrics/cross_implementation_daily_crypto.json");
    const {dates, returns} = series.BTC;
    const text = csv(
      "return",
      dates.map((date, t) => [date, returns[t]!]),
    );
    const {statistics} = await documentOf(text, "--periods-per-year", "365");
    expect(Object.keys(statistics).length).toBeGreaterThanOrEqual(60);
    for (const [key, wanted] of Object.entries(results.BTC.empyrical_365)) {
      expect(statistics[key]!.value, key).toBeCloseTo(wanted, 12);
      expect(statistics[key], key).toMatchObject({n: 1_096, convention: "empyrical"});
    }
    const {low, high} = statistics.sharpe_ratio!;
    expect([low < 0.7, high > 0.71]).toEqual([true, true]);
  });

  it("prints the same bytes twice, other intervals for another seed", async () => {
    const text = daily(noise(200));
    const [a, b, c] = [
      await statsOf(text, "--json"),
      await statsOf(text, "--json"),
      await statsOf(text, "--json", "--seed", "2"),
    ];
    expect(a).toEqual(b);
    expect(a!.stdout).not.toBe(c!.stdout);
  });

  it("compounds bars into days of a zone and says so", async () => {
    const hours = noise(24 * 120);
    const text = csv(
      "return",
      hours.map((r, t) => [toIso(START + (t + 1) * HOUR_MS), r]),
    );
    const utc = await documentOf(text);
    expect(utc).toMatchObject({periods: 120, basis: {day_boundary: "00:00 UTC"}});
    const total = hours.reduce((wealth, r) => wealth * (1 + r), 1) - 1;
    expect(utc.statistics.cum_returns_final!.value).toBeCloseTo(total, 12);
    const first = hours.slice(0, 24).reduce((wealth, r) => wealth * (1 + r), 1) - 1;
    const days = await documentOf(daily([first, 0]));
    expect(days.statistics.best!.value).toBeCloseTo(Math.max(first, 0), 12);
    const zurich = await documentOf(text, "--timezone", "Europe/Zurich");
    expect(zurich).toMatchObject({periods: 121, basis: {day_boundary: "00:00 Europe/Zurich"}});
  });

  it("turns PnL into returns on capital or GMV, and without says what it can", async () => {
    const pnl = noise(100).map((r) => 1e4 * r);
    const text = csv(
      "pnl",
      pnl.map((x, t) => [day(t), x]),
    );
    const capital = await documentOf(text, "--capital", "100000");
    const total = pnl.reduce((sum, x) => sum + x, 0);
    expect(capital.statistics.cum_returns_final!.value).toBeCloseTo(total / 1e5, 10);
    const gmv = await documentOf(text, "--gmv", "50000");
    expect(gmv.statistics.best!.value).toBeCloseTo(Math.max(...pnl) / 5e4, 12);
    const bare = await documentOf(text);
    expect(bare.statistics.cagr).toMatchObject({value: null, flag: expect.stringMatching(/--gmv/)});
    expect(bare.statistics.sharpe_ratio!.value).toBeCloseTo(
      gmv.statistics.sharpe_ratio!.value as number,
      10,
    );
  });

  it("adds a benchmark's statistics over the days that both have", async () => {
    const returns = noise(150);
    const half = csv(
      "return",
      returns.slice(30).map((r, t) => [day(t + 30), r / 2]),
    );
    const {statistics} = await documentOf([daily(returns), half], "--benchmark", "OTHER");
    expect(statistics.beta!.value).toBeCloseTo(2, 10);
    expect(statistics.beta!.n).toBe(120);
    expect(statistics.beta!.low).toBeCloseTo(2, 8);
  });

  it("flags instead of annualising fewer than 90 days", async () => {
    const {statistics} = await documentOf(daily(noise(30)));
    const flag = "not shown: fewer than 90 days";
    expect(statistics.sharpe_ratio).toMatchObject({value: null, low: null, high: null, flag});
    expect(statistics.cagr).toMatchObject({value: null, flag});
    expect(statistics.max_drawdown!.value).toBeLessThan(0);
    expect((await statsOf(daily(noise(30)))).stdout).toContain(flag);
  });

  it("tells that the dates contradict the periods of a year", async () => {
    const weekly = csv(
      "return",
      noise(60).map((r, t) => [day(7 * t), r]),
    );
    const warning =
      "The dates are 7 days apart, about 52 a year, but a year is taken to have 365 periods: " +
      "volatility and Sharpe ratio are 2.6 times too large, other annual figures are wrong too; " +
      "52 would fit.";
    expect((await documentOf(weekly)).warnings).toEqual([warning]);
    expect((await statsOf(weekly)).stdout).toContain(`Warning: ${warning}`);
    expect((await documentOf(weekly, "--periods-per-year", "52")).warnings).toEqual([]);
    expect((await documentOf(daily(noise(60)))).warnings).toEqual([]);
  });

  it("lists drawdowns with their days", async () => {
    const prices = [100, 101, 99, 98, 97, 101, 99];
    const returns = prices.map((price, t) => price / (prices[t - 1] ?? price) - 1);
    const {drawdowns} = await documentOf(daily(returns));
    expect(drawdowns).toMatchObject([
      {peak: day(1), start: day(2), valley: day(4), recovery: day(5), calendar_days: 3},
      {peak: day(5), start: day(6), recovery: null, calendar_days: 1, is_ongoing: true},
    ]);
    expect((await statsOf(daily(returns))).stdout).toContain("1 so far");
  });
});

describe("reckon stats of very little", () => {
  it("says what one row says, and flags the rest", async () => {
    const {statistics} = await documentOf("date,return\n2024-01-01,-0.5\n");
    expect(statistics).toMatchObject({
      cum_returns_final: {value: -0.5, n: 1},
      max_drawdown: {value: -0.5},
      sharpe_ratio: {value: null, flag: "not shown: fewer than 90 days"},
      gpd_value_at_risk: {value: null, flag: "not defined", convention: "empyrical"},
    });
  });

  it("counts drawdowns as the convention does, and says so", async () => {
    const text = daily([-0.1, 0.02, 0.2, -0.01]);
    expect((await statsOf(text)).stdout).toContain("the starting capital is a peak");
    const {stdout} = await statsOf(text, "--convention", "pyfolio");
    expect(stdout).toContain("the first period is a peak");
  });
});

describe("reckon stats says what is wrong with a file, with its line, and exits with 2", () => {
  const rows = (...cells: string[]): string =>
    ["date,return", "2024-01-01,0.01", ...cells].join("\n");
  it.each([
    ["an empty file", "", /file0\.csv: expected a csv with heads, found an empty file/],
    ["only heads", "date,return\n", /expected a row below the heads, found none/],
    ["semicolons", "date;return\n2024-01-01;1\n", /part columns by commas, not by semicolons/],
    ["tabs", "date\treturn\n2024-01-01\t1\n", /part columns by commas, not by tabs/],
    ["no date", "when,return\n1,2\n", /line 1: expected a column `date`.*"when", "return"/],
    ["no value", "date,profit\n1,2\n", /line 1: expected a column `return` or `pnl`/],
    ["both", "date,return,pnl\n", /line 1: expected one of `return` and `pnl`, found `return` and/],
    ["text", rows("2024-01-02,abc"), /line 3, column `return`: expected a number, found "abc"/],
    ["per cent", rows("2024-01-02,1%"), /line 3.*found "1%"; write fractions/],
    ["an empty cell", rows("2024-01-02,"), /line 3.*expected a number, found an empty cell/],
    ["no cell", rows("2024-01-02"), /line 3.*found an empty cell/],
    ["NaN", rows("2024-01-02,NaN"), /line 3.*expected a number, found "NaN"/],
    ["infinity", rows("2024-01-02,inf"), /line 3.*expected a number, found "inf"/],
    ["a total loss", rows("2024-01-02,-1"), /line 3.*expected a return above -1.*found -1/],
    ["more than all", rows("2024-01-02,-1.5"), /line 3.*expected a return above -1/],
    ["no such day", rows("2024-02-30,0"), /line 3, column `date`: expected a date such as/],
    ["a date twice", rows("2024-01-01,0"), /line 3.*found 2024-01-01 once more; leave one/],
    ["not in order", rows("2023-12-31,0"), /line 3.*2023-12-31, which is earlier; sort/],
    ["times among dates", rows("2024-01-02T00:00:00Z,0"), /line 3.*a date without a time as befo/],
    [
      "a time without its offset",
      "date,return\n2024-01-01T00:00:00Z,0\n2024-01-02T00:00:00,0\n",
      /line 3.*expected a time with a UTC offset as before, found a time without a UTC offset/,
    ],
    [
      "another zone",
      "date,return\n2024-01-01T00:00:00Z,0\n2024-01-02T00:00:00-05:00,0\n",
      /line 3.*expected the UTC offset of the first row, \+00:00, found -05:00/,
    ],
  ])("%s", async (_name, text, wanted) => {
    const {exitCode, stdout, stderr} = await statsOf(text);
    expect(stderr.replaceAll("\n", " ")).toMatch(wanted);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it.each([
    [["--timezone", "Mars"], /--timezone: expected the name of a time zone/],
    [["--periods-per-year", "0"], /--periods-per-year: expected above 0, found 0/],
    [["--capital", "5"], /--capital: expected a file of `pnl`/],
    [["--convention", "mine"], /mine/],
    [["--benchmark", "nowhere.csv"], /nowhere.csv: expected a csv file, found no such file: \//],
    [["--benchmark", "."], /\.: expected a csv file, found a folder/],
    [["--resamples", "7"], /--resamples: expected a whole number from 100/],
  ])("%s", async (flags, wanted) => {
    const {exitCode, stderr} = await statsOf(daily(noise(20)), ...flags);
    expect(stderr).toMatch(wanted);
    expect(exitCode).toBe(2);
  });

  it("more PnL lost than there was", async () => {
    const text = csv("pnl", [
      [day(0), 10],
      [day(1), -200],
    ]);
    const {exitCode, stderr} = await statsOf(text, "--capital", "100");
    expect(stderr).toMatch(/2024-01-02: expected a loss smaller than the wealth.*-200 of 110/);
    expect(exitCode).toBe(2);
  });
});
