import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {LAYERS} from "../../src/reconcile/layers/layer.js";
import {reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {parseStamp} from "../../src/time/epoch.js";
import {runSample} from "../system/sample-run.js";

const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";

describe("reconcileRuns", () => {
  let dir: string;
  let prod: RunFolder;
  let sim: RunFolder;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "reckon-reconcile-"));
    await runSample(join(dir, "prod"), {runMode: "paper_trading"});
    await runSample(join(dir, "sim"));
    prod = new RunFolder(join(dir, "prod"));
    sim = new RunFolder(join(dir, "sim"));
  });
  afterAll(() => {
    rmSync(dir, {recursive: true, force: true});
  });

  /** The production run with something done to a file of it. */
  function damaged(name: string, change: (path: string) => void, path: string[]): RunFolder {
    const copy = join(dir, name);
    cpSync(prod.dir, copy, {recursive: true});
    change(join(copy, ...path));
    return new RunFolder(copy);
  }

  it("a paper run and its replay are identical in every layer", async () => {
    const {layers, first, config, prodBars, simBars} = await reconcileRuns(prod, sim, 0);
    expect(layers.map(({name, status}) => `${name}: ${status}`)).toEqual(
      LAYERS.map((name) => `${name}: identical`),
    );
    expect(layers.flatMap(({fields}) => fields).every(({maxAbsolute}) => maxAbsolute === 0)).toBe(
      true,
    );
    expect(layers.slice(1).every(({fields}) => fields.some(({cells}) => cells > 0))).toBe(true);
    expect({first, config, prodBars, simBars}).toEqual({
      first: undefined,
      config: [],
      prodBars: 24,
      simBars: 24,
    });
  });

  it("names the first layer, bar and instrument that differ", async () => {
    const shares = join("process_forecasts", "portfolio", "holdings_shares");
    const file = readdirSync(join(prod.dir, shares))[9] as string;
    const changed = damaged(
      "changed",
      (path) => {
        const [heads, row] = readFileSync(path, "utf8").split("\n") as [string, string];
        const cells = row.split(",");
        cells[3] = String(Number(cells[3]) + 1);
        writeFileSync(path, `${heads}\n${cells.join(",")}\n`);
      },
      [shares, file],
    );
    const {layers, first} = await reconcileRuns(changed, sim);
    const bad = layers.filter(({status}) => status === "differs");
    expect(bad.map(({name}) => name)).toEqual(["holdings"]);
    expect(first).toMatchObject({
      layer: "holdings",
      field: "holdings_shares",
      barEnd: parseStamp(file.slice(0, 15)),
    });
    expect((first?.prod as number) - (first?.sim as number)).toBeCloseTo(1, 6);
  });

  it("a difference in the config comes before everything it causes", async () => {
    const other = join(dir, "half");
    const gmv = `${FORECASTS}.optimizer_config.params.kwargs.target_gmv`;
    await runSample(other, {overrideTexts: [`${gmv}=500000`]});
    const {layers, first, config} = await reconcileRuns(prod, new RunFolder(other));
    expect(config).toEqual([{path: gmv, values: [1_000_000, 500_000]}]);
    expect(first).toMatchObject({layer: "config", field: gmv, prod: "1000000", sim: "500000"});
    expect(layers.map(({status}) => status)).toEqual([
      "differs",
      "identical",
      "identical",
      "differs",
      "differs",
      "differs",
      "differs",
    ]);
  });

  it("reads a run that was cut short as data, not as an error", async () => {
    const empty = damaged("empty", (path) => rmSync(path, {recursive: true}), [
      "process_forecasts",
    ]);
    const {layers, prodBars, status, notCompared} = await reconcileRuns(empty, sim);
    expect(prodBars).toBe(0);
    expect(status).toBe("incomplete");
    expect(layers.find(({name}) => name === "holdings")?.status).toBe("missing");
    expect(notCompared).toContainEqual({
      what: "holdings_shares",
      side: "prod",
      why: "prod did not record it",
    });
  });

  const cut: [name: string, folder: string][] = [
    ["csv", join("process_forecasts", "portfolio", "statistics")],
    ["parquet", join("dag", "node_io", "node_io.data")],
  ];
  it.each(cut)("names a truncated %s file and compares the rest", async (name, folder) => {
    const file = readdirSync(join(prod.dir, folder))[2] as string;
    const run = damaged(`cut-${name}`, (path) => truncateSync(path, 90), [folder, file]);
    const {status, first, notCompared} = await reconcileRuns(run, sim);
    expect({status, first}).toEqual({status: "incomplete", first: undefined});
    expect(notCompared).toHaveLength(1);
    expect(notCompared[0]?.why).toMatch(
      new RegExp(`${file.replaceAll(".", "\\.")}: expected .*; .*(restore it or run again)`),
    );
  });

  it("names a truncated config, and a folder that holds no run", () => {
    const run = damaged("cut-config", (path) => truncateSync(path, 50), [
      "system_config.output.json",
    ]);
    expect(() => run.config()).toThrow(/system_config\.output\.json: expected whole JSON/);
    expect(() => new RunFolder(join(dir, "nowhere"))).toThrow(
      /nowhere: expected a run folder .*found no such folder/,
    );
    expect(existsSync(join(dir, "nowhere"))).toBe(false);
  });
});
