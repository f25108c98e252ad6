import {existsSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {ReckonError} from "../../../src/errors.js";
import {headline} from "../../../src/stats/performance/headline.js";
import {dailyReturns, dailyReturnsOfPnl, dailySums} from "../../../src/stats/series/daily.js";
import {resample} from "../../../src/stats/series/resample.js";
import {frameFromRows} from "../../../src/table/frame.js";
import {DAY_MS, HOUR_MS} from "../../../src/time/epoch.js";
import {expectSameFrame, ORACLES} from "../../finance/oracle.js";

const NONE = Number.NaN;
const MONDAY = Date.UTC(2024, 0, 1);
const series = (cells: [time: number, value: number][]) =>
  frameFromRows(
    cells.map(([time]) => time),
    ["x"],
    cells.map(([, value]) => [value]),
  );

describe("resample", () => {
  const hours = series([
    [MONDAY + HOUR_MS, 1],
    [MONDAY + 2 * HOUR_MS, 2],
    [MONDAY + 4 * HOUR_MS, NONE],
    [MONDAY + 8 * HOUR_MS, 5],
  ]);

  it("puts rows into [a, b) named a, empty bins too", () => {
    expectSameFrame(
      resample(hours, {frequency: "2H"}),
      series([
        [MONDAY, 1],
        [MONDAY + 2 * HOUR_MS, 2],
        [MONDAY + 4 * HOUR_MS, NONE],
        [MONDAY + 6 * HOUR_MS, NONE],
        [MONDAY + 8 * HOUR_MS, 5],
      ]),
    );
  });

  it("puts rows into (a, b] named b", () => {
    expectSameFrame(
      resample(hours, {frequency: "4H", closed: "right", reduce: {x: "mean"}}),
      series([
        [MONDAY + 4 * HOUR_MS, 1.5],
        [MONDAY + 8 * HOUR_MS, 5],
      ]),
    );
  });

  it("counts bins from midnight, of another zone if asked", () => {
    const one = series([[MONDAY + 4 * HOUR_MS, 1]]);
    expect(resample(one, {frequency: "D", utcOffsetMs: -5 * HOUR_MS}).index[0]).toBe(
      MONDAY - DAY_MS + 5 * HOUR_MS,
    );
    expect(resample(one, {frequency: "7H"}).index[0]).toBe(MONDAY);
  });

  it("gives a weekend to its Friday and knows no Saturday", () => {
    const days = series([0, 4, 5, 6, 7].map((d) => [MONDAY + d * DAY_MS, 1]));
    expectSameFrame(
      resample(days, {frequency: "B"}),
      series([
        [MONDAY, 1],
        [MONDAY + DAY_MS, NONE],
        [MONDAY + 2 * DAY_MS, NONE],
        [MONDAY + 3 * DAY_MS, NONE],
        [MONDAY + 4 * DAY_MS, 3],
        [MONDAY + 7 * DAY_MS, 1],
      ]),
    );
  });

  it("handles times before 1970 and no rows, and refuses what is no frequency", () => {
    const old = series([[-3 * DAY_MS, 1]]);
    expect(resample(old, {frequency: "B"}).index[0]).toBe(-3 * DAY_MS);
    expect(resample(series([]), {frequency: "B"}).index.length).toBe(0);
    expect(() => resample(old, {frequency: "often"})).toThrow(ReckonError);
  });
});

describe("days", () => {
  const bars = series([
    [MONDAY + HOUR_MS, 0.1],
    [MONDAY + DAY_MS, 0.1],
    [MONDAY + DAY_MS + 1, -0.5],
    [MONDAY + 3 * DAY_MS, NONE],
    [MONDAY + 4 * DAY_MS, -1],
  ]);

  it("compound returns; midnight ends its day", () => {
    expectSameFrame(
      dailyReturns(bars),
      series([
        [MONDAY + DAY_MS, 0.21],
        [MONDAY + 2 * DAY_MS, -0.5],
        [MONDAY + 3 * DAY_MS, NONE],
        [MONDAY + 4 * DAY_MS, -1],
      ]),
      1e-12,
    );
  });

  it("add up money", () => {
    expect([...dailySums(bars).data[0]!]).toEqual([0.2, -0.5, NONE, -1]);
  });

  it("make returns of PnL that stays in the account", () => {
    const pnl = series([
      [MONDAY + HOUR_MS, 60],
      [MONDAY + DAY_MS, 40],
      [MONDAY + 2 * DAY_MS, -110],
    ]);
    expect([...dailyReturnsOfPnl(pnl, 1000).data[0]!]).toEqual([0.1, -0.1]);
  });

  it("of daily returns are those returns", () => {
    const daily = series([
      [MONDAY, 0.01],
      [MONDAY + DAY_MS, -0.02],
    ]);
    expectSameFrame(dailyReturns(daily), daily, 1e-15);
  });
});

const FILE = fileURLToPath(
  new URL(
    "../../../../shared/oracles/metrics/cross_implementation_daily_crypto.json",
    import.meta.url,
  ),
);

describe("headline", () => {
  it.skipIf(!existsSync(FILE))(
    `of three years of daily bitcoin: ${ORACLES} of three libraries`,
    () => {
      const {series: all, results} = JSON.parse(readFileSync(FILE, "utf8"));
      for (const periodsPerYear of [365, 252]) {
        const wanted = results.BTC[`empyrical_${periodsPerYear}`];
        const actual = headline(Float64Array.from(all.BTC.returns), periodsPerYear);
        expect(actual.days).toBe(1096);
        expect(actual.annualReturn).toBeCloseTo(wanted.annual_return, 12);
        expect(actual.annualVolatility).toBeCloseTo(wanted.annual_volatility, 12);
        expect(actual.sharpe).toBeCloseTo(wanted.sharpe_ratio, 12);
        expect(actual.sortino).toBeCloseTo(wanted.sortino_ratio, 12);
        expect(actual.calmar).toBeCloseTo(wanted.calmar_ratio, 12);
        expect(actual.totalReturn).toBeCloseTo(results.BTC.quantstats.comp, 12);
        expect(actual.maxDrawdown).toBeCloseTo(results.BTC.quantstats.max_drawdown, 12);
        expect(actual.hitRate).toBeCloseTo(results.BTC.quantstats.win_rate, 12);
      }
    },
  );

  it("by hand", () => {
    const actual = headline(Float64Array.of(0.1, NONE, -0.05, 0), 3);
    expect(actual.days).toBe(3);
    expect(actual.totalReturn).toBeCloseTo(0.045, 12);
    expect(actual.annualReturn).toBeCloseTo(0.045, 12);
    expect(actual.maxDrawdown).toBeCloseTo(-0.05, 12);
    expect(actual.calmar).toBeCloseTo(0.9, 10);
    expect(actual.sortino).toBeCloseTo((0.05 / 3 / Math.sqrt(0.0025 / 3)) * Math.sqrt(3), 12);
    expect(actual.hitRate).toBe(0.5);
  });

  it.each<[string, number[], Partial<Record<keyof ReturnType<typeof headline>, number>>]>([
    [
      "no day",
      [],
      {
        days: 0,
        totalReturn: NONE,
        annualReturn: NONE,
        sharpe: NONE,
        maxDrawdown: NONE,
        hitRate: NONE,
      },
    ],
    [
      "one day",
      [0.1],
      {
        totalReturn: 0.1,
        annualVolatility: NONE,
        sharpe: NONE,
        sortino: NONE,
        calmar: NONE,
        maxDrawdown: 0,
        hitRate: 1,
      },
    ],
    [
      "no variation",
      [0.01, 0.01],
      {annualVolatility: 0, sharpe: NONE, sortino: NONE, calmar: NONE},
    ],
    ["nothing moved", [0, 0], {totalReturn: 0, annualReturn: 0, sharpe: NONE, hitRate: NONE}],
    [
      "everything lost",
      [0.5, -1, 0.2],
      {totalReturn: -1, annualReturn: -1, maxDrawdown: -1, calmar: -1},
    ],
  ])("%s", (_name, returns, wanted) => {
    const actual = headline(Float64Array.from(returns), 365);
    for (const [name, want] of Object.entries(wanted)) {
      const got = actual[name as keyof typeof actual];
      expect
        .soft(
          Number.isNaN(want) ? Number.isNaN(got) : Math.abs(got - want) < 1e-12,
          `${name}: ${got}`,
        )
        .toBe(true);
    }
  });
});
