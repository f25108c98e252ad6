import {describe, expect, it} from "vitest";
import type {Figure} from "../../../src/report/figure.js";
import {cumulativePnlFigure} from "../../../src/report/investor/cumulative-pnl-figure.js";
import {parseEndDate} from "../../../src/report/investor/end-date.js";
import {investorWindows} from "../../../src/report/investor/investor-pnl.js";
import {joinPnl, joinRuns} from "../../../src/report/investor/join-pnl.js";
import {lastHours, type PnlSeries, totalOf, upTo} from "../../../src/report/investor/pnl-series.js";
import {windowFacts} from "../../../src/report/investor/window-facts.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";

const START = Date.UTC(2025, 5, 1);

/** Bars of an hour, the first ending an hour after `from` hours, each earning `pnl`. */
function series([from, bars]: [number, number], pnl: number, changes: Partial<PnlSeries> = {}) {
  return {
    name: "x",
    title: "Cumulative net PnL",
    remark: "",
    index: Float64Array.from({length: bars}, (_, i) => START + (from + i + 1) * HOUR_MS),
    netPnl: new Float64Array(bars).fill(pnl),
    gmv: new Float64Array(bars).fill(Number.NaN),
    capital: 1_000,
    feeBps: Number.NaN,
    targetGmv: Number.NaN,
    model: "C1",
    market: "",
    origin: "backtest",
    barMs: HOUR_MS,
    ...changes,
  } satisfies PnlSeries;
}

const live = (hours: [number, number], pnl: number, changes: Partial<PnlSeries> = {}) =>
  series(hours, pnl, {origin: "production", ...changes});

describe("a history joined to live PnL", () => {
  it("that touches it has a joint and nothing to say", () => {
    const {series: joined, notes} = joinPnl(series([0, 24], 1), live([24, 3], 10));
    expect(joined.index).toHaveLength(27);
    expect(totalOf(joined.netPnl)).toBe(54);
    expect(joined).toMatchObject({joint: START + DAY_MS, origin: "backtest"});
    expect(joined.liveOrigin).toBe("production");
    expect(notes).toEqual([]);
  });

  it("that goes on beside it ends where it begins, and says what was left out", () => {
    const {series: joined, notes} = joinPnl(series([0, 24], 1), live([20, 10], 10));
    expect(joined.index).toHaveLength(30);
    expect(totalOf(joined.netPnl)).toBe(20 + 100);
    expect(notes).toEqual([
      "4 bars of the backtest are as new as the live PnL; these (+$4) are left out: what was " +
        "earned live counts.",
    ]);
  });

  it("that ended before leaves a gap, which is told and not filled", () => {
    const {series: joined, notes} = joinPnl(series([0, 24], 1), live([30, 2], 10));
    expect(joined.index).toHaveLength(26);
    expect(notes).toEqual([
      "Between the backtest and the live PnL 6 h are missing (2025-06-02 00:00 to " +
        "2025-06-02 06:00 UTC); nothing is counted there.",
    ]);
  });

  it("net of other fees says both, and has no fee of its own", () => {
    const [past, now] = [series([0, 24], 1, {feeBps: 0}), live([24, 3], 10, {feeBps: 2})];
    const {series: joined, notes} = joinPnl(past, now);
    expect(joined.feeBps).toBeNaN();
    expect(notes).toEqual([
      "The backtest is net of fees of 0.0 bps of the value traded, the live PnL of 2.0 bps.",
    ]);
    const {layout} = cumulativePnlFigure(joined);
    expect((layout.title as {text: string}).text).toContain("· net of fees · capital $1,000");
    expect(joinPnl({...past, feeBps: 2}, now)).toMatchObject({series: {feeBps: 2}, notes: []});
    expect(joinPnl(past, live([0, 27], 10, {feeBps: 2})).series.feeBps).toBe(2);
    const runs = joinRuns([live([0, 2], 1, {feeBps: 1}), live([2, 2], 1, {feeBps: 2})]);
    expect(runs?.series.feeBps).toBeNaN();
  });

  it("on another capital is not scaled, and says so", () => {
    const {notes} = joinPnl(series([0, 24], 1), live([24, 3], 10, {capital: 5_000}));
    expect(notes[0]).toContain("The backtest stands on $1,000, the live PnL on $5,000");
    expect(joinPnl(series([0, 24], 1, {capital: Number.NaN}), live([24, 3], 10)).notes).toEqual([]);
  });

  it("that is wholly newer is only live", () => {
    const {series: joined} = joinPnl(series([10, 5], 1), live([0, 3], 10));
    expect(joined).toMatchObject({origin: "production"});
    expect(joined.joint).toBeUndefined();
  });

  it("is itself without live PnL", () => {
    const history = series([0, 3], 1);
    expect(joinPnl(history, undefined)).toEqual({series: history, notes: []});
    expect(joinPnl(history, live([3, 0], 1))).toEqual({series: history, notes: []});
  });
});

describe("runs of one system", () => {
  it("follow each other; where two have a bar, it is the later run's", () => {
    const joined = joinRuns([live([20, 10], 100), live([0, 24], 1)]);
    expect(joined?.series.index).toHaveLength(30);
    expect(totalOf(joined?.series.netPnl as Float64Array)).toBe(20 + 1_000);
    expect(joined?.notes).toEqual(["4 bars of two runs are those of the later one."]);
  });

  it("tell of pauses between them", () => {
    expect(joinRuns([live([0, 2], 1), live([5, 2], 1)])?.notes).toEqual([
      "1 pause between runs: nothing is counted there.",
    ]);
    expect(joinRuns([live([0, 0], 1)])).toBeUndefined();
  });
});

describe("windows of a joined series", () => {
  it("that are wholly live are no backtest", () => {
    const {series: joined} = joinPnl(series([0, 48], 1), live([48, 30], 10));
    const day = lastHours(joined, 24);
    expect([day.origin, day.joint, totalOf(day.netPnl)]).toEqual(["production", undefined, 240]);
    expect(lastHours(joined, 40).joint).toBe(START + 2 * DAY_MS);
  });

  it("say the same on page and picture", () => {
    const {sinceFirstYear, notes} = investorWindows(series([0, 48], 1), [live([48, 30], 10)]);
    expect(windowFacts(sinceFirstYear)).toEqual({
      name: "since_2025",
      first: "2025-06-01 01:00",
      last: "2025-06-04 06:00",
      bars: 78,
      netPnl: 348,
    });
    expect(notes).toEqual([]);
    const texts = cumulativePnlFigure(sinceFirstYear).layout.annotations as {text: string}[];
    expect(texts.map(({text}) => text)).toContain("<b>+$348</b>");
  });

  it("end with the end date", () => {
    expect(upTo(series([0, 48], 1), parseEndDate("2025-06-01")).index).toHaveLength(24);
    expect(upTo(series([0, 48], 1), parseEndDate("20250601_120000")).index).toHaveLength(12);
    expect(parseEndDate("20250601")).toBe(START + DAY_MS);
    expect(parseEndDate("")).toBe(Infinity);
    expect(() => parseEndDate("June", "--end-date")).toThrow(/^--end-date: expected a day as/);
  });
});

describe("the picture of a joined series", () => {
  const joined = joinPnl(series([0, 24], 1), live([24, 24], -1)).series;
  const textsOf = ({layout}: Figure) =>
    (layout.annotations as {text: string}[]).map(({text}) => text);

  it("has two lines that meet in the joint, which is marked and named", () => {
    const figure = cumulativePnlFigure(joined);
    expect(figure.data.map(({name}) => name)).toEqual(["net PnL, backtest", "net PnL, production"]);
    const [before, after] = figure.data as unknown as {x: number[]; y: number[]}[];
    expect([before?.x.at(-1), before?.y.at(-1)]).toEqual([START + DAY_MS, 24]);
    expect([after?.x[0], after?.y[0], after?.y.at(-1)]).toEqual([START + DAY_MS, 24, 0]);
    expect(figure.layout.shapes).toMatchObject([{x0: START + DAY_MS, x1: START + DAY_MS}]);
    expect(textsOf(figure)).toEqual(
      expect.arrayContaining(["backtest", "production since 2025-06-02"]),
    );
    const {text} = figure.layout.title as {text: string};
    expect(text).toContain("Backtest and production of C1<");
    expect(text).toContain("net of fees · capital $1,000");
  });

  it("leaves the GMV out where it is not known", () => {
    const figure = cumulativePnlFigure(joined);
    expect(figure.layout).not.toHaveProperty("yaxis2");
    expect(textsOf(figure).join()).not.toContain("Gross market value");
  });
});
