import {describe, expect, it} from "vitest";
import {
  cumulativeQuality,
  executionQuality,
} from "../../../src/report/execution/execution-quality.js";
import {
  executionCosts,
  executionCostsFigure,
  executionSharesFigure,
} from "../../../src/report/execution/execution-report.js";
import type {RecordedRun} from "../../../src/report/recorded-run.js";
import {type Frame, frameFromRows} from "../../../src/table/frame.js";
import {rowsOf} from "../rows-of.js";
import {recordedRun} from "../sample-recorded-run.js";

/** Wants 12 A and −4 B at the first bar, when A stands at 9 and B at 26; gets 10 A and −4 B. */
function sample(): RecordedRun {
  const run = recordedRun(4);
  const {index, columns} = run.portfolio.holdings_shares;
  const frame = (...rows: number[][]): Frame => frameFromRows([...index], [...columns], rows);
  return {
    ...run,
    targets: {
      price: frame([9, 26], [10, 25], [11, 25], [12, 25]),
      target_trades_shares: frame([12, -4], [0, 0], [0, 0], [0, 0]),
      target_holdings_shares: frame([12, -4], [10, -4], [10, -4], [10, -4]),
      holdings_shares: run.portfolio.holdings_shares,
    },
  };
}

describe("what execution cost", () => {
  const quality = executionQuality(sample());

  it("is what was paid beyond the price one bar before, and what the missing shares earned", () => {
    // 10 A at 10 instead of 9, 4 B sold at 25 instead of 26: 10 + 4. Two A short while A rose by 1.
    expect(Array.from(quality?.slippage ?? [])).toEqual([0, 14, 0, 0]);
    expect(Array.from(quality?.underfillCost ?? [])).toEqual([0, 2, 0, 0]);
    const {sums} = cumulativeQuality(quality as NonNullable<typeof quality>);
    expect(Array.from(sums.netCost)).toEqual([0, 16, 16, 16]);
    expect(sums.idealPnl.at(-1)).toBe((sums.pnl.at(-1) as number) + 16);
    const rows = rowsOf(executionCosts(quality));
    expect(rows[0]).toMatchObject({$: "14.00", "bps of volume": "700.000"});
    expect(rows[2]).toMatchObject({What: "Both", $: "16.00"});
    const paid = sample().portfolio.statistics;
    const fees = paid.data[paid.columns.indexOf("fees")]?.reduce((sum, fee) => sum + fee, 0);
    expect(rows[3]).toMatchObject({What: "Fees", $: (fees as number).toFixed(2)});
  });

  it("tells trades by side, with their fill rates", () => {
    expect(quality?.trades).toMatchObject([
      {isBuy: true, fillRate: 10 / 12, underfillCost: 2},
      {isBuy: false, fillRate: 1, underfillCost: -0},
    ]);
    expect(quality?.trades[0]?.slippageBps).toBeCloseTo(1e4 / 9, 9);
  });

  it("says whether the price went their way, of wishes that nothing came of too", () => {
    const run = sample();
    const {index, columns} = run.portfolio.holdings_shares;
    const wish = frameFromRows(
      [...index],
      [...columns],
      [
        [12, -4],
        [0, 0],
        [5, 3],
        [0, 0],
      ],
    );
    const found = executionQuality({
      ...run,
      targets: {...run.targets, target_trades_shares: wish},
    });
    // A rose from 9 to 10 and was bought, B fell from 26 to 25 and was sold. At the last bar A
    // rose from 11 to 12 and was wanted; B, wanted too, did not move.
    expect(found?.trades).toMatchObject([
      {isBuy: true, isProfitable: true},
      {isBuy: true, isProfitable: true, fillRate: 0, slippageBps: Number.NaN},
      {isBuy: false, isProfitable: true},
      {isBuy: true, isProfitable: undefined, fillRate: 0},
    ]);
  });

  it("is drawn in ten panels and six, each with its unit", () => {
    const {layout, data} = executionCostsFigure(quality) as {layout: object; data: unknown[]};
    expect(data).toHaveLength(10);
    expect(JSON.stringify(layout)).toContain("bps");
    // What fits above a panel of half a page.
    const {annotations} = layout as {annotations: {text: string}[]};
    expect(Math.max(...annotations.map(({text}) => text.length))).toBeLessThan(62);
    const figure = executionSharesFigure(quality) as {data: readonly Record<string, unknown>[]};
    expect(figure.data).toHaveLength(12);
    expect(figure.data[0]).toMatchObject({name: "buys", y: [1]});
  });

  it("leaves out the panels that have nothing to say where every order was filled whole", () => {
    const run = sample();
    const {index, columns} = run.portfolio.holdings_shares;
    const got = [
      [10, -4],
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    const wanted = frameFromRows([...index], [...columns], got);
    const whole = executionQuality({
      ...run,
      targets: {...run.targets, target_trades_shares: wanted},
    });
    const costs = executionCostsFigure(whole) as {data: unknown[]; layout: {title: {text: string}}};
    expect(costs.data).toHaveLength(6);
    expect(costs.layout.title.text).toBe("What execution cost; every order was filled whole");
    const shares = executionSharesFigure(whole) as typeof costs;
    expect(shares.data).toHaveLength(4);
    expect(shares.layout.title.text).toContain("filled whole");
  });

  it("is not known without targets", () => {
    const none = executionQuality({...sample(), targets: {}});
    expect(none).toBeUndefined();
    expect(executionCosts(none)).toMatchObject({text: expect.stringContaining("no execution")});
    expect(executionCostsFigure(none)).toHaveProperty("text");
    expect(executionSharesFigure(none)).toHaveProperty("text");
  });
});
