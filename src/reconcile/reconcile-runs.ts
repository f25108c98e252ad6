import {type ConfigDifference, diffConfigs} from "../config/diff-configs.js";
import type {NodeStem} from "../runlog/layout.js";
import type {RunFolder, RunPortfolio} from "../runlog/run-folder.js";
import {type Frame, makeFrame} from "../table/frame.js";
import {featureOf, type Panel} from "../table/panel.js";
import {
  compareField,
  DEFAULT_TOLERANCE,
  type Difference,
  type FieldComparison,
} from "./compare/difference.js";
import {compareOrders} from "./layers/compare-orders.js";

/** The layers of a run in causal order: a difference in one explains those after it. */
export const LAYERS = [
  "config",
  "market data",
  "model output",
  "target positions",
  "orders",
  "holdings",
  "PnL",
] as const;
/** One of {@link LAYERS}. */
export type LayerName = (typeof LAYERS)[number];

/** How production and simulation compare in one layer. */
export interface Layer {
  readonly name: LayerName;
  /** `missing`: neither run, or only one, recorded it. */
  readonly status: "identical" | "within-tolerance" | "differs" | "missing";
  readonly fields: readonly FieldComparison[];
}

/** A reconciliation is data, also where the runs differ. */
export interface Reconciliation {
  readonly tolerance: number;
  readonly layers: readonly Layer[];
  /** Config leaves that differ; those that say how a run was made are not counted. */
  readonly config: readonly ConfigDifference[];
  /** In causal order, then by bar: the culprit, or undefined. */
  readonly first?: Difference & {readonly layer: LayerName};
  readonly prodBars: number;
  readonly simBars: number;
}

/** Config leaves that are meant to differ between a run and its replay. */
const EXPECTED_TO_DIFFER = ["run_mode"];

/** Compares a production (or paper) run with its simulation, layer by layer. */
export async function reconcileRuns(
  prod: RunFolder,
  sim: RunFolder,
  tolerance: number = DEFAULT_TOLERANCE,
): Promise<Reconciliation> {
  const config = diffConfigs(prod.config(), sim.config()).filter(
    ({path}) => !EXPECTED_TO_DIFFER.includes(path),
  );
  const [prodPortfolio, simPortfolio] = [await prod.portfolio(), await sim.portfolio()];
  const orders = compareOrders(await prod.orders(), await sim.orders(), tolerance);
  const layers: Layer[] = [
    configLayer(config),
    toLayer("market data", await compareNode("first", {prod, sim}, tolerance), tolerance),
    toLayer("model output", await compareNode("last", {prod, sim}, tolerance), tolerance),
    toLayer("target positions", await compareTargets(prod, sim, tolerance), tolerance),
    toLayer("orders", orders, tolerance),
    toLayer("holdings", compareHoldings(prodPortfolio, simPortfolio, tolerance), tolerance),
    toLayer("PnL", comparePnl(prodPortfolio, simPortfolio, tolerance), tolerance),
  ];
  const first = firstDifference(layers);
  return {
    tolerance,
    layers,
    config,
    ...(first === undefined ? {} : {first}),
    prodBars: prodPortfolio.statistics.index.length,
    simBars: simPortfolio.statistics.index.length,
  };
}

/** A config difference has no bar; it is told by its path. */
function configLayer(differences: readonly ConfigDifference[]): Layer {
  const rows = differences.map(({path, values}): Difference => {
    const [prod, sim] = values.map((value) => JSON.stringify(value) ?? "not set");
    return {
      barEnd: Number.NaN,
      instrument: "",
      field: path,
      prod: prod as string,
      sim: sim as string,
    };
  });
  const field = {
    field: "config",
    cells: rows.length,
    maxAbsolute: Number(rows.length > 0),
    maxRelative: Number(rows.length > 0),
    differences: rows,
  };
  return {name: "config", status: rows.length === 0 ? "identical" : "differs", fields: [field]};
}

function toLayer(name: LayerName, fields: readonly FieldComparison[], tolerance: number): Layer {
  const worst = Math.max(0, ...fields.map(({maxRelative}) => maxRelative));
  const isMissing = fields.every(({cells}) => cells === 0);
  const differs = fields.some(({differences}) => differences.length > 0) || worst > tolerance;
  const status = isMissing
    ? "missing"
    : differs
      ? "differs"
      : worst === 0
        ? "identical"
        : "within-tolerance";
  return {name, status, fields};
}

/** The first or last node that predicts, feature by feature. */
async function compareNode(
  which: "first" | "last",
  {prod, sim}: {readonly prod: RunFolder; readonly sim: RunFolder},
  tolerance: number,
): Promise<FieldComparison[]> {
  const pick = (run: RunFolder): NodeStem | undefined =>
    run
      .nodes()
      .filter(({method}) => method === "predict")
      .at(which === "first" ? 0 : -1);
  const [a, b] = [await outputOf(prod, pick(prod)), await outputOf(sim, pick(sim))];
  const names = [...new Set([...(a?.features.keys() ?? []), ...(b?.features.keys() ?? [])])];
  return names.map((name) =>
    compareField(name, {prod: frameOf(a, name), sim: frameOf(b, name)}, tolerance),
  );
}

async function outputOf(run: RunFolder, stem: NodeStem | undefined): Promise<Panel | undefined> {
  return stem === undefined ? undefined : await run.nodeOutput(stem);
}

function frameOf(panel: Panel | undefined, name: string): Frame {
  return panel?.features.has(name) ? featureOf(panel, name) : makeFrame(new Float64Array(), [], []);
}

async function compareTargets(
  prod: RunFolder,
  sim: RunFolder,
  tolerance: number,
): Promise<FieldComparison[]> {
  const [a, b] = [await prod.targets(), await sim.targets()];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const none = makeFrame(new Float64Array(), [], []);
  return names.map((name) =>
    compareField(name, {prod: a[name] ?? none, sim: b[name] ?? none}, tolerance),
  );
}

function compareHoldings(prod: RunPortfolio, sim: RunPortfolio, tolerance: number) {
  const fields = [
    "holdings_shares",
    "executed_trades_shares",
    "holdings_notional",
    "executed_trades_notional",
  ] as const;
  return fields.map((name) => compareField(name, {prod: prod[name], sim: sim[name]}, tolerance));
}

function comparePnl(prod: RunPortfolio, sim: RunPortfolio, tolerance: number) {
  return [
    compareField("pnl", {prod: prod.pnl, sim: sim.pnl}, tolerance),
    compareField("account", {prod: prod.statistics, sim: sim.statistics}, tolerance),
  ];
}

function firstDifference(layers: readonly Layer[]): Reconciliation["first"] {
  for (const {name, fields} of layers) {
    const rows = fields.flatMap(({differences}) => differences);
    const [first] = [...rows].sort((a, b) => (a.barEnd || 0) - (b.barEnd || 0));
    if (first !== undefined) {
      return {...first, layer: name};
    }
  }
  return undefined;
}
