import {execFileSync} from "node:child_process";
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {RunOutcome} from "../../publish/notebook/run-outcome.js";
import {reconciliationFolders} from "../../src/reconcile/discovery/reconciliation-layout.js";
import {NODE_DATA_DIR, type NodeStem, nodeStreamName} from "../../src/runlog/layout.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {formatParquet, parseParquet} from "../../src/table/parquet.js";
import {formatStamp} from "../../src/time/epoch.js";
import {placeSimulatedMarket} from "../market/simulated/simulated-data.js";
import {keptKernels} from "../publish/kernel/kept-kernel.js";
import {
  alterCell,
  makeReconciliation,
  SAMPLE,
} from "../report/reconciliation/sample-reconciliation.js";
import {runByHand, runHeadless, shownText} from "./notebook-desk.js";

/** Each of these notebooks also runs in a kernel of its own, where its command publishes it. */
const KEPT = {kernels: keptKernels};

let root: string;
let folders: ReturnType<typeof reconciliationFolders>;
let altered: string;
beforeAll(async () => {
  const setUp = fileURLToPath(new URL("../../src/cli/set-up.mjs", import.meta.url));
  execFileSync(process.execPath, [setUp, "build"], {stdio: "pipe"});
  root = mkdtempSync(join(tmpdir(), "reckon-notebooks-"));
  folders = reconciliationFolders(root, SAMPLE);
  await makeReconciliation(root);
  altered = join(root, "altered");
  const other = reconciliationFolders(altered, SAMPLE);
  cpSync(folders.dir, other.dir, {recursive: true});
  alterCell(other.simRun, {
    dir: join("process_forecasts", "portfolio", "holdings_shares"),
    at: 11,
    row: 0,
    column: "DELTAUSDT",
    value: "77",
  });
}, 120_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

const PARAMETERS = {
  model: "C1",
  runMode: "paper_trading",
  scheduleMode: "scheduled",
  startTimestamp: formatStamp(SAMPLE.start),
  endTimestamp: formatStamp(SAMPLE.end),
};

function figuresOf({notebook}: RunOutcome): number {
  const outputs = notebook.cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []));
  const mime = "application/vnd.plotly.v1+json";
  return outputs.filter((output) => "data" in output && output.data[mime] !== undefined).length;
}

describe("reconciliation-fast", () => {
  it("finds a run and its own simulation identical", async () => {
    const outcome = await runHeadless(
      "reconciliation-fast",
      {...PARAMETERS, dstRootDir: root},
      KEPT,
    );
    expect(outcome.failure).toBeNull();
    expect(outcome.results.verdict).toMatchObject({
      status: "identical",
      sentence:
        "Paper trading did exactly what its simulation says: 24 bars, largest difference 0.",
    });
    const text = shownText(outcome);
    expect(text).toContain("Market: simulated market 5m (16 instruments)");
    expect(text).toContain("Sharpe ratio, annualised");
    expect(text).toMatch(/prod vs research +23/);
    expect(figuresOf(outcome)).toBe(5);
  }, 120_000);

  it("run by hand on a simulation with one number changed, names exactly that number", async () => {
    const outcome = await runByHand(
      "reconciliation-fast",
      {...PARAMETERS, dstRootDir: altered},
      KEPT,
    );
    expect(outcome.failure).toBeNull();
    expect(outcome.results.verdict).toMatchObject({
      status: "differs",
      first: {layer: "holdings", instrument: "DELTAUSDT", field: "holdings_shares", sim: "77"},
    });
    expect(shownText(outcome)).toMatch(/holdings +differs +\S+ +1 /);
  }, 120_000);
});

describe("reconciliation-slow", () => {
  it("names the node, the bars and the value that was taken back", async () => {
    const revised = join(root, "revised");
    const other = reconciliationFolders(revised, SAMPLE);
    cpSync(folders.dir, other.dir, {recursive: true});
    const node = await reviseLastNode(other.prodRun);
    const outcome = await runHeadless(
      "reconciliation-slow",
      {...PARAMETERS, dstRootDir: revised},
      KEPT,
    );
    expect(outcome.failure).toBeNull();
    expect(outcome.results.self_consistency).toMatchObject({
      status: "revised",
      first: {node, before: expect.any(Number), after: 77},
    });
    expect(shownText(outcome)).toMatch(/revised its past: .* \(tolerance 0\.00001\)/);
    expect(shownText(outcome)).toMatch(/predict +ALFAUSDT +prediction \(seen again\) +77 /);
    expect(figuresOf(outcome)).toBe(3);
  }, 120_000);
});

/** Changes an older row of the last node's last record; the node's id. */
async function reviseLastNode(runDir: string): Promise<string> {
  const stem = new RunFolder(runDir).nodes().at(-1) as NodeStem;
  const dir = join(runDir, NODE_DATA_DIR);
  const name = readdirSync(dir)
    .filter((file) => file.startsWith(`${nodeStreamName(stem, "df_out")}.`))
    .filter((file) => file.endsWith(".parquet"))
    .sort()
    .at(-1) as string;
  const path = join(dir, name);
  const columns = await parseParquet(readFileSync(path), path);
  const changed = columns.map((column) =>
    column.name === "prediction" && column.kind === "number"
      ? {...column, data: column.data.map((value, row) => (row === 0 ? 77 : value))}
      : column,
  );
  writeFileSync(path, formatParquet(changed));
  return stem.id;
}

describe("pnl-observer", () => {
  it("says what a run has earned and that all is well", async () => {
    const outcome = await runHeadless("pnl-observer", {runDir: folders.prodRun}, KEPT);
    expect(outcome.failure).toBeNull();
    expect(outcome.results.pnl).toMatchObject({bars: 24, fees: 0});
    expect(shownText(outcome)).toContain("The run is well: 10 checks passed, no alert.");
    expect(outcome.results.alerts).toEqual([]);
    expect(figuresOf(outcome)).toBe(3);
  }, 120_000);

  it("shows sentences, not exceptions, for a run without a bar", async () => {
    const empty = join(root, "empty");
    cpSync(folders.prodRun, empty, {recursive: true});
    rmSync(join(empty, "process_forecasts"), {recursive: true});
    rmSync(join(empty, "dag"), {recursive: true});
    const outcome = await runHeadless("pnl-observer", {runDir: empty}, KEPT);
    expect(outcome.failure).toBeNull();
    expect(outcome.results.pnl).toMatchObject({bars: 0, netPnl: null});
    const text = shownText(outcome);
    expect(text).toContain("No bar was recorded yet.");
    expect(text).toContain("0 bars; statistics need 20.");
  }, 120_000);
});

describe("historical-pnl-for-investors", () => {
  it("shows the four windows of a simulated market and says that it is one", async () => {
    const dataDir = join(root, "data");
    await placeSimulatedMarket(dataDir);
    const outcome = await runHeadless(
      "historical-pnl-for-investors",
      {
        dataDir,
        exchange: "simulated",
        timeframe: "1h",
        model: "C1",
        runDir: folders.prodRun,
      },
      KEPT,
    );
    expect(outcome.failure).toBeNull();
    expect(outcome.results.headline).toMatchObject({capital: 1_000_000});
    expect((outcome.results.headline as {days: number}).days).toBeGreaterThan(1000);
    expect(figuresOf(outcome)).toBe(4);
    expect(JSON.stringify(outcome.notebook)).toContain("backtest<br>simulated market");
  }, 180_000);
});
