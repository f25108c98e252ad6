import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {longCsv, sampleForecasts} from "../cli/statistics/sample-forecasts.js";
import {withFolder} from "../market/sample-bars.js";
import {runHeadless, shownText} from "./notebook-desk.js";

it("forecast-evaluation runs on a file of forecasts", async () => {
  await withFolder(async (dir) => {
    const path = join(dir, "forecasts.csv");
    writeFileSync(path, longCsv(sampleForecasts(24 * 30)));
    const outcome = await runHeadless("forecast-evaluation", {path, feeBps: 2});
    expect(outcome.failure).toBeNull();
    expect(outcome.results.evaluation).toMatchObject({assets: 3, bars: 24 * 30 - 3});
    expect(shownText(outcome)).toMatch(/PnL before fees: \S+ \(less \$[\d,]+ of fees\)/);
    expect(shownText(outcome)).toMatch(/Information coefficient: 0\.\d+/);
  });
}, 120_000);
