import {createHash} from "node:crypto";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {type ConfigTree, flattenConfig} from "../../config/config-tree.js";
import {MovingWindow} from "../../dag/moving-window.js";
import {type DagState, runDag} from "../../dag/run-dag.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";
import {type Column, countUpTo} from "../../table/frame.js";
import {type Panel, panelOnRows, slicePanel} from "../../table/panel.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {CheckFailure, type ModelCheck} from "./model-check.js";
import type {ModelDesk} from "./model-desk.js";
import {refuseMismatch} from "./panel-mismatch.js";

/** Relative; a window's sums round otherwise than the whole history's. */
const TOLERANCE = 1e-6;

const config: ModelCheck = {
  id: "config",
  title: "its config is complete, and the system is built from it",
  fix: "mend what the message names; `reckon config show --model MODEL` prints the whole config",
  run: async (desk) => {
    const saved = (await desk.run("simulation")).config();
    const text = JSON.stringify(saved);
    if (text !== JSON.stringify(desk.configOf())) {
      throw new CheckFailure("the config of a second build is another one than the run's");
    }
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
    return `${flattenConfig(saved).size} values, SHA-256 ${hash}`;
  },
};

const fitAndPredict: ModelCheck = {
  id: "fit-predict",
  title: "it fits and predicts over its history",
  fix:
    "let the last node put out these columns under the names in process_forecasts_node_dict, and " +
    "history_lookback cover the longest window of any node",
  after: "config",
  run: async (desk) => {
    const panel = historyOf(desk);
    const {output} = fitted(desk, panel);
    const {prediction_col, volatility_col, price_col} = desk.config.process_forecasts_node_dict;
    const bars = [prediction_col, volatility_col, price_col].map((name) => {
      const known = knownRows(output.features.get(name) ?? []);
      if (known === 0) {
        const {history_lookback} = desk.config.market_data_config;
        throw new CheckFailure(
          `its output has no value of ${JSON.stringify(name)} at any bar, with ` +
            `history_lookback ${history_lookback}`,
        );
      }
      return known;
    });
    return `a prediction at ${bars[0]} of ${formatCount(output.index.length, "bar")}`;
  },
};

const fitVersusPredict: ModelCheck = {
  id: "fit-vs-predict",
  title: "what it puts out while it is fitted, it predicts again",
  fix: "return from `fit`, as plain JSON, everything that `predict` is to know; keep nothing else",
  after: "fit-predict",
  run: async (desk) => {
    const panel = historyOf(desk);
    const {output, state} = fitted(desk, panel);
    const again = runDag(desk.dag(), {market: panel}, {state});
    const rows = output.index.length - 2;
    refuseMismatch(slicePanel(output, 0, rows), slicePanel(again, 0, rows), {
      tolerance: TOLERANCE,
      told: ["while it is fitted", "when it then predicts"],
    });
    return `${formatCount(rows, "bar")} equal`;
  },
};

const fitInvariance: ModelCheck = {
  id: "fit-invariance",
  title: "where its history begins makes no difference once its look-back is full",
  fix:
    "raise history_lookback above the longest window of any node; a node may count, sum and " +
    "learn over a window, never from its first row on",
  after: "fit-predict",
  run: async (desk) => {
    const panel = historyOf(desk);
    const {output} = fitted(desk, panel);
    const from = countUpTo(panel.index, desk.options.start - lookbackOf(desk));
    if (from === 0) {
      throw new CheckFailure(
        `the market begins at ${formatMinute(panel.index[0] ?? Number.NaN)} UTC: give it more ` +
          "history than one look-back before the start, or a later start",
      );
    }
    const shorter = fitted(desk, slicePanel(panel, from));
    const [a, b] = [output, shorter.output].map((whole) => since(whole, desk.options.start));
    refuseMismatch(a as Panel, b as Panel, {
      tolerance: TOLERANCE,
      told: ["with all of its history", `with ${formatCount(from, "bar")} less of it`],
    });
    const equal = formatCount((a as Panel).index.length, "bar");
    return `${equal} equal, ${formatCount(from, "bar")} of history less`;
  },
};

const nonTimeVersusTime: ModelCheck = {
  id: "non-time-vs-time",
  title: "bar by bar on the clock, it says what it says over the whole history at once",
  fix:
    "raise history_lookback above the longest window of any node; a node may neither remember an " +
    "earlier bar nor look at the last row for all of them",
  after: "fit-predict",
  run: async (desk) => {
    const run = await desk.run("simulation");
    const timed = await run.nodeOutput();
    if (timed === undefined || timed.index.length === 0) {
      throw new CheckFailure("the trial run recorded no model output: save_node_io is none");
    }
    const whole = runDag(desk.dag(), {market: historyOf(desk)}, {state: recordedState(run)});
    refuseMismatch(rowsAt(whole, timed.index), timed, {
      tolerance: TOLERANCE,
      told: ["over the whole history", "bar by bar"],
    });
    const columns = formatCount(timed.features.size, "column");
    return `${formatCount(timed.index.length, "bar")} equal, ${columns}`;
  },
};

const lookAhead: ModelCheck = {
  id: "look-ahead",
  title: "a future that is changed changes nothing before it",
  fix:
    "find the node that reads rows after its own: a mean over the whole column, a negative lag, " +
    "a fill from behind",
  after: "fit-predict",
  run: async (desk) => {
    const panel = historyOf(desk);
    const {state, output} = fitted(desk, panel);
    const {start, end} = desk.options;
    let tried = 0;
    for (let t = countUpTo(panel.index, start); t < countUpTo(panel.index, end); t++) {
      const poison = tried % 2 === 0 ? Number.NaN : 1e9;
      const changed = runDag(desk.dag(), {market: poisonAfter(panel, t, poison)}, {state});
      const before = countUpTo(output.index, panel.index[t] as number);
      refuseMismatch(
        slicePanel(output, 0, before),
        slicePanel(changed, 0, countUpTo(changed.index, panel.index[t] as number)),
        {tolerance: 0, told: ["as it is", `with the bars after ${barAt(panel, t)} changed`]},
      );
      tried += 1;
    }
    return `the market after each of ${formatCount(tried, "bar")} poisoned in turn`;
  },
};

const lookBack: ModelCheck = {
  id: "look-back",
  title: "where a node says how far it looks back, new rows alone are the same to the bit",
  fix:
    "raise the lookbackRows of the node, and cut its output's rows before the look-back is full; " +
    "or leave lookbackRows out: each bar is then computed whole",
  after: "fit-predict",
  run: async (desk) => {
    const panel = historyOf(desk);
    const {state} = fitted(desk, panel);
    const dag = desk.dag();
    const declared = dag.nodes.filter(({lookbackRows}) => lookbackRows !== undefined).length;
    const window = new MovingWindow();
    const bars = Math.ceil(lookbackOf(desk) / desk.bars.barMs);
    const first = Math.max(countUpTo(panel.index, desk.options.start), bars);
    for (let t = first; t < panel.index.length; t++) {
      const market = slicePanel(panel, t + 1 - bars, t + 1);
      const moved = runDag(dag, {market}, {state, window});
      refuseMismatch(runDag(dag, {market}, {state}), moved, {
        tolerance: 0,
        told: ["computed whole", "by its new rows alone"],
      });
    }
    const equal = formatCount(panel.index.length - first, "bar");
    return `${equal} equal, ${declared} of ${formatCount(dag.nodes.length, "node")} say`;
  },
};

/** Checks of the DAG alone and of the forecasts it makes. */
export const DAG_CHECKS: readonly ModelCheck[] = [
  config,
  fitAndPredict,
  fitVersusPredict,
  fitInvariance,
  nonTimeVersusTime,
  lookAhead,
  lookBack,
];

function lookbackOf({config: {market_data_config}}: ModelDesk): number {
  return parsePeriod(market_data_config.history_lookback);
}

/** The bars up to the end, from twice the look-back before the start. */
function historyOf(desk: ModelDesk): Panel {
  const panel = desk.panel();
  const {start, end} = desk.options;
  const from = countUpTo(panel.index, start - 2 * lookbackOf(desk));
  return slicePanel(panel, from, countUpTo(panel.index, end));
}

function fitted(desk: ModelDesk, panel: Panel): {output: Panel; state: DagState} {
  const state: DagState = new Map();
  const output = runDag(desk.dag(), {market: panel}, {method: "fit", state});
  return {output, state};
}

/** What the trial run learned at its beginning. */
function recordedState(run: RunFolder): DagState {
  const path = join(run.dir, "dag_state.json");
  const learned = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ConfigTree) : {};
  return new Map(Object.entries(learned));
}

/** Bars at which at least one instrument has a value. */
function knownRows(columns: readonly Column[]): number {
  const rows = columns[0]?.length ?? 0;
  let known = 0;
  for (let t = 0; t < rows; t++) {
    known += columns.some((column) => !Number.isNaN(column[t])) ? 1 : 0;
  }
  return known;
}

function since(panel: Panel, start: number): Panel {
  return slicePanel(panel, countUpTo(panel.index, start));
}

/** The rows of these bars; one that the panel lacks is a failure. */
function rowsAt(panel: Panel, index: Float64Array): Panel {
  const rows = Array.from(index, (end) => panel.index.indexOf(end));
  const missing = rows.indexOf(-1);
  if (missing >= 0) {
    const bar = formatMinute(index[missing] as number);
    throw new CheckFailure(`over the whole history it says nothing at ${bar} UTC`);
  }
  return panelOnRows(panel, index);
}

function barAt({index}: Panel, t: number): string {
  return `${formatMinute(index[t] as number)} UTC`;
}

/** The panel with every value after row `t` replaced. */
function poisonAfter(panel: Panel, t: number, poison: number): Panel {
  const features = new Map(
    Array.from(panel.features, ([name, columns]) => [
      name,
      columns.map((column) => column.slice().fill(poison, t + 1)),
    ]),
  );
  return {...panel, features};
}
