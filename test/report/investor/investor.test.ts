import {describe, expect, it} from "vitest";
import type {Figure} from "../../../src/report/figure.js";
import {
  cumulativePnlFigure,
  cumulativePnlView,
} from "../../../src/report/investor/cumulative-pnl-figure.js";
import {
  headlineRow,
  headlineSummary,
  investorHeadline,
} from "../../../src/report/investor/investor-headline.js";
import {investorPictures, investorWindows} from "../../../src/report/investor/investor-pnl.js";
import {
  liveWindow,
  type PnlSeries,
  runSeries,
  totalOf,
} from "../../../src/report/investor/pnl-series.js";
import {formatGain} from "../../../src/report/number-text.js";
import {HOUR_MS, MINUTE_MS} from "../../../src/time/epoch.js";
import {recordedRun} from "../sample-recorded-run.js";

/** A backtest that earns 10 an hour from the first instant on. */
function history(first: number, hours: number, changes: Partial<PnlSeries> = {}): PnlSeries {
  return {
    name: "history",
    title: "Cumulative net PnL",
    remark: "",
    index: Float64Array.from({length: hours}, (_, i) => first + (i + 1) * HOUR_MS),
    netPnl: new Float64Array(hours).fill(10),
    gmv: new Float64Array(hours).fill(1e6),
    capital: 1e6,
    feeBps: 2.5,
    targetGmv: 500_000,
    model: "C1",
    market: "simulated market 1h",
    origin: "backtest",
    barMs: HOUR_MS,
    ...changes,
  };
}

const NEW_YEAR = Date.UTC(2025, 0, 1);

describe("the four windows", () => {
  const long = history(NEW_YEAR - 10 * HOUR_MS, 30);
  const run = runSeries(recordedRun(30));

  it("begin with their year; a bar that ends at New Year is of the old one", () => {
    const {sinceFirstYear, sinceLastYear} = investorWindows(long, []);
    expect([sinceFirstYear.name, sinceFirstYear.index.length]).toEqual(["since_2024", 30]);
    expect([sinceLastYear?.name, sinceLastYear?.index.length]).toEqual(["since_2025", 20]);
  });

  it("leave the second out where the data has one year", () => {
    expect(investorWindows(history(NEW_YEAR, 5), []).sinceLastYear).toBeUndefined();
  });

  it("take the years that are asked for", () => {
    const {sinceFirstYear, sinceLastYear} = investorWindows(long, [run], {
      firstYear: 2025,
      lastYear: 2025,
    });
    expect(sinceFirstYear.name).toBe("since_2025");
    expect(sinceLastYear).toBeUndefined();
  });

  it("cut the last hours and minutes of a run, and say what it earned in all", () => {
    const {lastDay, live} = investorWindows(long, [run], {lastHours: 1, lastMinutes: 5});
    expect([lastDay?.name, lastDay?.index.length]).toEqual(["last_1hours", 12]);
    expect([live?.name, live?.index.length]).toEqual(["last_5minutes", 1]);
    expect(live?.title).toBe("Cumulative net PnL, last 5 minutes");
    expect(live?.remark).toBe(`the run so far ${formatGain(totalOf(run.netPnl))}`);
  });

  it("show the last minutes alone in the figure of that name, or the last, longer bar", () => {
    const minutes = (step: number, count: number) =>
      history(NEW_YEAR, count, {
        index: Float64Array.from({length: count}, (_, i) => NEW_YEAR + (i + 1) * step * MINUTE_MS),
        barMs: step * MINUTE_MS,
      });
    const shown = (series: PnlSeries) => {
      const {name, title, ...rest} = liveWindow(series);
      const [line] = cumulativePnlFigure({name, title, ...rest}).data as {
        x: number[];
        y: number[];
      }[];
      const ends = (line?.x ?? []).map((time) => (time - NEW_YEAR) / MINUTE_MS);
      return [name, title.split(", ")[1], ends, line?.y];
    };
    const five = ["last_5minutes", "last 5 minutes"];
    expect(shown(minutes(5, 200))).toEqual([...five, [995, 1_000], [0, 10]]);
    expect(shown(minutes(1, 600))).toEqual([
      ...five,
      [595, 596, 597, 598, 599, 600],
      [0, 10, 20, 30, 40, 50],
    ]);
    expect(shown(minutes(60, 23))).toEqual(["last_5minutes", "last bar", [1_320, 1_380], [0, 10]]);
    const [name, , ends] = shown(minutes(60, 25)) as [string, string, number[]];
    expect([name, ends[0], ends.at(-1)]).toEqual(["last_24hours", 60, 1_500]);
  });

  it("become picture files under the names that stay", () => {
    const names = investorPictures(investorWindows(long, [run])).map(({fileName}) => fileName);
    expect(names).toEqual([
      "cumulative_pnl.since_2024.png",
      "cumulative_pnl.since_2025.png",
      "cumulative_pnl.last_24hours.png",
      "cumulative_pnl.last_5minutes.png",
    ]);
    const short = investorWindows(history(NEW_YEAR, 5), [runSeries(recordedRun(0))]);
    expect(investorPictures(short)).toHaveLength(1);
  });
});

describe("the picture for investors", () => {
  const textsOf = ({layout}: Figure): string[] =>
    (layout.annotations as {text: string}[]).map(({text}) => text);

  it("adds up net PnL and writes the last value at the line", () => {
    const figure = cumulativePnlFigure(history(NEW_YEAR, 3));
    const [line] = figure.data as unknown as {x: number[]; y: number[]}[];
    expect([line?.x[0], line?.y]).toEqual([NEW_YEAR, [0, 10, 20, 30]]);
    expect(textsOf(figure)).toContain("<b>+$30</b>");
  });

  it("leaves room for a last value of any length", () => {
    const roomOf = (each: number) => {
      const series = history(NEW_YEAR, 3, {netPnl: new Float64Array(3).fill(each)});
      return (cumulativePnlFigure(series).layout.margin as {r: number}).r;
    };
    expect(roomOf(10)).toBe(130);
    expect(roomOf(1e8 / 3)).toBeGreaterThanOrEqual(8 + 12 * 11.5); // +$100,000,000
  });

  it("says what it is: backtest, market, period, fee, capital", () => {
    const figure = cumulativePnlFigure(history(NEW_YEAR, 3));
    const {text} = figure.layout.title as {text: string};
    for (const words of [
      "Backtest of C1 on simulated market 1h",
      "2025-01-01 01:00 to 2025-01-01 03:00 UTC",
      "net of fees (2.5 bps of the value traded)",
      "capital $1,000,000",
    ]) {
      expect(text).toContain(words);
    }
    expect(textsOf(figure)).toContain("backtest<br>simulated market");
  });

  it("shows a single bar as one: its time, its value as a dot, the capital as a line", () => {
    const {data, layout} = cumulativePnlFigure(history(NEW_YEAR, 1));
    const traces = data as {name: string; mode: string; x: number[]}[];
    const [gmv, capital] = ["GMV", "capital"].map((name) =>
      traces.find((one) => one.name === name),
    );
    const end = NEW_YEAR + HOUR_MS;
    expect([gmv?.mode, gmv?.x]).toEqual(["markers", [end]]);
    expect([capital?.mode, capital?.x]).toEqual(["lines", [NEW_YEAR, end]]);
    expect((layout.title as {text: string}).text).toContain("bar 2025-01-01 01:00 UTC");
  });

  it("has no GMV before the first fill, and keeps what fell to nothing later", () => {
    const {portfolio, facts} = recordedRun(4);
    const gmvOf = (gmv: number[]) => {
      const {columns, data} = portfolio.statistics;
      const columnsWith = data.map((column, j) =>
        columns[j] === "gmv" ? Float64Array.from(gmv) : column,
      );
      const statistics = {...portfolio.statistics, data: columnsWith};
      return Array.from(runSeries({facts, portfolio: {...portfolio, statistics}}).gmv);
    };
    expect(gmvOf([0, 0, 200, 0])).toEqual([Number.NaN, Number.NaN, 200, 0]);
    expect(gmvOf([0, 0, 0, 0])).toEqual([0, 0, 0, 0]);
  });

  it("marks a run on a recorded market as neither", () => {
    const series = runSeries(recordedRun(30));
    const figure = cumulativePnlFigure({...series, market: "binance 5m"});
    expect(textsOf(figure).join(" ")).not.toMatch(/backtest|simulated/);
    const {text} = figure.layout.title as {text: string};
    expect(text).toContain("Paper trading of C1 on binance 5m");
  });

  it("uses large type, dollar ticks and few points", () => {
    const {data, layout} = cumulativePnlFigure(history(NEW_YEAR, 50_000));
    expect(layout.font).toMatchObject({size: 17});
    expect(layout.yaxis).toMatchObject({tickformat: "$,.0f"});
    const {x, y} = data[0] as {x: readonly number[]; y: readonly number[]};
    expect(x.length).toBeLessThanOrEqual(20_000);
    expect(y.at(-1)).toBe(500_000);
  });

  it("escapes hostile names", () => {
    const figure = cumulativePnlFigure(history(NEW_YEAR, 3, {market: "<a href='x'>m</a>"}));
    expect((figure.layout.title as {text: string}).text).toContain("&lt;a href=");
  });

  it("is a sentence where there is nothing to draw", () => {
    expect(cumulativePnlView(undefined, "None.")).toHaveProperty("text", "None.");
    expect(cumulativePnlView(runSeries(recordedRun(0)))).toHaveProperty(
      "text",
      "Cumulative net PnL of the run: no bar was recorded.",
    );
    expect(cumulativePnlView(runSeries(recordedRun(1)))).toHaveProperty("data");
  });
});

describe("the headline", () => {
  it("compounds UTC days on the capital", () => {
    // 100 days of 240 a day, of which every fourth loses 240.
    const series = history(NEW_YEAR, 2400);
    const netPnl = series.netPnl.map((x, i) => (Math.floor(i / 24) % 4 === 3 ? -x : x));
    const figures = investorHeadline({...series, netPnl});
    expect(figures).toMatchObject({days: 100, hitRate: 0.75, isAnnualised: true});
    expect(figures.netPnl).toBe(12_000);
    expect(figures.totalReturn).toBeCloseTo(0.012, 12);
    expect(figures.annualReturn).toBeCloseTo(1.012 ** 3.65 - 1, 12);
    const {text} = headlineRow(figures);
    expect(text).toContain("Net PnL: +$12,000 (after fees)");
    expect(text).toContain("Total return: 1.20% (on capital)");
    expect(text).toContain("annual figures count 365 days a year");
  });

  it("annualises nothing under 90 days and says why", () => {
    const figures = investorHeadline(history(NEW_YEAR, 48));
    const {text} = headlineRow(figures);
    expect(text).toContain("Annual return: n/a");
    expect(text).toContain("Sharpe ratio: n/a");
    expect(text).toContain("From 2 UTC days: a year needs 90, so nothing is annualised.");
    expect(headlineSummary(figures)).toMatchObject({days: 2, annualReturn: null, sharpe: null});
  });

  it("says first how the numbers came about, at what size and fee", () => {
    const series = history(NEW_YEAR, 48);
    const {text, html} = headlineRow(investorHeadline(series), series);
    const words = "Backtest of C1 on simulated market 1h, which is invented, target GMV $500,000";
    expect(text.startsWith(words)).toBe(true);
    expect(text).toContain("fee 2.5 bps");
    expect(html.indexOf("Backtest")).toBeLessThan(html.indexOf("Net PnL"));
  });

  it("says so where there is no day", () => {
    const figures = investorHeadline(history(NEW_YEAR, 0));
    expect(headlineRow(figures).html).toContain("verdict-empty");
    const summary = headlineSummary(figures);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});
