import {describe, expect, it} from "vitest";
import {runDag} from "../../src/dag/run-dag.js";
import {marketPanel} from "../../src/market/market-panel.js";
import {c1} from "../../src/models/c1.js";
import {findModel, MODELS} from "../../src/models/registry.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {rowOf} from "../../src/table/frame.js";
import {featureOf, lastRows, type Panel} from "../../src/table/panel.js";
import {HOUR_MS, MINUTE_MS} from "../../src/time/epoch.js";
import {sampleBars} from "../system/sample-run.js";

describe("findModel", () => {
  it.each([
    ["C1", "C1"],
    ["mock1", "mock1"],
    ["Mock1", "mock1"],
    ["dataflow_amp.pipelines.mock1.mock1_pipeline.Mock1_DagBuilder", "mock1"],
    ["pkg.module.C1_DagBuilder_tmp", "C1"],
  ])("%s is %s", (name, id) => {
    expect(findModel(name).id).toBe(id);
  });

  it("names the models there are", () => {
    expect(() => findModel("C1x")).toThrow(
      'unknown model "C1x"; known: mock1, C1; did you mean "C1"?',
    );
    expect(() => findModel("something")).toThrow(/^unknown model "something"; known: mock1, C1$/);
  });

  it("every model has an id, a summary and a DAG", () => {
    for (const model of MODELS) {
      const {dag_config} = systemConfigOf(model, {
        runMode: "simulation",
        exchange: "x",
        instrumentIds: ["A", "B"],
      });
      const dag = model.dag(dag_config, 5 * MINUTE_MS);
      expect(dag.nodes.length).toBeGreaterThan(2);
      expect(model.summary.length).toBeGreaterThan(10);
    }
  });
});

describe("C1", () => {
  const config = systemConfigOf(c1, {
    runMode: "simulation",
    exchange: "simulated",
    instrumentIds: sampleBars().symbols,
  });
  const dag = c1.dag(config.dag_config, 5 * MINUTE_MS);
  const market = marketPanel(sampleBars());

  it("its look-back is enough: a window says the same as the whole history, to the bit", () => {
    const bars = (49 * HOUR_MS) / (5 * MINUTE_MS);
    const whole = runDag(dag, {market});
    const window = runDag(dag, {market: lastRows(market, bars)});
    for (const name of ["close", "volatility", "prediction"]) {
      const last = (panel: Panel) => rowOf(featureOf(panel, name), panel.index.length - 1);
      expect(last(window), name).toEqual(last(whole));
      expect(
        last(whole).every((x) => Number.isFinite(x)),
        name,
      ).toBe(true);
    }
  });

  it("is relative: predictions of a bar sum to nothing and spread on both sides", () => {
    const output = runDag(dag, {market});
    const last = rowOf(featureOf(output, "prediction"), output.index.length - 1);
    expect(last.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 9);
    expect(Math.max(...last)).toBeGreaterThan(0.3);
    expect(Math.min(...last)).toBeLessThan(-0.3);
  });

  it("says nothing before its look-back is full", () => {
    expect(runDag(dag, {market: lastRows(market, 100)}).index.length).toBe(0);
  });
});
