import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {makeSimulatedMarket} from "../../../src/market/simulated/simulated-market.js";
import {loadInvestorPnl} from "../../../src/report/investor/investor-pnl.js";
import {totalOf} from "../../../src/report/investor/pnl-series.js";
import {runSample} from "../../system/sample-run.js";

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-backtest-fee-"));
  await makeSimulatedMarket({dataDir: join(root, "data")});
  await runSample(join(root, "run"), {
    files: "per-stream",
    overrideTexts: ["portfolio_config.broker_config.fee_bps=2"],
  });
}, 60_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

it("a backtest pays the fee of the newest run, so that one line is net of one fee", async () => {
  const query = {
    model: "C1",
    dataDir: join(root, "data"),
    exchange: "simulated",
    timeframe: "1h",
    endDate: "2024-12-31",
  };
  const [free, paid] = [
    await loadInvestorPnl(query),
    await loadInvestorPnl({...query, endDate: "", runDir: join(root, "run")}),
  ];
  expect([free.history.feeBps, paid.history.feeBps]).toEqual([0, 2]);
  expect(paid.notes.join()).not.toContain("net of fees of");
  // The same bars, of which the first has no trade yet.
  const bars = free.history.netPnl.length;
  const lost = totalOf(free.history.netPnl) - totalOf(paid.history.netPnl.slice(0, bars));
  expect(lost).toBeGreaterThan(1_000);
}, 60_000);
