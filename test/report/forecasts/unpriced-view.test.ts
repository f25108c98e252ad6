import {describe, expect, it} from "vitest";
import {type UnpricedBars, unpricedBars} from "../../../src/finance/pnl/unpriced-bars.js";
import {unpricedText, unpricedView} from "../../../src/report/forecasts/unpriced-view.js";
import {frameFromRows} from "../../../src/table/frame.js";
import {HOUR_MS} from "../../../src/time/epoch.js";

const NONE = Number.NaN;
const START = Date.UTC(2024, 0, 2);
const at = (t: number): number => START + t * HOUR_MS;

const column = (cells: readonly number[]) =>
  frameFromRows(
    cells.map((_, t) => at(t)),
    ["BTC"],
    cells.map((x) => [x]),
  );
const found = (shares: number[], value: number[]) =>
  unpricedBars({holdings_shares: column(shares), holdings_notional: column(value)});

describe("unpricedBars", () => {
  it.each<[string, number[], number[], Partial<UnpricedBars>[]]>([
    ["all priced", [1, 1, 1], [9, 9, 9], []],
    ["nothing held", [0, NONE, 1], [NONE, NONE, 9], []],
    [
      "one bar",
      [1, 1, 1],
      [9, NONE, 9],
      [{bars: 1, gaps: 1, from: at(1), to: at(1), isOpen: false}],
    ],
    [
      "two gaps, the second to the end",
      [1, 1, 1, 2, 2, 2],
      [9, NONE, NONE, 9, NONE, NONE],
      [{bars: 4, gaps: 2, from: at(1), to: at(5), isOpen: true}],
    ],
  ])("%s", (_name, shares, value, wanted) => {
    expect(found(shares, value)).toEqual(
      wanted.map((one) => ({asset: "BTC", isFromStart: false, ...one})),
    );
  });
});

describe("the sentence about bars without a price", () => {
  const gap: UnpricedBars = {
    asset: "BTC",
    bars: 37,
    gaps: 1,
    from: at(10),
    to: at(46),
    isFromStart: false,
    isOpen: false,
  };
  const when = "from 2024-01-02 10:00 to 2024-01-03 22:00 UTC";
  it.each<[Partial<UnpricedBars>, string]>([
    [{}, `37 bars ${when}; its PnL of these bars falls on the bar where the price is back.`],
    [
      {isOpen: true},
      `37 bars ${when}; its PnL of these bars is not known, since no price came back.`,
    ],
    [
      {bars: 1, to: at(10)},
      "1 bar, 2024-01-02 10:00 UTC; its PnL of this bar falls on the bar where the price is back.",
    ],
    [
      {gaps: 3},
      `37 bars in 3 gaps ${when}; its PnL of each gap falls on the bar where the price is back.`,
    ],
    [
      {gaps: 3, isOpen: true},
      `37 bars in 3 gaps ${when}; its PnL of each gap falls on the bar where the price is back, ` +
        "and of the last, which does not end, is not known.",
    ],
  ])("%j", (change, wanted) => {
    const text = unpricedText({...gap, ...change});
    expect(text).toBe(`BTC: no price, nor one up to 4 bars old, at ${wanted}`);
  });

  it("is said of ten assets, of the others in one", () => {
    const many = Array.from({length: 13}, (_, i) => ({...gap, asset: `A${i}`, bars: i + 1}));
    const {text} = unpricedView(many)!;
    expect(text).toMatch(/^91 bars of 13 assets without a known PnL\. A12: .* 13 bars/);
    expect(text.split("\n")).toHaveLength(12);
    expect(text).toMatch(/The same of 3 more assets, at 6 bars\.\nWhat is held .* no GMV\.$/);
    expect(unpricedView([])).toBeUndefined();
  });
});
