import {expect, it} from "vitest";
import {withFolder} from "../market/sample-bars.js";
import {writeSheetFiles} from "../report/tear-sheet/sample-sheet.js";
import {runHeadless, shownText} from "./notebook-desk.js";

it("tear-sheet runs on files of returns, benchmark, positions and trades", async () => {
  await withFolder(async (dir) => {
    const outcome = await runHeadless("tear-sheet", writeSheetFiles(dir, 400));
    expect(outcome.failure).toBeNull();
    expect(outcome.results.statistics).toMatchObject({periods: 400, basis: {benchmark: "market"}});
    expect(shownText(outcome)).toMatch(/Sharpe ratio: .+95 %:/);
  });
}, 120_000);
