import {cpSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {ReckonError} from "../../src/errors.js";
import {
  buildReconciliationConfig,
  loadReconciliation,
  type ReconciliationChoice,
} from "../../src/flows/reconcile/config.js";
import {reconciliationFolders} from "../../src/reconcile/discovery/reconciliation-layout.js";
import {healthChecks} from "../../src/report/observer/health-checks.js";
import {ordersSummary} from "../../src/report/reconciliation/orders-table.js";
import {pairwiseDifferences} from "../../src/report/reconciliation/portfolio-comparison.js";
import {targetShortfalls} from "../../src/report/reconciliation/targets-table.js";
import {verdict} from "../../src/report/reconciliation/verdict.js";
import {loadRun} from "../../src/report/recorded-run.js";
import {formatMinute, formatStamp} from "../../src/time/epoch.js";
import {alterCell, makeReconciliation, SAMPLE} from "./reconciliation/sample-reconciliation.js";

let root: string;
let choice: ReconciliationChoice;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-report-"));
  await makeReconciliation(root);
  choice = {
    dstRootDir: root,
    model: "C1",
    runMode: "paper_trading",
    startTimestamp: formatStamp(SAMPLE.start),
    endTimestamp: formatStamp(SAMPLE.end),
  };
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

describe("a reconciliation of two recorded runs", () => {
  it("is identical where the simulation is the run", async () => {
    const loaded = await loadReconciliation(buildReconciliationConfig(choice));
    expect(verdict(loaded.reconciliation, "paper_trading").text).toBe(
      "Paper trading did exactly what its simulation says: 24 bars, largest difference 0.",
    );
    const {prod, sim, metrics} = loaded;
    expect(prod.facts).toMatchObject({
      model: "C1",
      runMode: "paper_trading",
      market: "simulated market 5m",
      instruments: 16,
      capital: 1_000_000,
      targetGmv: 1_000_000,
      frequency: "5T",
      exitState: "done",
    });
    expect(prod.outputs.length).toBeGreaterThan(1);
    expect(prod.outputs.at(-1)).toEqual({id: "predict", rows: 3, instruments: 16, features: 3});
    expect(healthChecks(prod).filter(({status}) => status !== "ok")).toEqual([]);
    expect(targetShortfalls(prod.targets)).toHaveProperty("text");
    const [first, second] = ordersSummary({prod, sim}).objects() as Record<string, number>[];
    expect(first?.Orders).toBe(prod.orders.length);
    expect(first?.Filled).toBe((first?.Orders as number) - (first?.["Open at the end"] as number));
    expect({...second, Run: "prod"}).toEqual(first);
    expect(metrics.research?.index.length).toBeGreaterThan(20);
    const [pnl] = pairwiseDifferences(metrics).objects() as Record<string, string>[];
    expect(pnl?.["prod vs sim (largest, %)"]).toBe("0");
    expect(Number(pnl?.["prod vs research (largest, %)"])).toBeLessThan(1e-6);
  });

  it("names exactly the number that was altered in the simulation", async () => {
    const {simRun} = reconciliationFolders(root, SAMPLE);
    const kept = join(root, "kept");
    cpSync(simRun, kept, {recursive: true});
    try {
      const place = {
        dir: join("process_forecasts", "target_positions"),
        at: 7,
        row: 3,
        column: "target_holdings_shares",
      };
      alterCell(simRun, {...place, value: "12345.5"});
      const {reconciliation, sim} = await loadReconciliation(buildReconciliationConfig(choice));
      const {status, summary, text} = verdict(reconciliation, "paper_trading");
      const wanted = sim.targets.target_holdings_shares;
      expect(status).toBe("differs");
      expect(summary.first).toMatchObject({
        layer: "target positions",
        bar: formatMinute(SAMPLE.start + 8 * 300_000),
        instrument: wanted?.columns[3],
        field: "target_holdings_shares",
        sim: "12345.5",
      });
      expect(text).toContain("No other layer differs.");
      const layers = reconciliation.layers.filter((layer) => layer.status === "differs");
      expect(layers.map(({name}) => name)).toEqual(["target positions"]);
      expect(layers[0]?.differences).toHaveLength(1);
    } finally {
      rmSync(simRun, {recursive: true});
      cpSync(kept, simRun, {recursive: true});
    }
  });

  it("evaluates the research portfolio under the overrides that are given", async () => {
    const sizing = "process_forecasts_node_dict.process_forecasts_dict.optimizer_config.params";
    const gmv = `${sizing}.kwargs.target_gmv`;
    const gmvOf = async (setConfigValues: string): Promise<number> => {
      const config = buildReconciliationConfig({...choice, setConfigValues});
      const {portfolio} = (await loadReconciliation(config)).research;
      const at = portfolio?.statistics.columns.indexOf("gmv") ?? -1;
      return portfolio?.statistics.data[at]?.at(-1) ?? Number.NaN;
    };
    const [full, half] = [await gmvOf(""), await gmvOf(`${gmv}=500000`)];
    expect(full / half).toBeCloseTo(2, 3);
  });
});

describe("a choice that names no reconciliation", () => {
  const cases: [name: string, change: Partial<ReconciliationChoice>, found: RegExp][] = [
    ["model", {model: "C1x"}, /unknown model "C1x"; known: mock1, C1/],
    ["run mode", {runMode: "live"}, /run mode: expected prod, paper_trading, simulation/],
    ["schedule mode", {scheduleMode: "never"}, /schedule mode: expected scheduled or manual/],
    ["time", {startTimestamp: "yesterday"}, /startTimestamp: expected a UTC time/],
    ["override", {setConfigValues: "nonsense"}, /override "nonsense"/],
    ["tolerance", {tolerance: -1}, /tolerance: expected a relative difference/],
    ["tag", {tag: "other"}, /expected the folder of this reconciliation/],
    ["root", {dstRootDir: "/nowhere"}, /found no such root/],
  ];
  it.each(cases)("%s", (_name, change, found) => {
    const build = () => buildReconciliationConfig({...choice, ...change});
    expect(build).toThrow(ReckonError);
    expect(build).toThrow(found);
  });
});

describe("loadRun", () => {
  it("reads a run that recorded no bar", async () => {
    const empty = join(root, "empty");
    cpSync(reconciliationFolders(root, SAMPLE).prodRun, empty, {recursive: true});
    for (const name of ["process_forecasts", "dag"]) {
      rmSync(join(empty, name), {recursive: true});
    }
    const run = await loadRun(empty);
    expect(readdirSync(empty)).not.toContain("dag");
    expect(run.portfolio.statistics.index).toHaveLength(0);
    expect([run.orders, run.timings, run.outputs]).toEqual([[], [], []]);
    expect(healthChecks(run).some(({status}) => status === "alert")).toBe(true);
  });

  it("refuses a folder that holds no run", async () => {
    await expect(loadRun(join(root, "nowhere"))).rejects.toThrow(/expected a run folder/);
  });
});
