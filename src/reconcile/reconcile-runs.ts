import type {ConfigDifference} from "../config/diff-configs.js";
import type {PnlExplanation} from "../finance/pnl/explain-pnl.js";
import type {RunFolder} from "../runlog/reading/run-folder.js";
import type {Cause, Divergence} from "./cause/cause.js";
import {findCause} from "./cause/find-cause.js";
import {firstDivergence} from "./cause/first-divergence.js";
import {recordGaps} from "./cause/record-gaps.js";
import {DEFAULT_TOLERANCE} from "./compare/difference.js";
import {explainRuns, knowsFees} from "./explain/explain-runs.js";
import {unknownPnl} from "./explain/side-account.js";
import {compareHoldings, comparePnl, compareTargets} from "./layers/account-layers.js";
import {type Comparable, comparable} from "./layers/comparable.js";
import {compareConfigs} from "./layers/config-layer.js";
import type {Layer} from "./layers/layer.js";
import {compareNodes} from "./layers/node-layers.js";
import {compareOrders} from "./layers/order-layer.js";
import {barNotes} from "./record/not-compared.js";
import {type NotCompared, type RecordedSide, readSide} from "./record/recorded-side.js";

/**
 * How a reconciliation ended. `incomplete`: what could be compared agrees, but not all could;
 * `missing`: nothing could be compared but, perhaps, equal configs.
 */
export type ReconciliationStatus =
  | "identical"
  | "within-tolerance"
  | "incomplete"
  | "differs"
  | "missing";

/** A reconciliation is data, also where the runs differ. */
export interface Reconciliation {
  /** Relative; 100 times this in the reference's percent units. */
  readonly tolerance: number;
  readonly status: ReconciliationStatus;
  readonly layers: readonly Layer[];
  /** Config leaves that differ and can decide what a run does. */
  readonly config: readonly ConfigDifference[];
  /** Config leaves that say how a run was made, and may differ. */
  readonly expectedConfig: readonly ConfigDifference[];
  /** The first place, in causal order, where the runs part; undefined where they do not. */
  readonly first?: Divergence;
  /** Why they part there. */
  readonly cause?: Cause;
  /** What prod − sim net PnL is made of; undefined where an account was not recorded. */
  readonly pnl?: PnlExplanation;
  /** What could not be compared, and why. */
  readonly notCompared: readonly NotCompared[];
  readonly prodBars: number;
  readonly simBars: number;
}

/** Compares a production (or paper) run with its simulation, layer by layer. */
export async function reconcileRuns(
  prod: RunFolder,
  sim: RunFolder,
  tolerance: number = DEFAULT_TOLERANCE,
): Promise<Reconciliation> {
  return reconcileSides(await readSide("prod", prod), await readSide("sim", sim), tolerance);
}

/** The same of runs that were read already. */
export function reconcileSides(
  prod: RecordedSide,
  sim: RecordedSide,
  tolerance: number = DEFAULT_TOLERANCE,
): Reconciliation {
  const both = comparable(prod, sim, tolerance);
  const {layer: configLayer, config, expected, ...ofConfig} = compareConfigs(prod, sim);
  const {market, dag, notCompared: unseen} = compareNodes(both);
  const targets = compareTargets(both);
  const orders = compareOrders(both);
  const holdings = compareHoldings(both);
  const pnl = comparePnl(both);
  const found = [targets, orders, holdings, pnl];
  const layers = [configLayer, market, dag, ...found.map(({layer}) => layer)];
  const explained = explainRuns(both.prod, both.sim);
  const notCompared = distinct([
    ...both.notCompared,
    ...ofConfig.notCompared,
    ...unseen,
    ...found.flatMap((one) => one.notCompared),
    ...[prod, sim].filter((side) => explained !== undefined && !knowsFees(side)).map(feesOf),
    ...unknownPnl(prod, sim),
    ...unknownPnl(sim, prod),
    ...[prod, sim].flatMap((side) => oddBarsOf(side, layers)),
  ]);
  const gaps = recordGaps(both, layers);
  const first = firstDivergence(layers, gaps.has) ?? firstDivergence(layers);
  return {
    tolerance,
    status: statusOf(layers, notCompared),
    layers,
    config,
    expectedConfig: expected,
    ...(first === undefined
      ? {}
      : {first, cause: withClockDoubts(findCause({first, both, layers, gaps}), both)}),
    ...(explained === undefined ? {} : {pnl: explained}),
    notCompared,
    prodBars: barsOf(both, "prod"),
    simBars: barsOf(both, "sim"),
  };
}

/** A clock that was off may leave any difference. */
function withClockDoubts(cause: Cause, {prod, sim}: Comparable): Cause {
  const doubts = [...prod.clockDoubts, ...sim.clockDoubts];
  return cause.name === "clock"
    ? {...cause, evidence: [...cause.evidence, ...doubts]}
    : {
        ...cause,
        alternatives: [
          ...cause.alternatives,
          ...doubts.map((why) => ({name: "clock" as const, why})),
        ],
      };
}

/** Other instruments than most records have matter where the two runs differ in them. */
function oddBarsOf({name, odd}: RecordedSide, layers: readonly Layer[]): NotCompared[] {
  const differing = new Set(layers.flatMap(({differences}) => [...differences.barEnd]));
  return Array.from(odd).flatMap(([stream, notes]) =>
    barNotes(
      stream,
      name,
      notes.filter(({barEnd}) => differing.has(barEnd)),
    ),
  );
}

/** Without them prod − sim is told before fees. */
function feesOf({name}: RecordedSide): NotCompared {
  return {what: "fees", side: name, why: `${name} did not record what it paid`};
}

function statusOf(
  layers: readonly Layer[],
  notCompared: readonly NotCompared[],
): ReconciliationStatus {
  const states = layers.slice(1).map(({status}) => status);
  if (layers.some(({status}) => status === "differs")) {
    return "differs";
  }
  if (states.every((status) => status === "missing")) {
    return "missing";
  }
  if (notCompared.some(({side}) => side !== "both")) {
    return "incomplete";
  }
  return states.every((status) => status === "identical" || status === "missing")
    ? "identical"
    : "within-tolerance";
}

/** Bars at which the account was marked. */
function barsOf(both: Comparable, name: "prod" | "sim"): number {
  return Math.max(0, ...Object.values(both[name].portfolio).map(({index}) => index.length));
}

function distinct(found: readonly NotCompared[]): NotCompared[] {
  const byText = new Map(found.map((one) => [JSON.stringify(one), one]));
  return [...byText.values()];
}
