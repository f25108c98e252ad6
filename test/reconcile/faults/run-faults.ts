import {cpSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseOverride} from "../../../src/config/override.js";
import type {Dag} from "../../../src/dag/dag.js";
import type {Node} from "../../../src/dag/node.js";
import {c1} from "../../../src/models/c1.js";
import {mock1} from "../../../src/models/mock1.js";
import {OPENING_FILE, readOpeningState} from "../../../src/runlog/opening-state.js";
import type {Panel} from "../../../src/table/panel.js";
import {
  BAR_MS,
  barsOfRun,
  type Fault,
  type FaultSetting,
  idsOf,
  type Outcomes,
  pick,
} from "./fault.js";

const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";
const SIZING = `${FORECASTS}.optimizer_config.params.kwargs`;

/** Keys that decide what a run does, with values that are not the default. */
const KEYS: readonly (readonly [path: string, value: (random: () => number) => string])[] = [
  [`${SIZING}.target_gmv`, (random) => String(Math.round(2e5 + 5e5 * random()))],
  [`${SIZING}.bulk_frac_to_remove`, () => "0.4"],
  [`${FORECASTS}.order_config.order_type`, () => '"price@end"'],
  ["portfolio_config.broker_config.fee_bps", (random) => String(1 + Math.round(9 * random()))],
  ["portfolio_config.initial_cash", (random) => String(2e6 + Math.round(1e6 * random()))],
  ["market_data_config.wait_for_missing_in_secs", () => "4"],
  ["dag_config.predict.lag0", (random) => String(random())],
];

/** A config that somebody changed. */
export function otherConfig({run, random}: FaultSetting): Fault {
  const keys = run.model === "mock1" ? KEYS : KEYS.slice(0, -1);
  const [field, value] = pick(keys, random);
  const text = `${field}=${value(random)}`;
  return {
    kind: "config",
    text,
    run,
    request: {overrides: [parseOverride(text)]},
    place: () => ({layer: "config", bars: [Number.NaN], node: "", instruments: [""], field}),
  };
}

/** Shares or money that were there before the run. */
export function otherStart({run, random, simDir, scratch}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const isCash = random() < 0.3;
  const shares = Math.round((random() - 0.5) * 2_000) + 1_001;
  cpSync(simDir, scratch, {recursive: true});
  const opening = readOpeningState(simDir);
  const cash = opening?.cash ?? 0;
  const state = isCash
    ? {...opening, cash: cash + 1_000 + Math.round(5e4 * random())}
    : {...opening, holdings: {[id]: shares}};
  writeFileSync(join(scratch, OPENING_FILE), JSON.stringify(state));
  return {
    kind: "start state",
    text: isCash ? "other cash" : `${shares} shares of ${id}`,
    run,
    request: {openingFrom: scratch},
    place: () => ({
      layer: "holdings",
      bars: [run.start + BAR_MS],
      node: "",
      instruments: [isCash ? "" : id],
      field: isCash ? "cash" : "holdings_shares",
    }),
  };
}

/** A node whose code was changed: it scales one instrument's value, from some bar on. */
export function otherCode({run, random}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const from = pick(barsOfRun(run), random);
  const [node, feature] = pick(CELLS[run.model === "mock1" ? "mock1" : "C1"], random);
  const factor = 1 + (random() < 0.5 ? -1 : 1) * (0.001 + 0.1 * random());
  return {
    kind: "code or model",
    text: `${feature} of node ${node} for ${id} times ${factor} from ${from} on`,
    run,
    request: {},
    code: () => changeNode(run.model, node, (panel) => scaled(panel, {feature, id, from, factor})),
    place: () => ({layer: "DAG nodes", bars: [from], node, instruments: [id]}),
  };
}

const CELLS: Readonly<
  Record<"C1" | "mock1", readonly (readonly [node: string, feature: string])[]>
> = {
  C1: [
    ["returns", "return"],
    ["volatility", "volatility"],
    ["signals", "reversal"],
    ["signals", "momentum_slow"],
    ["predict", "prediction"],
  ],
  mock1: [
    ["resample", "vwap"],
    ["resample", "twap"],
    ["compute_ret_0", "vwap.ret_0"],
    ["predict", "feature1"],
  ],
};

function scaled(
  panel: Panel,
  {
    feature,
    id,
    from,
    factor,
  }: {
    readonly feature: string;
    readonly id: string;
    readonly from: number;
    readonly factor: number;
  },
): Panel {
  const j = panel.columns.indexOf(id);
  const data = panel.features
    .get(feature)
    ?.map((column, at) =>
      at === j
        ? column.map((x, t) => ((panel.index[t] as number) >= from ? x * factor : x))
        : column,
    );
  return {...panel, features: new Map(panel.features).set(feature, data ?? [])};
}

/** Puts a changed node into a model; returns what takes it out again. */
function changeNode(model: string, id: string, change: (panel: Panel) => Panel): () => void {
  const changed = (model === "mock1" ? mock1 : c1) as {dag: (typeof c1)["dag"]};
  const whole = changed.dag;
  changed.dag = (...args): Dag => {
    const dag = whole.apply(changed, args);
    const nodes = dag.nodes.map(
      (node): Node =>
        node.id === id
          ? {...node, predict: (inputs, state) => change(node.predict(inputs, state))}
          : node,
    );
    return {...dag, nodes};
  };
  return () => {
    changed.dag = whole;
  };
}

/** An exchange that has made an instrument's lot coarser. */
export function coarserLot({run, random}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const lotSize = pick([10, 100], random);
  const instruments = run.market.instruments.map((one) =>
    one.id === id ? {...one, lotSize} : one,
  );
  return {
    kind: "rounding",
    text: `lot of ${id} is ${lotSize}`,
    run: {...run, market: {...run.market, instruments}},
    request: {},
    place: (outcomes) => ({
      layer: "target positions",
      bars: [firstOtherTarget(outcomes, idsOf(run).indexOf(id))],
      node: "",
      instruments: [id],
    }),
  };
}

/** The first bar whose target is beyond the tolerance, from what the runs themselves say. */
function firstOtherTarget({prod, sim}: Outcomes, j: number): number {
  const at = prod.find((bar, t) => {
    const a = bar.targets?.target_holdings_shares[j] as number;
    const b = sim[t]?.targets?.target_holdings_shares[j] as number;
    return Math.abs(a - b) > 1e-5 * Math.max(Math.abs(a), Math.abs(b));
  });
  return at?.barEnd ?? Number.NaN;
}
