import {expect, it} from "vitest";
import {BarCounts} from "../../../src/system/run/bar-counts.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";

const bar = (kind: string, untraded: string[] = []): BarOutcome =>
  ({kind, untraded: untraded.map((reason) => ({reason}))}) as unknown as BarOutcome;

it("counts bars by what became of them, and those that were passed over", () => {
  const counts = new BarCounts();
  for (const one of [
    bar("traded", ["stale", "no-price"]),
    bar("halted"),
    bar("traded", ["stale"]),
  ]) {
    counts.add(one);
  }
  expect(counts.record()).toEqual({
    bars: 3,
    not_traded: {halted: 1},
    untraded_names: {stale: 2, "no-price": 1},
  });
  counts.skip();
  counts.skip();
  expect(counts.record()).toMatchObject({bars: 3, skipped_bars: 2});
});
