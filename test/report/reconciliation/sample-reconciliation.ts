import {cpSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {DifferenceList} from "../../../src/reconcile/compare/difference.js";
import {
  type RunIdentity,
  reconciliationFolders,
} from "../../../src/reconcile/discovery/reconciliation-layout.js";
import {LAYERS, type Layer} from "../../../src/reconcile/layers/layer.js";
import type {Reconciliation} from "../../../src/reconcile/reconcile-runs.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "../../system/sample-run.js";

/** The reconciliation that {@link makeReconciliation} makes, two hours of five-minute bars. */
export const SAMPLE: RunIdentity = {
  model: "C1",
  runMode: "paper_trading",
  scheduleMode: "scheduled",
  start: SAMPLE_START,
  end: SAMPLE_END,
};

/** Paper-trades the sample below `root` and copies it as its own simulation, file by bar. */
export async function makeReconciliation(root: string): Promise<void> {
  const {prodRun, simRun} = reconciliationFolders(root, SAMPLE);
  await runSample(prodRun, {runMode: "paper_trading", files: "per-bar"});
  cpSync(prodRun, simRun, {recursive: true});
}

/** Changes one cell of the `at`-th bar's file of a stream, given by folder and column. */
export function alterCell(
  runDir: string,
  {dir, at, row, column, value}: CellPlace & {readonly value: string},
): void {
  const folder = join(runDir, dir);
  const fileName = readdirSync(folder).sort()[at] as string;
  const lines = readFileSync(join(folder, fileName), "utf8").split("\n");
  const heads = (lines[0] as string).split(",");
  const cells = (lines[row + 1] as string).split(",");
  if (!heads.includes(column)) {
    throw new Error(`${fileName}: expected a column ${column}, found ${lines[0]}`);
  }
  cells[heads.indexOf(column)] = value;
  lines[row + 1] = cells.join(",");
  writeFileSync(join(folder, fileName), lines.join("\n"));
}

export interface CellPlace {
  readonly dir: string;
  readonly at: number;
  readonly row: number;
  readonly column: string;
}

/** A reconciliation of 288 bars in which everything is equal, with these layers instead. */
export function reconciliationOf(
  changed: Partial<Record<Layer["name"], Partial<Layer>>> = {},
  rest: Partial<Reconciliation> = {},
): Reconciliation {
  const field = {
    node: "",
    field: "x",
    cells: 10,
    differing: 0,
    maxAbsolute: 0,
    maxRelative: 0,
  };
  const differences = new DifferenceList().table();
  return {
    tolerance: 1e-5,
    status: "identical",
    config: [],
    expectedConfig: [],
    notCompared: [],
    prodBars: 288,
    simBars: 288,
    layers: LAYERS.map((name) => ({
      name,
      status: "identical",
      fields: [field],
      differences,
      ...changed[name],
    })),
    ...rest,
  };
}
