import {DAG_CHECKS} from "./dag-checks.js";
import {DESK_CHECKS} from "./desk-checks.js";
import {CheckLeftOut, type ModelCheck} from "./model-check.js";
import {RUN_CHECKS} from "./run-checks.js";

export {type CheckResult, type ModelCheck, runModelChecks} from "./model-check.js";

const tiledVersusWhole: ModelCheck = {
  id: "tiled-vs-whole",
  title: "a backtest in tiles says what one over the whole period says",
  fix: "raise history_lookback above the longest window of any node",
  run: async () => {
    throw new CheckLeftOut("there are no tiles yet");
  },
};

/** What a model itself must do: for its own test file as for `reckon model check`. */
export const MODEL_CHECKS: readonly ModelCheck[] = [...DAG_CHECKS, ...RUN_CHECKS];

/** The whole checklist: the model, and what the desk has seen of it. */
export const ALL_CHECKS: readonly ModelCheck[] = [
  ...MODEL_CHECKS,
  tiledVersusWhole,
  ...DESK_CHECKS,
];
