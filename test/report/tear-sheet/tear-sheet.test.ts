import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import type {Figure} from "../../../src/report/figure.js";
import type {Sentence} from "../../../src/report/sentence.js";
import * as sheet from "../../../src/report/tear-sheet/tear-sheet-door.js";
import {withFolder} from "../../market/sample-bars.js";
import {writeHourlyPnl, writeSheetFiles} from "./sample-sheet.js";

type View = Figure | Sentence;

const ROLLING = ["sharpe", "sortino", "volatility", "beta"] as const;

/** Every figure and table of a page, by name. */
function viewsOf(page: sheet.TearSheet): Record<string, View> {
  const {series} = page;
  return {
    growth: sheet.growthFigure(series),
    logGrowth: sheet.logGrowthFigure(series),
    matched: sheet.volatilityMatchedFigure(series),
    worst: sheet.worstDrawdownsFigure(page),
    drawdowns: sheet.drawdownsView(page),
    underwater: sheet.underwaterFigure(page),
    months: sheet.monthlyHeatmap(series),
    years: sheet.yearlyFigure(series),
    distribution: sheet.distributionFigure(series),
    quantiles: sheet.quantileFigure(series),
    every: sheet.everyReturnFigure(series),
    ...Object.fromEntries(ROLLING.map((name) => [name, sheet.rollingFigure(page, name)])),
    weekdays: sheet.weekdayFigure(series),
    hours: sheet.hourlyFigure(series),
    exposure: sheet.exposureFigure(page),
    top: sheet.topPositionsView(page),
    concentration: sheet.concentrationFigure(page),
    turnover: sheet.turnoverFigure(page),
    trips: sheet.roundTripsView(page),
    statistics: sheet.statisticsView(page),
  };
}

const isFigure = (view: View): view is Figure => "layout" in view;
const textOf = (view: View): string => (isFigure(view) ? "" : view.text);
const traceOf = (view: View, at = 0): Record<string, unknown> =>
  (view as Figure).data[at] as Record<string, unknown>;

describe("a tear sheet of two years with everything", () => {
  it("draws every figure and leaves out only what the data lacks", async () => {
    await withFolder(async (dir) => {
      const page = sheet.loadTearSheet({...writeSheetFiles(dir, 731), periodsPerYear: 365});
      const views = viewsOf(page);
      const missing = Object.entries(views).filter(([, v]) => /not shown/.test(textOf(v)));
      expect(missing.map(([name]) => name)).toEqual(["hours"]);
      expect(Object.values(views).filter(isFigure).length).toBe(18);
      const bytes = JSON.stringify(Object.values(views)).length;
      expect(bytes).toBeLessThan(200_000);
    });
  });

  it("ends its lines at the numbers that it prints", async () => {
    await withFolder(async (dir) => {
      const page = sheet.loadTearSheet({...writeSheetFiles(dir, 731), periodsPerYear: 365});
      const value = (key: string): number =>
        page.statistics.find((one) => one.key === key)?.value as number;
      const {growth, months, underwater, years, beta} = viewsOf(page);
      const lastOf = (trace: Record<string, unknown>) => (trace.y as number[]).at(-1) as number;
      expect(lastOf(traceOf(growth!, 1))).toBeCloseTo(value("cum_returns_final"), 4);
      expect(Math.min(...(traceOf(underwater!).y as number[]))).toBeCloseTo(
        value("max_drawdown"),
        4,
      );
      const product = (traceOf(years!, 1).y as number[]).reduce((w, r) => w * (1 + r), 1);
      expect(product - 1).toBeCloseTo(value("cum_returns_final"), 10);
      const cells = (traceOf(months!).z as (number | null)[][]).map((row) => row.slice(0, 12));
      expect(cells.flat().filter((r) => r !== null).length).toBe(24 + 1);
      expect(traceOf(beta!)).toMatchObject({dx: 86_400_000, x0: "2022-07-02"});
    });
  });

  it("names round trips, turnover and the largest positions", async () => {
    await withFolder(async (dir) => {
      const page = sheet.loadTearSheet({...writeSheetFiles(dir, 100), periodsPerYear: 365});
      const {trips, top, turnover, exposure} = viewsOf(page);
      // +10 long on AUSDT, −1 short on BUSDT.
      expect(textOf(trips!)).toMatch(/PnL, before fees +9\.00 +10\.00 +−1\.00/);
      expect(textOf(top!)).toMatch(/AUSDT +[\d.]+% +100\.0% +0\.0%/);
      // 20 bought on a gross of 100; the next day 30 + 8 on 101 + 50.
      expect((traceOf(turnover!).y as number[]).slice(0, 2)).toEqual([0.2, 0.25166]);
      expect(traceOf(exposure!, 1).y).toContain(Number((-50 / (101 - 50 + 1000)).toPrecision(5)));
    });
  });
});

describe("a tear sheet of little", () => {
  it("says what is not shown and why", async () => {
    await withFolder(async (dir) => {
      const {returnsPath} = writeSheetFiles(dir, 30);
      const empty = {benchmarkPath: "", positionsPath: "", tradesPath: "", capital: 0, gmv: 0};
      const page = sheet.loadTearSheet({returnsPath, ...empty, zone: "UTC"});
      const missing = Object.values(viewsOf(page)).map(textOf);
      const said = missing.filter((text) => /: not shown, because .+\.$/.test(text));
      expect(said.length).toBe(11);
      expect(said.join("\n")).toMatch(/Rolling Sharpe ratio.*30 periods are not more/);
      expect(sheet.tearSheetHeadline(page).text).toMatch(/not shown: fewer than 90 days/);
    });
  });

  it("warns in the headline of periods that the dates contradict", async () => {
    await withFolder(async (dir) => {
      const {returnsPath} = writeSheetFiles(dir, 100);
      const headline = (periodsPerYear: number): string =>
        sheet.tearSheetHeadline(sheet.loadTearSheet({returnsPath, periodsPerYear})).html;
      expect(headline(252)).toMatch(/verdict-differs.*Warning:.*days of all the week/);
      expect(headline(365)).not.toMatch(/Warning/);
    });
  });

  it("draws what never moves in a narrow range; large numbers have no hundredths", async () => {
    await withFolder(async (dir) => {
      const returnsPath = join(dir, "returns.csv");
      const {returnsPath: moving} = writeSheetFiles(dir, 5);
      const range = (path: string) => {
        const {logGrowth} = viewsOf(sheet.loadTearSheet({returnsPath: path}));
        return ((logGrowth as Figure).layout.yaxis as {range?: number[]}).range;
      };
      expect(range(moving)).toBeUndefined();
      writeFileSync(returnsPath, "date,return\n2024-01-01,0\n2024-01-02,0\n2024-01-03,0\n");
      expect(range(returnsPath)).toEqual([Math.log10(0.9), Math.log10(1.1)]);
      writeFileSync(returnsPath, "date,return\n2024-01-01,1\n2024-01-02,9\n2024-01-03,0.1\n");
      const page = sheet.loadTearSheet({returnsPath});
      expect(sheet.tearSheetHeadline(page).text).toContain("Total return: 2,100% (");
    });
  });

  it.each([2, 3])("of %d days is whole", async (days) => {
    await withFolder(async (dir) => {
      const page = sheet.loadTearSheet(writeSheetFiles(dir, days));
      expect(Object.keys(viewsOf(page)).length).toBe(23);
    });
  });

  it("shows the hours of intraday PnL over a capital", async () => {
    await withFolder(async (dir) => {
      const returnsPath = writeHourlyPnl(dir, 40);
      expect(() => sheet.loadTearSheet({returnsPath})).toThrow(/give the parameter capital or gmv/);
      const page = sheet.loadTearSheet({returnsPath, capital: 1e6});
      expect(page.series.index.length).toBe(40);
      const hours = traceOf(viewsOf(page).hours!).y as number[];
      expect(hours.indexOf(Math.max(...hours))).toBe(8);
      // 500 of about a million.
      expect(Math.max(...hours)).toBeCloseTo(5e-4, 4);
    });
  });

  it.each([
    ["positionsPath", "date,A\n2024-01-01,x\n", /line 2, column `A`: expected a number/],
    ["positionsPath", "when,A\n", /line 1: expected a column `date`/],
    ["positionsPath", "date,A\n2024-01-02,1\n2024-01-01,1\n", /line 3: expected a date after/],
    ["tradesPath", "date,symbol,amount\n", /line 1: expected a column `price`/],
    ["tradesPath", "date,symbol,amount,price\n2024-01-01,A,0,1\n", /line 2, column `amount`/],
    ["tradesPath", "date,symbol,amount,price\n2024-01-01,A,1,-1\n", /a price above 0/],
  ])("refuses %s %j", async (name, text, wanted) => {
    await withFolder(async (dir) => {
      const path = join(dir, "wrong.csv");
      writeFileSync(path, text);
      const {returnsPath} = writeSheetFiles(dir, 5);
      expect(() => sheet.loadTearSheet({returnsPath, [name]: path})).toThrow(wanted);
    });
  });
});
