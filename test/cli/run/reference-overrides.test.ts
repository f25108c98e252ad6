import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {recordedConfig} from "../../../src/backtest/research-portfolio.js";
import {parseOverrides} from "../../../src/config/override.js";
import {
  buildReconciliationConfig,
  loadReconciliation,
} from "../../../src/flows/reconcile/config.js";
import {unlockTree} from "../../../src/flows/reconcile/write-permission.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {flagsFor} from "../../flows/reconcile/flags-for.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {reckon} from "../command-line.js";

// As the reference's job files have them, to the letter.
const PASSIVITY =
  '("process_forecasts_node_dict","process_forecasts_dict","order_config","passivity_factor"),' +
  "(float(0.55))";
const STYLE =
  '("process_forecasts_node_dict","process_forecasts_dict","optimizer_config","params","style"),' +
  '(str("longitudinal"))';
const REPEATED = ["--set_config_value", PASSIVITY, "--set_config_value", STYLE];
const JOINED = ["--set-config-values", `${PASSIVITY};${STYLE}`];

const [START, END] = ["20250901_200000", "20250901_203000"];
const STAMPS = {startTimestamp: START, endTimestamp: END};
const PLACE = join("C1", "paper_trading", "scheduled", `${START}.${END}`);
const RUN = ["--model", "C1", "--run-mode", "paper_trading"];
const TIMES = ["--start-timestamp", START, "--end-timestamp", END];

let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-overrides-"));
  await placeSimulatedMarket(join(dir, "data"));
}, 120_000);
afterAll(() => {
  unlockTree(dir);
  rmSync(dir, {recursive: true, force: true});
});

/** What the two overrides decide in a config. */
function decided({process_forecasts_node_dict}: ReturnType<typeof recordedConfig>) {
  const {order_config, optimizer_config} = process_forecasts_node_dict.process_forecasts_dict;
  return [order_config.passivity_factor, optimizer_config.params.style];
}

async function done(...args: readonly string[]): Promise<void> {
  const {exitCode, stderr} = await reckon(...args);
  expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ""});
}

describe("the reference's overrides", () => {
  it("reach a run, its replay and the notebook, repeated or joined", async () => {
    const data = ["--data-dir", join(dir, "data")];
    const prodDir = join(dir, "prod", PLACE, "system_log_dir");
    await done("run", ...RUN, ...TIMES, ...data, "--dst-dir", prodDir, ...REPEATED);
    const prod = new RunFolder(prodDir);
    expect(decided(recordedConfig(prod))).toEqual([0.55, "longitudinal"]);
    expect(prod.config("input")).toMatchObject({
      process_forecasts_node_dict: {
        process_forecasts_dict: {
          order_config: {passivity_factor: null},
          optimizer_config: {params: {style: "cross_sectional"}},
        },
      },
    });

    const places = {
      "data-dir": join(dir, "data"),
      "dst-root-dir": join(dir, "dst"),
      "prod-data-source-dir": join(dir, "prod"),
      "set-config-values": JOINED[1] as string,
    };
    for (const step of ["create-dirs", "copy-prod-data", "dump-market-data", "run-sim"] as const) {
      await done("reconcile", step, ...RUN, ...TIMES, ...flagsFor(step, places));
    }
    const choice = buildReconciliationConfig({
      dstRootDir: join(dir, "dst"),
      model: "C1",
      runMode: "paper_trading",
      startTimestamp: START,
      endTimestamp: END,
      setConfigValues: JOINED[1] as string,
    });
    expect(decided(recordedConfig(new RunFolder(choice.simRun)))).toEqual([0.55, "longitudinal"]);
    const {reconciliation, research} = await loadReconciliation(choice);
    expect(reconciliation.config).toEqual([]);
    expect(reconciliation.layers.every(({status}) => status === "identical")).toBe(true);
    // Six bars less the one of `burn_in_bars`.
    expect(research.portfolio?.statistics.index.length).toBe(5);
  });

  it("joined for a run say the same as repeated ones", async () => {
    const configs = [];
    for (const overrides of [REPEATED, JOINED]) {
      const at = join(dir, `run-${configs.length}`);
      const data = ["--data-dir", join(dir, "data")];
      await done("run", ...RUN, ...TIMES, ...data, "--dst-dir", at, ...overrides);
      configs.push(new RunFolder(at).config());
    }
    expect(configs[0]).toEqual(configs[1]);
  });

  it("go to a notebook that takes overrides, repeated, joined, or with more", async () => {
    const notebook = ["notebook", "run", "notebooks/reconciliation-fast.ipynb", "--dry-run"];
    const values = {dstRootDir: dir, model: "C1", runMode: "paper_trading", ...STAMPS};
    const given = Object.entries(values).flatMap(([name, value]) => ["-p", `${name}=${value}`]);
    const told = async (...flags: readonly string[]) => {
      const {exitCode, stdout} = await reckon(...notebook, ...given, ...flags);
      expect(exitCode).toBe(0);
      return JSON.parse(/setConfigValues=(".*")$/m.exec(stdout)?.[1] as string) as string;
    };
    const repeated = await told(...REPEATED);
    expect(await told(...JOINED)).toBe(repeated);
    expect(parseOverrides(repeated).map(({value}) => value)).toEqual([0.55, "longitudinal"]);
    const none = await reckon("notebook", "run", "notebooks/tear-sheet.ipynb", ...JOINED);
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain("parameter setConfigValues: expected one of returnsPath");
  });

  it("the research portfolio of the notebook takes them over what the run recorded", async () => {
    const at = join(dir, "plain");
    await done("run", ...RUN, ...TIMES, "--data-dir", join(dir, "data"), "--dst-dir", at);
    const run = new RunFolder(at);
    expect(decided(recordedConfig(run))).toEqual([null, "cross_sectional"]);
    const overrides = parseOverrides(JOINED[1] as string);
    expect(decided(recordedConfig(run, overrides))).toEqual([0.55, "longitudinal"]);
  });
});
