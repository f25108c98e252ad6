import {cpSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {unlockTree} from "../../../src/flows/reconcile/write-permission.js";
import {LAYERS} from "../../../src/reconcile/layers/layer.js";
import {reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {OPENING_FILE, readOpeningState} from "../../../src/runlog/opening-state.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {reckon} from "../../cli/command-line.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";

const START = "20250901_200000";
const INTERVAL = ["--start-timestamp", START, "--end-timestamp", "20250901_203000"];
const PATH = join("C1", "paper_trading", "scheduled", `${START}.20250901_203000`);

let dir: string;
let paper: readonly string[];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-resumed-"));
  const dataDir = join(dir, "data");
  await placeSimulatedMarket(dataDir);
  paper = ["--model", "C1", "--run-mode", "paper_trading", "--data-dir", dataDir];
  const before = ["--start-timestamp", "20250901_190000", "--end-timestamp", START];
  await done("run", ...paper, ...before, "--dst-dir", join(dir, "before"));
}, 120_000);
afterAll(() => {
  unlockTree(dir);
  rmSync(dir, {recursive: true, force: true});
});

async function done(...args: readonly string[]): Promise<string> {
  const {exitCode, stdout, stderr} = await reckon(...args);
  expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ""});
  return stdout;
}

/** What the account ended with, as an opening state that a run may begin with. */
async function endOf(run: string): Promise<string> {
  const {holdings_shares: held, statistics} = await new RunFolder(run).portfolio();
  const cash = statistics.data[statistics.columns.indexOf("cash")]?.at(-1);
  const holdings = held.columns.map((id, i) => [id, held.data[i]?.at(-1)]);
  return JSON.stringify({cash, holdings: Object.fromEntries(holdings), source: "database"});
}

describe("the reconciliation of a run that began with holdings", () => {
  it("begins with the same, and agrees in every layer", async () => {
    const from = join(dir, "from");
    cpSync(join(dir, "before"), from, {recursive: true});
    writeFileSync(join(from, OPENING_FILE), await endOf(from));
    const prodRoot = join(dir, "prod");
    const place = ["--dst-dir", join(prodRoot, PATH, "system_log_dir")];
    await done("run", ...paper, ...INTERVAL, ...place, "--opening-holdings-from", from);
    const roots = ["--dst-root-dir", join(dir, "dst"), "--prod-data-source-dir", prodRoot];
    const stdout = await done("reconcile", "all", ...paper, ...INTERVAL, ...roots);
    expect(stdout).toContain("6 bars, largest difference 0.");
    const [prod, sim] = ["prod", "simulation"].map(
      (side) => new RunFolder(join(dir, "dst", PATH, side, "system_log_dir")),
    ) as [RunFolder, RunFolder];
    const opening = readOpeningState(sim.dir);
    expect(opening).toEqual({...readOpeningState(prod.dir), source: "run folder"});
    expect(Object.keys(opening?.holdings ?? {}).length).toBeGreaterThan(5);
    const {layers} = await reconcileRuns(prod, sim, 0);
    expect(layers.map(({status}) => status)).toEqual(LAYERS.map(() => "identical"));
  });
});
