import {cpSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {
  buildReconciliationConfig,
  type LoadedReconciliation,
  loadReconciliation,
} from "../../src/flows/reconcile/config.js";
import {
  type RunIdentity,
  reconciliationFolders,
} from "../../src/reconcile/discovery/reconciliation-layout.js";
import {LAYERS} from "../../src/reconcile/layers/layer.js";
import {runPnlView} from "../../src/report/investor/cumulative-pnl-figure.js";
import {
  executionTimeFigure,
  executionTimes,
  outputSizes,
  peakMemory,
} from "../../src/report/nodes/timing.js";
import {accountView, observeAccount} from "../../src/report/observer/account.js";
import {healthChecks, healthTable, healthVerdict} from "../../src/report/observer/health-checks.js";
import {earningsRow, earningsSummary, runEarnings} from "../../src/report/observer/run-earnings.js";
import {portfolioFigure} from "../../src/report/portfolio-figure.js";
import {portfolioStats, portfolioStatsView} from "../../src/report/portfolio-stats-table.js";
import {
  configDifferences,
  layerDifferences,
  layersTable,
} from "../../src/report/reconciliation/layers.js";
import {orderNotionalFigure, ordersSummary} from "../../src/report/reconciliation/orders-table.js";
import {
  pairwiseDifferences,
  pnlCorrelations,
  pnlDifferenceFigure,
} from "../../src/report/reconciliation/portfolio-comparison.js";
import {reconciliationSettings} from "../../src/report/reconciliation/settings-text.js";
import {targetShortfalls} from "../../src/report/reconciliation/targets-table.js";
import {verdict} from "../../src/report/reconciliation/verdict.js";
import {factsRow} from "../../src/report/run-facts.js";
import {formatStamp} from "../../src/time/epoch.js";
import {runSample} from "../system/sample-run.js";
import {SAMPLE} from "./reconciliation/sample-reconciliation.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-short-"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** A run of `bars` bars that is its own simulation; of 0 bars: one whose records are gone. */
async function loadShort(bars: number, without: readonly ("prodRun" | "simRun")[] = []) {
  const end = SAMPLE.start + Math.max(1, bars) * 300_000;
  const run: RunIdentity = {...SAMPLE, end, tag: `${bars}bars${without.length}`};
  const folders = reconciliationFolders(root, run);
  await runSample(folders.prodRun, {runMode: "paper_trading", files: "per-bar", end});
  cpSync(folders.prodRun, folders.simRun, {recursive: true});
  for (const side of without) {
    rmSync(join(folders[side], "process_forecasts"), {recursive: true});
    rmSync(join(folders[side], "dag"), {recursive: true});
  }
  const config = buildReconciliationConfig({
    dstRootDir: root,
    model: run.model,
    runMode: run.runMode,
    startTimestamp: formatStamp(run.start),
    endTimestamp: formatStamp(end),
    tag: run.tag as string,
  });
  return await loadReconciliation(config);
}

/** Everything that the notebooks show of a reconciliation and of its run. */
async function everythingOf({config, prod, sim, metrics, reconciliation}: LoadedReconciliation) {
  const {statistics} = prod.portfolio;
  const checks = healthChecks(prod);
  const frequency = prod.facts.frequency;
  return [
    reconciliationSettings(config),
    verdict(reconciliation, config.runMode),
    factsRow(prod.facts, reconciliation.prodBars),
    layersTable(reconciliation),
    configDifferences(reconciliation),
    ...LAYERS.map((name) => layerDifferences(reconciliation, name)),
    targetShortfalls(prod.targets),
    ordersSummary({prod, sim}),
    orderNotionalFigure(prod),
    pnlDifferenceFigure(metrics),
    portfolioFigure(metrics, {burnInBars: 1}),
    portfolioStatsView(portfolioStats(metrics, {frequency})),
    pairwiseDifferences(metrics),
    pnlCorrelations(metrics),
    executionTimes(prod),
    executionTimeFigure(prod),
    outputSizes(prod),
    peakMemory(prod),
    earningsRow(runEarnings(statistics)),
    runPnlView(prod),
    healthVerdict(checks),
    healthTable(checks),
    accountView(await observeAccount(prod)),
    portfolioFigure({prod: statistics}, {burnInBars: 1}),
  ];
}

describe("a short run is shown without an exception", () => {
  it.each([1, 2, 3])("%i bars", async (bars) => {
    const loaded = await loadShort(bars);
    expect(loaded.reconciliation.prodBars).toBe(bars);
    expect(verdict(loaded.reconciliation).status).toBe("identical");
    for (const shown of await everythingOf(loaded)) {
      const isShown = "text" in shown || "data" in shown || "columnNames" in shown;
      expect(isShown).toBe(true);
    }
    const summary = earningsSummary(runEarnings(loaded.prod.portfolio.statistics));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it.each([
    ["neither side", ["prodRun", "simRun"], "Nothing was recorded."],
    ["only prod", ["simRun"], "Only paper trading recorded bars."],
    ["only sim", ["prodRun"], "Only the simulation recorded bars."],
  ] as const)("%s recorded", async (_name, without, wanted) => {
    const loaded = await loadShort(2, without);
    expect((await everythingOf(loaded)).length).toBeGreaterThan(25);
    const {status, text} = verdict(loaded.reconciliation, "paper_trading");
    expect([status, text.startsWith(wanted)]).toEqual(["missing", true]);
  });
});
